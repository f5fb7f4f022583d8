import { readSince } from '../../../../cli/replay/fromStore'
import { UserError } from '../../../../shared/userError'

const NOW = Date.parse('2026-11-24T12:00:00Z')

test.each([
  ['45s', '2026-11-24T11:59:15.000Z'],
  ['30m', '2026-11-24T11:30:00.000Z'],
  ['2h', '2026-11-24T10:00:00.000Z'],
  ['1d', '2026-11-23T12:00:00.000Z'],
  ['2026-11-24T08:00:00+08:00', '2026-11-24T00:00:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
])('%s', (text, time) => {
  expect(new Date(readSince(text, NOW)).toISOString()).toBe(time)
})

test.each(['', 'yesterday', '5', '5w', '-1h', '1.5h', 'Nov 24 2026', '2026-13-01'])('"%s" is no time', (text) => {
  expect(() => readSince(text, NOW)).toThrow(UserError)
})
