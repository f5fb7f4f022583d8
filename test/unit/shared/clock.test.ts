import { passedOn, systemClock } from '../../../shared/clock'

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000 })
})

afterEach(() => {
  jest.useRealTimers()
})

test.each([
  ['some time', 500, 500],
  ['no time', 0, 0],
  ['a time that has passed', -500, 0],
  // setTimeout would call back at once
  ['longer than setTimeout can wait', 2 ** 40, 2 ** 31 - 1],
])('it calls back once, after %s', (_, ms, passes) => {
  const called: number[] = []
  systemClock.after(ms, () => called.push(systemClock.now()))
  jest.advanceTimersByTime(2 ** 32)
  expect(called).toEqual([1_000 + passes])
})

test('what is cancelled is not called back', () => {
  const callback = jest.fn()
  systemClock.after(500, callback)()
  jest.advanceTimersByTime(1_000)
  expect(callback).not.toHaveBeenCalled()
})

test('how long something lasts is not measured by the time of day', () => {
  const began = passedOn(systemClock)
  jest.setSystemTime(1_000_000)
  jest.advanceTimersByTime(500)
  expect(passedOn(systemClock) - began).toBe(500)
  expect(systemClock.now()).toBe(1_000_500)
})

test('but for a clock that nobody sets', () => {
  expect(passedOn({ now: () => 7, after: () => () => {} })).toBe(7)
})
