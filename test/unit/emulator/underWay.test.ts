import { countUnderWay } from '../../../emulator/delivery/underWay'
import { nextTurn } from '../../../shared/realTimers'

/** Whoever waits for the end of what is under way, and whether that has come. */
function waitFor(underWay: ReturnType<typeof countUnderWay>) {
  const waiter = { became: 'waiting' }
  underWay.settled().then(
    () => {
      waiter.became = 'settled'
    },
    (error: Error) => {
      waiter.became = error.message
    },
  )
  return waiter
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => nextTurn(resolve))
}

test('where nothing is under way nobody waits', async () => {
  const waiter = waitFor(countUnderWay())
  await turns()
  expect(waiter.became).toBe('settled')
})

test.each<[string, (work: Promise<void>, counter: ReturnType<typeof countUnderWay>) => Promise<void>]>([
  ['succeeds', (work, { during }) => during(work)],
  ['fails', (work, { during }) => during(work.then(() => Promise.reject(new Error('down')))).catch(() => {})],
])('all who wait do so until the last of it %s', async (_, count) => {
  const underWay = countUnderWay()
  let finish = () => {}
  const work = new Promise<void>((resolve) => {
    finish = resolve
  })
  underWay.enter()
  const counted = count(work, underWay)
  const waiters = [waitFor(underWay), waitFor(underWay)]
  underWay.leave()
  await turns()
  expect(waiters).toEqual([{ became: 'waiting' }, { became: 'waiting' }])
  finish()
  await counted
  await turns()
  expect(waiters).toEqual([{ became: 'settled' }, { became: 'settled' }])
})

test('what is begun in the turn in which the last has ended is waited for as well', async () => {
  const underWay = countUnderWay()
  underWay.enter()
  const waiter = waitFor(underWay)
  underWay.leave()
  underWay.enter()
  await turns()
  expect(waiter.became).toBe('waiting')
  underWay.leave()
  await turns()
  expect(waiter.became).toBe('settled')
  const another = waitFor(underWay)
  await turns()
  expect(another.became).toBe('settled')
})

test('the end of the waiting is told to those who wait, and to those who would', async () => {
  const underWay = countUnderWay()
  underWay.enter()
  const before = waitFor(underWay)
  underWay.end(new Error('the process ends'))
  const after = waitFor(underWay)
  underWay.leave()
  await turns()
  expect([before, after]).toEqual([{ became: 'the process ends' }, { became: 'the process ends' }])
})
