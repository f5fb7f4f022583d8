import { deliveryLimitMs, within } from '../../../functions/employees/timeLimit'

test.each([
  [60, 55_000],
  [600, 595_000],
  [10, 5_000],
  [3, 1_500],
  // as s.yaml has it
  [undefined, 55_000],
])('of a function’s %s s, the database gets %s ms', (timeout, expected) => {
  expect(deliveryLimitMs(timeout === undefined ? {} : { function: { timeout } })).toBe(expected)
})

test('work in time is what it is, whatever it is', async () => {
  const stop = jest.fn()
  const limit = { ms: 60_000, code: 'STATEMENT_TIMEOUT' } as const
  expect(await within(limit, stop, async () => 'done')).toBe('done')
  await expect(within(limit, stop, () => Promise.reject(new Error('own')))).rejects.toThrow('own')
  expect(stop).not.toHaveBeenCalled()
})

test('work that takes too long is stopped, and its end is nobody’s business', async () => {
  const stopped = new AbortController()
  const work = () =>
    new Promise<never>((_, reject) => stopped.signal.addEventListener('abort', () => reject(new Error('stopped'))))
  await expect(within({ ms: 1, code: 'STATEMENT_TIMEOUT' }, () => stopped.abort(), work)).rejects.toMatchObject({
    name: 'DatabaseError',
    code: 'STATEMENT_TIMEOUT',
  })
  expect(stopped.signal.aborted).toBe(true)
})
