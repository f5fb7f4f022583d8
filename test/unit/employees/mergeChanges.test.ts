import { mergeChanges } from '../../../functions/employees/mergeChanges'
import type { Change } from '../../../functions/employees/toChanges'
import { RANKS, VERSION_BYTES, versionOf } from '../../../shared/mapping/version'
import { shippedMapping } from '../../support/mapping'

const { columns } = shippedMapping

/** What an event of this moment says of somebody, by the names of columns. */
function change(key: readonly string[], time: number, values: Record<string, string | null>, rank = 0): Change {
  const event = { id: `at ${time}`, source: 's', event: {}, text: '{}' }
  const version = versionOf({ time, rank, eventId: event.id })
  return { key, values: columns.map(({ name }) => values[name]), version, event, unreadable: [] }
}

function merged(...changes: Change[]) {
  return mergeChanges(changes, shippedMapping).map(({ key, values }) => ({
    key,
    ...Object.fromEntries(
      columns.map(({ name }, at) => [name, values[at]] as const).filter(([, value]) => value !== undefined),
    ),
  }))
}

/** Two batches at once that lock rows in different orders deadlock. */
test.each<[string, (readonly string[])[]]>([
  [
    'as they stand',
    [
      ['', 'a'],
      ['', 'b'],
      ['', 'c'],
    ],
  ],
  [
    'turned round',
    [
      ['', 'c'],
      ['', 'b'],
      ['', 'a'],
    ],
  ],
  [
    'mixed, with doubles',
    [
      ['', 'b'],
      ['', 'a'],
      ['', 'c'],
      ['', 'b'],
      ['', 'a'],
    ],
  ],
])('rows come sorted by key, however they came: %s', (_, keys) => {
  const rows = mergeChanges(
    keys.map((key, at) => change(key, at + 1, { name: 'n' })),
    shippedMapping,
  )
  expect(rows.map(({ key }) => key[1])).toEqual(['a', 'b', 'c'])
})

test('the first part of the key counts before the second', () => {
  const keys = [
    ['ding2', 'a'],
    ['ding1', 'b'],
    ['ding2', 'A'],
    ['ding1', 'a'],
  ]
  expect(merged(...keys.map((key) => change(key, 1, { name: 'n' }))).map(({ key }) => key.join(' '))).toEqual([
    'ding1 a',
    'ding1 b',
    'ding2 A',
    'ding2 a',
  ])
})

test('keys that read the same when they are put together are two', () => {
  expect(merged(change(['a', 'bc'], 1, { name: 'n' }), change(['ab', 'c'], 1, { name: 'n' }))).toHaveLength(2)
})

test('column by column the newest wins, in whatever order they came', () => {
  const old = change(['', 'u'], 1, { name: 'old', title: 'old' })
  const young = change(['', 'u'], 2, { name: 'young', department: '[1]' })
  const row = { key: ['', 'u'], name: 'young', title: 'old', department: '[1]' }
  expect(merged(old, young)).toEqual([row])
  expect(merged(young, old)).toEqual([row])
})

test('a column that nothing was said of has the version 0, and the others that of their event', () => {
  const said = change(['', 'u'], 7, { name: 'n' })
  const [row] = mergeChanges([said], shippedMapping)
  for (const { name, slot } of columns) {
    const version = row?.versions.subarray(slot * VERSION_BYTES, (slot + 1) * VERSION_BYTES)
    expect([name, version?.toString('hex')]).toEqual([
      name,
      name === 'name' ? said.version.toString('hex') : '00'.repeat(VERSION_BYTES),
    ])
  }
})

test('what a leave has set is withdrawn where a newer event has them back, and only there', () => {
  const leaving = { active: 'false', isAdmin: 'false', leftAt: '2026-01-01 00:00:00.000' }
  const leave = change(['', 'u'], 2, leaving, RANKS.ends)
  const back = { leftAt: null, name: 'n' }
  expect(merged(leave, change(['', 'u'], 3, back))).toEqual([
    { key: ['', 'u'], active: null, isAdmin: null, leftAt: null, name: 'n' },
  ])
  expect(merged(leave, change(['', 'u'], 1, back))).toEqual([{ key: ['', 'u'], ...leaving, name: 'n' }])
  // what the newer one says itself stays
  expect(merged(leave, change(['', 'u'], 3, { ...back, active: 'true' }))).toEqual([
    { key: ['', 'u'], active: 'true', isAdmin: null, leftAt: null, name: 'n' },
  ])
})
