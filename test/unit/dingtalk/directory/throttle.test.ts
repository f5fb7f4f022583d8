import fc from 'fast-check'
import { createThrottle } from '../../../../shared/dingtalk/directory/throttle'
import { manualClock } from '../../../support/manualClock'

const NEVER = Number.POSITIVE_INFINITY
const late = () => new Error('late')

test('whatever calls take, and whenever on their way they arrive, there are never more in a second than allowed', async () => {
  const call = fc.record({
    ms: fc.double({ min: 0, max: 1500, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.array(call, { maxLength: 30 }), async (rate, calls) => {
      const clock = manualClock()
      // a real clock tells whole milliseconds
      const throttle = createThrottle(rate, { ...clock, now: () => Math.floor(clock.now()) })
      const arrivals: number[] = []
      let running = 0
      const done = calls.map(({ ms, share }) =>
        throttle.run('path', NEVER, late, async () => {
          expect(++running).toBeLessThanOrEqual(3)
          arrivals.push(clock.now() + ms * share)
          await new Promise<void>((resolve) => clock.after(ms, resolve))
          running--
        }),
      )
      await clock.advance(120_000)
      await Promise.all(done)
      arrivals.sort((a, b) => a - b)
      for (const [index, at] of arrivals.entries()) {
        expect(arrivals.slice(index).filter((other) => other < at + 1000).length).toBeLessThanOrEqual(rate)
      }
    }),
    { numRuns: 40 },
  )
})

test('each path has a rate of its own', async () => {
  const throttle = createThrottle(1, manualClock())
  await Promise.all(['one', 'another'].map((path) => throttle.run(path, NEVER, late, async () => undefined)))
})

test('calls begin in the order in which they came', async () => {
  const clock = manualClock()
  const throttle = createThrottle(2, clock)
  const begun: number[] = []
  const calls = [0, 1, 2, 3, 4].map((index) => throttle.run('path', NEVER, late, async () => void begun.push(index)))
  await clock.advance(10_000)
  await Promise.all(calls)
  expect(begun).toEqual([0, 1, 2, 3, 4])
})

test('a path that is held begins nothing, and then goes on', async () => {
  const clock = manualClock()
  const throttle = createThrottle(2, clock)
  throttle.hold('path', clock.now() + 5000)
  const begun = jest.fn(async () => 'done')
  const call = throttle.run('path', NEVER, late, begun)
  await clock.advance(4999)
  expect(begun).not.toHaveBeenCalled()
  await clock.advance(1)
  expect(await call).toBe('done')
})

test.each([
  ['held until after its deadline', 5000, 4000],
  ['whose deadline has come', 0, 0],
])('a call is told at once that it comes too late: %s', async (_, hold, deadline) => {
  const clock = manualClock()
  const throttle = createThrottle(2, clock)
  throttle.hold('path', clock.now() + hold)
  const work = jest.fn()
  await expect(throttle.run('path', clock.now() + deadline, late, work)).rejects.toThrow('late')
  expect(work).not.toHaveBeenCalled()
})

test('a call that comes too late takes none along that has time', async () => {
  const clock = manualClock()
  const throttle = createThrottle(1, clock)
  const first = throttle.run('path', NEVER, late, () => new Promise<void>((resolve) => clock.after(2000, resolve)))
  const next = throttle.run('path', clock.now() + 1000, late, async () => undefined)
  const last = throttle.run('path', NEVER, late, async () => 'done')
  const given = expect(next).rejects.toThrow('late')
  // while calls are under way there is no time to wait for
  expect(clock.next()).toBe(2000)
  await clock.advance(4000)
  await Promise.all([first, given])
  expect(await last).toBe('done')
})

test('where a path is held for less than its rate asks for, the rate counts', async () => {
  const clock = manualClock()
  const throttle = createThrottle(1, clock)
  await throttle.run('path', NEVER, late, async () => undefined)
  const next = throttle.run('path', NEVER, late, async () => 'done')
  throttle.hold('path', clock.now() + 500)
  await clock.advance(500)
  expect(clock.next()).toBe(510)
  await clock.advance(510)
  expect(await next).toBe('done')
})

test('a call that fails is the failure of none but itself, and leaves its place', async () => {
  const clock = manualClock()
  const throttle = createThrottle(1, clock)
  const failed = throttle.run('path', NEVER, late, () => Promise.reject(new Error('no')))
  const next = throttle.run('path', NEVER, late, async () => 'done')
  await expect(failed).rejects.toThrow('no')
  await clock.advance(1100)
  expect(await next).toBe('done')
})

test('nothing is left to wait for once all calls have ended', async () => {
  const clock = manualClock()
  const throttle = createThrottle(1, clock)
  await throttle.run('path', NEVER, late, async () => undefined)
  expect(clock.waiting()).toBe(0)
})

test('a clock that cuts off what is less than a millisecond makes no second shorter', async () => {
  const clock = manualClock()
  const throttle = createThrottle(1, { ...clock, now: () => Math.floor(clock.now()) })
  const call = throttle.run('path', NEVER, late, () => new Promise<void>((resolve) => clock.after(0.9, resolve)))
  await clock.advance(0.9)
  await call
  const ended = clock.now()
  await clock.advance(999.1)
  let begun = 0
  const next = throttle.run('path', NEVER, late, async () => {
    begun = clock.now()
  })
  await clock.advance(100)
  await next
  expect(begun - ended).toBeGreaterThanOrEqual(1000)
})

test('a clock that is set back by hours holds up the next call for a second, and no longer', async () => {
  const clock = manualClock()
  let back = 0
  const throttle = createThrottle(1, { ...clock, now: () => clock.now() - back })
  await throttle.run('path', NEVER, late, async () => undefined)
  await clock.advance(0)
  back = 5 * 3_600_000
  const next = throttle.run('path', NEVER, late, async () => 'done')
  await clock.advance(2_000)
  expect(await next).toBe('done')
})
