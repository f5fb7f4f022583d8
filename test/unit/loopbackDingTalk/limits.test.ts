import { createLimits } from '../../../local/dingtalk/limits'

const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 1)
const rule = { perSecond: 2, banAfter: 10 }

test('a clock that is set back by an hour: what was counted then holds up nothing, and a ban lasts no longer', () => {
  const limits = createLimits(() => rule)
  const take = (now: number) => limits.take('api/x', now).is
  const burst = (now: number, calls: number) => Array.from({ length: calls }, () => take(now))
  expect(burst(START - HOUR, 2)).toEqual(['within', 'within'])
  expect(burst(START, 3)).toEqual(['within', 'within', 'too many'])
  // the same second comes again
  expect(burst(START - HOUR, 3)).toEqual(['within', 'within', 'too many'])
  expect(burst(START - HOUR + 1_000, 2)).toEqual(['within', 'within'])
  expect(limits.counts()['api/x']).toMatchObject({ calls: 10, refused: 2, mostInASecond: 3 })

  expect(burst(START, 11).at(-1)).toBe('banned')
  expect(limits.total(START - 5 * HOUR)).toEqual({ calls: 21, bannedForMs: 5 * 60_000 })
  expect(take(START - 5 * HOUR)).toBe('banned')
  expect(take(START - 5 * HOUR + 5 * 60_000)).toBe('within')
})
