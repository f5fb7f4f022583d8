import { confirmationFor, confirmedPurge } from '../../../functions/employees/maintenance/purge'
import { runPurge } from '../../../functions/employees/maintenance/purge/runPurge'
import { story } from '../../support/story'

const MINUTE = 60_000
const NOW = Date.UTC(2026, 10, 24)
const purge = { days: 90, nowMs: NOW, counts: [3, 1] }
const instance = {}
const code = confirmationFor(instance, purge, NOW)

const step = story()

step.each<[string, unknown, number, number, boolean]>([
  ['nothing', '', 90, NOW, false],
  ['yes', true, 90, NOW, false],
  ['a list of it', [code], 90, NOW, false],
  ['a part of it', code.slice(0, -1), 90, NOW, false],
  ['more than it', `${code}0`, 90, NOW, false],
  ['in capitals', code.toUpperCase().replace(/^\d+$/, 'A'), 90, NOW, false],
  ['another one', '0'.repeat(code.length), 90, NOW, false],
  ['for other days', code, 1, NOW, false],
  ['ten minutes and a millisecond later', code, 90, NOW + 10 * MINUTE + 1, false],
  ['the code, ten minutes later', code, 90, NOW + 10 * MINUTE, true],
  ['and then for ten minutes more, since a large purge takes several', code, 90, NOW + 20 * MINUTE, true],
])('%s', (_, given, days, now, isConfirmed) => {
  expect(confirmedPurge(instance, given, days, now)).toEqual(isConfirmed ? purge : undefined)
})

test('of another instance it is none', () => {
  expect(confirmedPurge({}, confirmationFor(instance, purge, NOW), 90, NOW)).toBeUndefined()
})

test('no two are alike, and nothing that a caller gives goes into them', () => {
  const codes = Array.from({ length: 50 }, () => confirmationFor({}, purge, NOW))
  expect(new Set(codes).size).toBe(50)
  expect(codes.every((one) => /^[0-9a-f]{24}$/.test(one))).toBe(true)
})

test('one holds while others are told, but not while very many are', () => {
  const busy = {}
  const first = confirmationFor(busy, purge, NOW)
  for (let told = 1; told < 100; told++) confirmationFor(busy, purge, NOW)
  expect(confirmedPurge(busy, first, 90, NOW)).toEqual(purge)
  confirmationFor(busy, purge, NOW)
  expect(confirmedPurge(busy, first, 90, NOW)).toBeUndefined()
})

describe('a purge whose time is up', () => {
  const part = { sql: '1 = 1', values: [] }
  const purge = { what: 'w', table: 't', key: ['id'], holds: part, concerns: part, erase: { ...part, sql: 'DELETE' } }

  test.each([
    ['before it has begun', 0, 0],
    ['before the first rows are erased', 1, 0],
    ['after these', 2, 500],
    ['at its end', 9, 600],
  ])('%s has erased what it says', async (_, statements, erased) => {
    let [asked, told, done] = [0, 0, 0]
    const execute = async (sql: string, values: unknown[] = []) => {
      done++
      const rows = Array.from({ length: 600 }, (_, id) => ({ id, isConcerned: 1 }))
      if (sql.startsWith('DELETE')) expect(values).toHaveLength(500)
      return [sql.startsWith('SELECT') ? rows : [], []]
    }
    const mayGoOn = () => asked++ < statements
    const report = (rows: number) => {
      told = rows
    }
    expect(await runPurge({ execute }, purge, { mayGoOn, report })).toBe(erased === 600)
    expect([told, done]).toEqual([erased, Math.min(statements, 3)])
  })
})

test('one that is used holds while others that were told with it are forgotten', () => {
  const busy = {}
  const used = confirmationFor(busy, purge, NOW)
  const others = Array.from({ length: 99 }, () => confirmationFor(busy, purge, NOW))
  expect(confirmedPurge(busy, used, 90, NOW + 9 * MINUTE)).toEqual(purge)
  confirmationFor(busy, purge, NOW + 10 * MINUTE + 1)
  expect(confirmedPurge(busy, used, 90, NOW + 10 * MINUTE + 1)).toEqual(purge)
  expect(confirmedPurge(busy, others[0], 90, NOW + 10 * MINUTE + 1)).toBeUndefined()
})

test('telling another one forgets none that still holds', () => {
  const busy = {}
  const first = confirmationFor(busy, purge, NOW)
  confirmationFor(busy, purge, NOW + 10 * MINUTE)
  expect(confirmedPurge(busy, first, 90, NOW + 10 * MINUTE)).toEqual(purge)
})
