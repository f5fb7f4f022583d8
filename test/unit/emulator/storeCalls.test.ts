import { createDispatcher } from '../../../emulator/delivery/dispatcher'
import { compilePattern } from '../../../emulator/pattern/compilePattern'
import type { EventBus, Rule } from '../../../emulator/resources/compiledBuses'
import type { Lane } from '../../../emulator/store/dueDeliveries'
import { followClock } from '../../../emulator/store/followClock'
import { openStore, type Store } from '../../../emulator/store/store'
import { createStoreHealth } from '../../../emulator/store/storeHealth'
import type { Target } from '../../../emulator/targets/target'
import { type ManualClock, manualClock } from '../../support/manualClock'
import { acceptedEvent, pendingDeliveries, waitForDisk } from '../../support/store'

/* What the dispatcher asks of the store, and when: it is asked by thousands, and it may fail. */

const SECOND = 1_000
const [A, B] = ['a', 'b'].map((target) => ({ bus: 'bus', rule: 'rule', target })) as [Lane, Lane]
let clock: ManualClock
let store: Store

beforeEach(() => {
  clock = manualClock()
  store = openStore(undefined)
  waitForDisk(clock, () => store)
})
afterEach(() => store.close())

const target = (fields: Partial<Target>): Target => ({
  id: 'a',
  retryStrategy: 'BACKOFF_RETRY',
  errorsTolerance: 'ALL',
  deliver: async () => ({}),
  ...fields,
})

function dispatcherTo(...targets: Target[]) {
  const rule: Rule = { name: 'rule', enabled: true, pattern: compilePattern({}), targets }
  const buses = new Map<string, EventBus>([['bus', { name: 'bus', rules: [rule] }]])
  const lines: string[] = []
  const health = createStoreHealth((line) => lines.push(line))
  const timesSet = followClock(clock, store)
  const dispatcher = createDispatcher({ store, buses, clock, random: () => 0.5, concurrency: 1, health, timesSet })
  return { ...dispatcher, lines }
}

const acceptFor = (targets: readonly string[], ...ids: string[]) => {
  const deliveries = targets.map((target) => ({ rule: 'rule', target }))
  return store.accept(ids.map((id) => acceptedEvent({ id, receivedAt: clock.now(), deliveries })))
}

/** A delivery that is under way until it is told what it comes to. */
function slowTarget() {
  const finish: (() => void)[] = []
  const deliver = () => new Promise<object>((resolve) => finish.push(() => resolve({})))
  return { target: target({ deliver }), finish }
}

const full = () => {
  throw new Error('database or disk is full')
}

test.each<[string, readonly ([Lane] | undefined)[], served: string, looksForLanes: number]>([
  ['all', [undefined], 'a b', 1],
  ['all, twice', [undefined, undefined], 'a b', 1],
  ['one', [[A]], 'a', 0],
  ['one, twice', [[A], [A]], 'a', 0],
  ['one, and another', [[B], [A]], 'b a', 0],
  ['one, and all', [[B], undefined], 'a b', 1],
  ['all, and one', [undefined, [B]], 'a b', 1],
])('woken in one turn for %s: each lane that was meant is asked for once', async (_, wakes, served, looks) => {
  const dispatcher = dispatcherTo(target({ id: 'a' }), target({ id: 'b' }))
  await acceptFor(['a', 'b'], '1')
  const [next, pendingLanes] = [jest.spyOn(store, 'next'), jest.spyOn(store, 'pendingLanes')]
  for (const lanes of wakes) dispatcher.wake(lanes)
  await clock.advance(0)
  expect(next.mock.calls.map(([lane]) => lane.target).join(' ')).toBe(served)
  expect(pendingLanes).toHaveBeenCalledTimes(looks)
  await dispatcher.stop()
})

