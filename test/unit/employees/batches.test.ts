import { createRepository, type DeadLetter } from '../../../functions/employees/repository'
import type { Change } from '../../../functions/employees/toChanges'
import { upsertSql } from '../../../functions/employees/upsertSql'
import { RANKS, versionOf } from '../../../shared/mapping/version'
import { shippedMapping } from '../../support/mapping'

const { columns, key } = shippedMapping

interface Statement {
  sql: string
  /** how many rows it has room for */
  rows: number
  values: readonly unknown[]
}

/** A database that takes everything, and the statements that it was given. */
function setUp() {
  const statements: Statement[] = []
  const repository = createRepository({
    async execute(sql, values = []) {
      const [, first = ''] = sql.split(' VALUES ')
      const row = /^\((?:[^()]|\([^)]*\))*\)/.exec(first)?.[0] ?? ''
      const places = row.split('?').length - 1
      statements.push({ sql, rows: values.length / places, values })
      return { affectedRows: 0 } as never
    },
    rehearse: async () => {},
    renew() {},
  })
  return { repository, statements }
}

function changes(count: number, name = 'n'): Change[] {
  const event = { id: 'e', source: 's', event: {}, text: '{}' }
  const version = versionOf({ time: 1, eventId: 'e' })
  const values = columns.map((column) => (column.name === 'name' ? name : undefined))
  return Array.from({ length: count }, (_, at) => ({
    key: ['', `u${String(at).padStart(4, '0')}`],
    values,
    version,
    event,
    unreadable: [],
  }))
}

const PLACES = key.length + columns.length + 1

test.each([
  [1, [1]],
  [2, [2]],
  [3, [4]],
  [5, [8]],
  [16, [16]],
  [17, [32]],
  [49, [64]],
  [100, [100]],
  [101, [112]],
  [128, [128]],
  [129, [128, 1]],
  [300, [128, 128, 48]],
])('%i rows go in statements of %j', async (count, sizes) => {
  const { repository, statements } = setUp()
  await repository.apply(changes(count), shippedMapping)
  expect(statements.map(({ rows }) => rows)).toEqual(sizes)
  // each row once, and the last of them again where there is room
  const users = statements.flatMap(({ values }) => values.filter((_, at) => at % PLACES === 1))
  expect(new Set(users).size).toBe(count)
  expect(users.slice(0, count)).toEqual(changes(count).map((change) => change.key[1]))
  expect(new Set(users.slice(count - 1)).size).toBe(1)
})

test('rows that are too large for a packet together go in fewer at once, and a huge one by itself', async () => {
  const { repository, statements } = setUp()
  // three bytes a character at most: 8 of them are below 3 MB, 16 are not
  await repository.apply(changes(20, '小'.repeat(100_000)), shippedMapping)
  expect(statements.map(({ rows }) => rows)).toEqual([8, 8, 4])
  statements.length = 0
  await repository.apply(changes(2, '小'.repeat(2_000_000)), shippedMapping)
  expect(statements.map(({ rows }) => rows)).toEqual([1, 1])
})

test('rows of one number have one statement, so that the server prepares it once', async () => {
  const { repository, statements } = setUp()
  for (const count of [3, 4, 3]) await repository.apply(changes(count), shippedMapping)
  expect(new Set(statements.map(({ sql }) => sql)).size).toBe(1)
})

/** Of an event that ends what a row is about, and may tell when somebody whom a roster took for gone has really left. */
function witness(): Change[] {
  const version = versionOf({ time: 2, rank: RANKS.ends, eventId: 'leave' })
  const values = columns.map((column) => (column.name === 'leftAt' ? '2026-01-01 00:00:00.000' : undefined))
  return changes(1).map((change) => ({ ...change, key: ['', 'witness'], values, version }))
}

test('where one row of several tells when somebody left, the statement asks for it; else it is shorter', async () => {
  const { repository, statements } = setUp()
  await repository.apply([...changes(1), ...witness()], shippedMapping)
  await repository.apply(changes(2), shippedMapping)
  await repository.apply(witness(), shippedMapping)
  expect(statements.map(({ sql }) => sql)).toEqual([
    upsertSql(shippedMapping, 2, true),
    upsertSql(shippedMapping, 2, false),
    upsertSql(shippedMapping, 1, true),
  ])
  expect(upsertSql(shippedMapping, 2, true)).not.toBe(upsertSql(shippedMapping, 2, false))
})

describe('dead letters', () => {
  const letter = (more: Partial<DeadLetter> = {}): DeadLetter => {
    return { digest: Buffer.alloc(32), table: 't', source: 's', eventId: 'e', reason: 'r', event: '{}', ...more }
  }

  test.each([
    [0, []],
    [1, [1]],
    [2, [16]],
    [16, [16]],
    [17, [16, 1]],
  ])('%i of them go in statements of %j', async (count, sizes) => {
    const { repository, statements } = setUp()
    await repository.bury(Array.from({ length: count }, () => letter()))
    expect(statements.map(({ rows }) => rows)).toEqual(sizes)
  })

  test('each is kept once, with the newest reason', async () => {
    const { repository, statements } = setUp()
    await repository.bury([letter(), letter()])
    expect(statements[0]?.sql).toMatch(
      /^INSERT INTO `dead_letters` \([^)]*\) VALUES (\(\?(, \?){5}\), ){15}\(\?(, \?){5}\) ON DUPLICATE KEY UPDATE `reason` = VALUES\(`reason`\)$/,
    )
  })

  test('what is longer than its column is cut, between characters', async () => {
    const { repository, statements } = setUp()
    await repository.bury([letter({ source: '𠮷'.repeat(129), eventId: 'é'.repeat(129), reason: '小'.repeat(256) })])
    expect(statements[0]?.values.slice(2, 5)).toEqual(['𠮷'.repeat(128), 'é'.repeat(128), '小'.repeat(255)])
  })
})
