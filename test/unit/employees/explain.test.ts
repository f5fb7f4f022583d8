import {
  namesId,
  showDeadLetters,
  showRow,
  showWhereToLook,
  tellEnd,
} from '../../../functions/employees/maintenance/explain'
import { hashUserId } from '../../../shared/logUsers'
import { versionOf } from '../../../shared/mapping/version'
import { readMapping, shippedMapping } from '../../support/mapping'

const mapping = readMapping(
  `
table: people
action: $.data.body.action
time: $.time
events: { leave: { wins: true } }
key:
  corpId: { type: VARCHAR(64) NOT NULL, from: $.data.body.corpId }
  userId: { type: VARCHAR(64) NOT NULL, from: $.data.body.userId }
columns:
  name: { slot: 0, type: VARCHAR(64) NULL, from: $.data.body.name }
  active: { slot: 2, type: VARCHAR(5) NULL, from: $.data.body.active }
  title: { slot: 1, type: VARCHAR(64) NULL, from: $.data.body.title }
  phone: { slot: 3, type: VARCHAR(64) NULL, from: $.data.body.phone }
  isBoss: { slot: 5, as: boolean, type: TINYINT(1) NULL, from: $.data.body.boss }
  isHide: { slot: 6, as: boolean, type: TINYINT(1) NULL, from: $.data.body.hide }
  skills: { slot: 7, as: json, type: JSON NULL, from: $.data.body.skills }
  leftAt: { slot: 4, type: DATETIME(3) NULL, from: $.data.body.leftAt }
`,
  'mapping.yaml',
)
const [JANUARY, MARCH] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 2, 1)]
const versions = Buffer.concat([
  versionOf({ time: JANUARY, eventId: 'first' }),
  versionOf({ time: MARCH, eventId: 'last' }),
  versionOf({ time: MARCH, rank: 1, eventId: 'last' }),
  Buffer.alloc(8),
])
const row = {
  corpId: '',
  userId: '0042',
  name: '小红',
  active: 'true',
  title: 'Lead',
  phone: null,
  isBoss: 1,
  isHide: 0,
  // as MySQL's JSON comes from the driver; MariaDB's is text
  skills: ['crane', 7],
  leftAt: null,
  columnVersions: versions,
  lastEventId: 'last',
}

test('column by column: the value, when it was set, and by the last event or an earlier one', () => {
  expect(showRow(row, mapping)).toBe(
    `people: corpId –, userId 0042
  name    小红         2026-01-01T00:00:00.000Z
  active  true         2026-03-01T00:00:00.000Z by last
  title   Lead         2026-03-01T00:00:00.000Z by last
  phone   –            no event has set it
  isBoss  true         no event has set it
  isHide  false        no event has set it
  skills  ["crane",7]  no event has set it
  leftAt  –            no event has set it
has not left`,
  )
})

test('an employee who left', () => {
  const left = showRow({ ...row, leftAt: '2026-03-01 08:00:00.000' }, mapping)
  expect(left).toMatch(/\nleft: 2026-03-01T08:00:00\.000Z$/)
})

test.each<[string, object, RegExp]>([
  ['no column for the last event', { lastEventId: undefined }, /^ {2}active {2}true +2026-03-01T00:00:00\.000Z$/m],
  ['no column of the mapping', { isBoss: undefined }, /^ {2}isBoss {2}– +no event has set it$/m],
  ['nothing in a column of flags', { isBoss: null }, /^ {2}isBoss {2}– +no event has set it$/m],
])('a table that has %s', (_, differs, line) => {
  expect(showRow({ ...row, ...differs }, mapping)).toMatch(line)
})

test('of a table without an end nothing is said of it', () => {
  const endless = { ...mapping, columns: mapping.columns.filter(({ name }) => name === 'name') }
  expect(showRow(row, endless)).toBe('people: corpId –, userId 0042\n  name  小红  2026-01-01T00:00:00.000Z')
})

test.each<[string, string, boolean]>([
  ['as text', '{"data":{"body":{"userId":"1763"}}}', true],
  ['in a list', '{"data":{"body":{"UserId":["1","1763"]}}}', true],
  ['with blanks around it', '{"data":{"body":{"userId":" 1763 "}}}', true],
  ['as a number', '{"data":{"body":{"userId":1763}}}', true],
  ['as a part of another', '{"data":{"body":{"userId":"17630"}}}', false],
  ['elsewhere', '{"data":{"body":{"userId":"1","managerUserid":"1763"}}}', false],
  ['in what is a list', '[{"data":{"body":{"userId":"1763"}}}]', false],
  ['in what is not JSON', '{"userId":"1763"', false],
])('an event that names the employee %s: %s', (_, event, names) => {
  expect(namesId(event, shippedMapping, '1763')).toBe(names)
})

test('of a table whose key is the id alone', () => {
  const alone = { ...mapping, key: mapping.key.slice(1) }
  expect(namesId('{"data":{"body":{"userId":"1763"}}}', alone, '1763')).toBe(true)
})

test('a number keeps its digits beyond 2^53', () => {
  const event = '{"data":{"body":{"userId":141146379001246379}}}'
  expect(namesId(event, shippedMapping, '141146379001246379')).toBe(true)
  expect(namesId(event, shippedMapping, '141146379001246380')).toBe(false)
})

test('dead letters: which, when, why', () => {
  const createdAt = '2026-03-01 00:00:00.000'
  expect(showDeadLetters([{ eventId: 'e1', reason: 'no time', createdAt }])).toBe(
    'dead letters, not stored; after the fix npm run replay -- --dead-letters stores them:\n  e1  2026-03-01T00:00:00.000Z  no time',
  )
})

const NO_KEY = 'without LOG_HASH_KEY no log line says whom it is about: only event ids can be searched for'

test.each<[string, string[], string | undefined, string]>([
  ['ids', ['a', 'b', 'a'], undefined, `in the event trace: a, b\nin the log: "a" or "b"\n${NO_KEY}`],
  ['nothing', [], undefined, `in the event trace: no event id is known\n${NO_KEY}`],
  [
    'an id and a key',
    ['a'],
    'a key of 16 bytes',
    `in the event trace: a\nin the log: "a" or ${hashUserId('0042', 'a key of 16 bytes')}`,
  ],
])('where to look, with %s', (_, ids, key, text) => {
  expect(showWhereToLook('0042', ids, key)).toBe(text)
})

test.each<[string, unknown, boolean, string]>([
  ['leftAt', null, false, 'has not left'],
  ['removedAt', undefined, false, 'not removed'],
  ['gotAtWork', null, false, 'not gotAtWork'],
  ['leftAt', '2026-01-01 00:00:00.000', false, 'left: 2026-01-01T00:00:00.000Z'],
  [
    'leftAt',
    '2026-01-01 00:00:00.000',
    true,
    'left by the roster of 2026-01-01T00:00:00.000Z, which does not name them',
  ],
  [
    'removedAt',
    '2026-01-01 00:00:00.000',
    true,
    'removed by the roster of 2026-01-01T00:00:00.000Z, which does not name it',
  ],
])('by %s, %p, by a roster %p: %s', (column, value, isByRoster, told) => {
  expect(tellEnd(column, value, isByRoster)).toBe(told)
})