describe('blocked targets', () => {
  test('are looked for once at the start, and no more while there is none', async () => {
    const dispatcher = dispatcherTo(target({ id: 'a' }), target({ id: 'b' }))
    const blockedLanes = jest.spyOn(store, 'blockedLanes')
    await acceptFor(['a', 'b'], '1')
    dispatcher.wake([A])
    await clock.advance(0)
    expect(blockedLanes).toHaveBeenCalledTimes(0)
    for (let round = 0; round < 3; round++) {
      dispatcher.wake()
      await clock.advance(0)
    }
    expect(blockedLanes).toHaveBeenCalledTimes(1)
    await dispatcher.stop()
  })

  test('of a former run, whose rule has been removed meanwhile, block nothing', async () => {
    const first = dispatcherTo(target({ errorsTolerance: 'NONE', deliver: async () => ({ error: 'down' }) }))
    await acceptFor(['a'], '1', '2')
    first.wake()
    await clock.advance(100 * SECOND)
    expect(store.blockedLanes()).toEqual([A])
    await first.stop()
    const second = dispatcherTo()
    second.wake()
    await clock.advance(SECOND)
    expect(store.blockedLanes()).toEqual([])
    expect(pendingDeliveries(store)).toEqual([])
    await second.stop()
  })
})

describe('a store that cannot note what was done', () => {
  test('is asked once a second, whatever comes meanwhile, and nothing more is begun', async () => {
    const delivered: string[] = []
    const dispatcher = dispatcherTo(
      target({
        async deliver(eventText) {
          delivered.push(eventText)
          return {}
        },
      }),
    )
    await acceptFor(['a'], '1', '2', '3', '4', '5', '6', '7', '8')
    const record = jest.spyOn(store, 'record').mockImplementation(full)
    const pendingLanes = jest.spyOn(store, 'pendingLanes')
    dispatcher.wake()
    await clock.advance(0)
    const begun = delivered.length
    expect(begun).toBeLessThan(8)
    expect(clock.waiting()).toBe(1)
    pendingLanes.mockClear()
    record.mockClear()
    for (let tries = 1; tries <= 5; tries++) {
      dispatcher.wake()
      await clock.advance(SECOND)
      expect(record).toHaveBeenCalledTimes(tries)
      expect(clock.waiting()).toBe(1)
    }
    expect(pendingLanes).toHaveBeenCalledTimes(0)
    expect(delivered).toHaveLength(begun)
    record.mockRestore()
    await clock.advance(SECOND)
    expect(delivered).toHaveLength(8)
    expect(pendingDeliveries(store)).toEqual([])
    await dispatcher.stop()
  })

  test('at the end, does not keep it from ending, nor is it tried again', async () => {
    const { target: slow, finish } = slowTarget()
    const dispatcher = dispatcherTo(slow)
    await acceptFor(['a'], '1')
    dispatcher.wake()
    await clock.advance(0)
    jest.spyOn(store, 'record').mockImplementation(full)
    const stopped = dispatcher.stop()
    finish[0]?.()
    await stopped
    expect(clock.waiting()).toBe(0)
    expect(dispatcher.lines).toHaveLength(1)
  })
})

test('after the end the store is asked for nothing, and nothing that waited for a place is begun', async () => {
  const { target: slow, finish } = slowTarget()
  const dispatcher = dispatcherTo(slow)
  await acceptFor(['a'], '1', '2')
  dispatcher.wake()
  await clock.advance(0)
  const [next, pendingLanes] = [jest.spyOn(store, 'next'), jest.spyOn(store, 'pendingLanes')]
  const stopped = dispatcher.stop()
  finish[0]?.()
  await stopped
  dispatcher.wake()
  dispatcher.wake([A])
  await clock.advance(SECOND)
  expect(finish).toHaveLength(1)
  expect([next, pendingLanes].map(({ mock }) => mock.calls)).toEqual([[], []])
})

test('a retry that was read ahead waits for as long as before where the clock is set meanwhile', async () => {
  const hand = clock
  let set = 0
  clock = { ...hand, now: () => hand.now() + set }
  const start = hand.now()
  const times: number[] = []
  let finish = () => {}
  const dispatcher = dispatcherTo(
    target({
      async deliver(eventText) {
        if (eventText !== '{"id":"retried"}') await new Promise<void>((resolve) => (finish = resolve))
        else if (times.push(hand.now() - start) === 1) return { error: 'down' }
        return {}
      },
    }),
  )
  await acceptFor(['a'], 'retried')
  dispatcher.wake()
  await hand.advance(0)
  await acceptFor(['a'], 'slow')
  dispatcher.wake()
  await hand.advance(SECOND)
  set = -3_600 * SECOND
  finish()
  await hand.advance(60 * SECOND)
  expect(times).toEqual([0, 15 * SECOND])
  await dispatcher.stop()
})
