import type { EmployeesConfig } from '../../../functions/employees/config'
import { confirmationOf, isConfirmed } from '../../../functions/employees/maintenance/purge/confirmation'

const MINUTE = 60_000
const NOW = Date.UTC(2026, 10, 24)
const config = { MYSQL_PASSWORD: 'a password' } as EmployeesConfig
const code = confirmationOf(config, 90, NOW)

test.each<[string, unknown, Partial<EmployeesConfig>, number, number, boolean]>([
  ['the code', code, {}, 90, NOW, true],
  ['ten minutes later', code, {}, 90, NOW + 10 * MINUTE, true],
  ['twenty minutes later', code, {}, 90, NOW + 20 * MINUTE, false],
  ['before it was told', code, {}, 90, NOW - 1, false],
  ['for other days', code, {}, 1, NOW, false],
  ['with another password', code, { MYSQL_PASSWORD: 'another' }, 90, NOW, false],
  ['a part of it', code.slice(0, -1), {}, 90, NOW, false],
  ['more than it', `${code}0`, {}, 90, NOW, false],
  ['in capitals', code.toUpperCase(), {}, 90, NOW, false],
  ['another one', '0'.repeat(code.length), {}, 90, NOW, false],
  ['nothing', '', {}, 90, NOW, false],
  ['yes', true, {}, 90, NOW, false],
  ['a list of it', [code], {}, 90, NOW, false],
])('%s: %#', (_, given, variables, days, now, confirmed) => {
  expect(isConfirmed(given, { ...config, ...variables }, days, now)).toBe(confirmed)
})

test('without a password everybody could make the code, so there is none', () => {
  expect(() => confirmationOf({ ...config, MYSQL_PASSWORD: '' }, 90, NOW)).toThrow('MYSQL_PASSWORD is empty')
  expect(() => isConfirmed(code, { ...config, MYSQL_PASSWORD: '' }, 90, NOW)).toThrow('MYSQL_PASSWORD is empty')
})
