import { followClock } from '../../../../emulator/store/followClock'
import { openStore } from '../../../../emulator/store/store'
import { manualClock } from '../../../support/manualClock'

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const hiddenMs = 30 * SECOND

test.each([
  ['back by five hours', -5 * HOUR],
  ['back by ten seconds', -10 * SECOND],
  ['forward by ten seconds', 10 * SECOND],
  ['forward by a day', 24 * HOUR],
])(
  'messages, and a clock that is set %s: what can be received still can, what is hidden is so for as long',
  async (_, by) => {
    const store = openStore(undefined)
    const hand = manualClock()
    let set = 0
    const clock = { ...hand, now: () => hand.now() + set }
    const timesSet = followClock(clock, store)
    const { messages } = store
    const receive = () => {
      timesSet()
      return store.changeMessages(() => messages.receive('q', 16, clock.now(), hiddenMs))
    }
    messages.send('q', 'first', clock.now())
    const [first] = await receive()
    await hand.advance(20 * SECOND)
    messages.send('q', 'second', clock.now())
    set = by
    expect((await receive()).map(({ body }) => body)).toEqual(['second'])
    await hand.advance(9 * SECOND)
    expect(await receive()).toEqual([])
    expect(messages.remove('q', 'another', clock.now())).toBe(false)
    // the receipt is good until others can receive it
    const again = await store.changeMessages(() => messages.hide('q', first?.receipt ?? '', clock.now(), SECOND))
    expect(again?.body).toBe('first')
    await hand.advance(SECOND)
    expect((await receive()).map(({ body }) => body)).toEqual(['first'])
    await hand.advance(20 * SECOND)
    expect((await receive()).map(({ body }) => body)).toEqual(['second'])
    expect(timesSet()).toBe(1)
    store.close()
  },
)

test('a clock that was set back while nothing ran hides no message that nobody has received', () => {
  const store = openStore(undefined)
  const { messages } = store
  const { now } = manualClock()
  messages.send('q', 'a', now())
  expect(messages.peek('q', 16, now() - HOUR).map(({ body }) => body)).toEqual(['a'])
  expect(messages.stock(now() - HOUR)).toEqual([{ queue: 'q', visible: 1, hidden: 0, letters: 0 }])
  store.close()
})

test('the drift of every clock is none, until it comes to a second', () => {
  const store = openStore(undefined)
  const hand = manualClock()
  let set = 0
  const timesSet = followClock({ ...hand, now: () => hand.now() + set }, store)
  const seen = [200, 600, 999, 1_000, 1_100, 1_999, 2_000].map((by) => {
    set = by
    return timesSet()
  })
  expect(seen).toEqual([0, 0, 0, 1, 1, 1, 2])
  store.close()
})
