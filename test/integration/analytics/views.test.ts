import fs from 'node:fs'
import path from 'node:path'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { type DatabaseAddress, openConnection } from '../../../local/database/database'
import { readMappings } from '../../../shared/mapping/readMappings'
import { createTableStatements } from '../../../shared/mapping/tables'
import { seededRandom } from '../../../shared/seededRandom'
import { shippedMappings } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'

// The views of examples/*.sql held against counts that plain code makes of the same rows.

const DAY_MS = 86_400_000
const CHINA_MS = 8 * 3_600_000
const today = dayOf(Date.now())

const read = (file: string) => fs.readFileSync(path.join(__dirname, '../../../examples', file), 'utf8')

let schema: DatabaseAddress
let database: Connection

beforeAll(async () => {
  schema = await createTestSchema()
  database = await openConnection(schema, {
    dateStrings: true,
    multipleStatements: true,
    decimalNumbers: true,
    supportBigNumbers: true,
  })
  const approvals = readMappings(read('approvals.mapping.yaml'), 'approvals.mapping.yaml')
  for (const mapping of [...shippedMappings, ...approvals]) {
    for (const statement of createTableStatements(mapping)) await database.query(statement)
  }
  // as often as somebody likes
  for (const file of ['analytics.sql', 'analytics.sql', 'analytics.approvals.sql', 'analytics.approvals.sql']) {
    await database.query(read(file))
  }
})

afterAll(async () => {
  await database.end()
  await dropTestSchema(schema)
})

beforeEach(() => database.query('DELETE FROM user_info; DELETE FROM departments; DELETE FROM approvals'))

interface Someone {
  hired?: string
  /** milliseconds since 1970 */
  joined?: number
  left?: number
  /** JSON text */
  departments?: string | null
  corpId?: string
}

async function people(rows: readonly Someone[]): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map(({ hired, joined, left, departments = '[1]', corpId = 'ding1' }, at) => [
    ...[corpId, `u${at}`, hired ?? null, joined === undefined ? null : new Date(joined)],
    ...[left === undefined ? null : new Date(left), departments, Buffer.alloc(0)],
  ])
  await database.query(
    'INSERT INTO user_info (corpId, userId, hiredDate, joinedAt, leftAt, department, columnVersions) VALUES ?',
    [values],
  )
}

/** @param parents by id; undefined has none */
async function departments(parents: Readonly<Record<number, number | null>>, corpId = 'ding1'): Promise<void> {
  const values = Object.entries(parents).map(([id, parent]) => [corpId, id, `部门${id}`, parent, Buffer.alloc(0)])
  await database.query('INSERT INTO departments (corpId, deptId, name, parentId, columnVersions) VALUES ?', [values])
}

async function rowsOf(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const [rows] = await database.query<RowDataPacket[]>(sql, values)
  return rows.map((row) => ({ ...row }))
}

function dayOf(time: number): string {
  return new Date(time + CHINA_MS).toISOString().slice(0, 10)
}

/** Noon in China of a day that is so many before today. */
const ago = (days: number) => Date.parse(`${today}T12:00:00+08:00`) - days * DAY_MS
const dayAgo = (days: number) => dayOf(ago(days))

/** From when to when somebody is counted, as the file has it. */
function stayOf({ hired, joined, left }: Someone): { from: string; to: string; isKnown: boolean } {
  const to = left === undefined ? '9999-12-31' : dayOf(left)
  const told = hired ?? (joined === undefined ? undefined : dayOf(joined))
  const from = told ?? '1000-01-01'
  return { from: from < to ? from : to, to, isKnown: told !== undefined }
}

const isThere = (day: string) => (someone: Someone) => stayOf(someone).from <= day && day < stayOf(someone).to

/** A department with all above it. */
function above(id: number, parents: Readonly<Record<number, number | null>>): Set<number> {
  const found = new Set<number>()
  for (let at: number | null = id; at !== null && at > 0 && !found.has(at); at = parents[at] ?? null) found.add(at)
  return found
}

function countedIn(
  { departments: json = '[1]' }: Someone,
  parents: Readonly<Record<number, number | null>>,
): Set<number> {
  const ids = JSON.parse(json ?? '[]') as (number | string)[]
  return new Set(ids.flatMap((id) => [...above(Number(id), parents)]))
}

const TREE = { 1: null, 10: 1, 11: 1, 100: 10, 101: 10, 110: 11, 1000: 100 }

describe('joiners and leavers', () => {
  const all = () =>
    rowsOf('SELECT day, joiners, leavers, headcount FROM joiners_and_leavers ORDER BY day').then((rows) =>
      rows.map(({ day, joiners, leavers, headcount }) => [day, joiners, leavers, headcount]),
    )

  test.each<[string, Someone[], unknown[][]]>([
    ['nobody', [], []],
    ['somebody who has been there all along', [{}], [[today, 0, 0, 1]]],
    ['somebody who came today', [{ joined: ago(0) }], [[today, 1, 0, 1]]],
    [
      'the day is China’s: 16:00 in UTC is the next one',
      [{ joined: Date.parse(`${dayAgo(2)}T15:59:59.999Z`) }, { joined: Date.parse(`${dayAgo(2)}T16:00:00Z`) }],
      [
        [dayAgo(2), 1, 0, 1],
        [dayAgo(1), 1, 0, 2],
        [today, 0, 0, 2],
      ],
    ],
    [
      'days on which nothing happened are there',
      [{ joined: ago(2) }, { joined: ago(2), left: ago(0) }],
      [
        [dayAgo(2), 2, 0, 2],
        [dayAgo(1), 0, 0, 2],
        [today, 0, 1, 1],
      ],
    ],
    ['who left as they came was there for no evening', [{ joined: ago(0), left: ago(0) }], [[today, 1, 1, 0]]],
    ['the company’s own date goes first', [{ hired: today, joined: ago(900) }], [[today, 1, 0, 1]]],
    [
      'nobody leaves before they came',
      [{ hired: today, left: ago(1) }],
      [
        [dayAgo(1), 1, 1, 0],
        [today, 0, 0, 0],
      ],
    ],
    ['who is to come next week is not there yet', [{}, { hired: dayAgo(-7) }], [[today, 0, 0, 1]]],
    ['a leaver of whom nobody knows when they came', [{ left: ago(0) }, {}], [[today, 0, 1, 1]]],
  ])('%s', async (_, rows, expected) => {
    await people(rows)
    expect(await all()).toEqual(expected)
  })

  test('a date of before there were any does not make days without end, and counts', async () => {
    await people([{ hired: '1900-01-01' }, { hired: today }])
    const days = await all()
    expect(days[0]).toEqual(['1900-01-01', 1, 0, 1])
    expect(days.length).toBe(20_001)
    expect(days.at(-1)).toEqual([today, 1, 0, 2])
  })

  test('each corporation by itself', async () => {
    await people([{ corpId: 'a' }, { corpId: 'b' }, { corpId: 'B' }, { corpId: 'b' }])
    const rows = await rowsOf('SELECT corpId, headcount FROM joiners_and_leavers ORDER BY corpId')
    expect(rows).toEqual([
      { corpId: 'B', headcount: 1 },
      { corpId: 'a', headcount: 1 },
      { corpId: 'b', headcount: 2 },
    ])
  })
})

describe('departments', () => {
  const onDay = async (day: string) => {
    const rows = await rowsOf(
      'SELECT deptId, headcount FROM headcount_by_department WHERE ? BETWEEN fromDay AND toDay',
      [day],
    )
    return Object.fromEntries(rows.map(({ deptId, headcount }) => [deptId, headcount]))
  }

  test.each<[string, Someone, Record<number, number | null>, Record<string, number>]>([
    ['one, and those above it', { departments: '[1000]' }, TREE, { 1: 1, 10: 1, 100: 1, 1000: 1 }],
    ['two children of one: once in it', { departments: '[100, 101]' }, TREE, { 1: 1, 10: 1, 100: 1, 101: 1 }],
    ['one and one above it', { departments: '[1000,10]' }, TREE, { 1: 1, 10: 1, 100: 1, 1000: 1 }],
    ['ids as text, and one twice', { departments: '["101","101",101]' }, TREE, { 1: 1, 10: 1, 101: 1 }],
    ['one that the table does not know', { departments: '[77]' }, TREE, { 77: 1 }],
    ['one whose parent it does not know', { departments: '[20]' }, { 20: 19 }, { 19: 1, 20: 1 }],
    ['a parent that is 0 is none', { departments: '[20]' }, { 20: 0 }, { 20: 1 }],
    ['departments that go round in a circle', { departments: '[3]' }, { 3: 4, 4: 5, 5: 3 }, { 3: 1, 4: 1, 5: 1 }],
    ['one that is its own parent', { departments: '[3]' }, { 3: 3 }, { 3: 1 }],
    ['ids of 2^53 and more', { departments: '[9007199254740993]' }, {}, { '9007199254740993': 1 }],
    ['no department', { departments: '[]' }, TREE, {}],
    ['none told', { departments: null }, TREE, {}],
    ['what is no list', { departments: '{"1":true}' }, TREE, {}],
    ['what is no id', { departments: '["x", null, {}, 0, -1]' }, TREE, {}],
  ])('%s', async (_, someone, parents, expected) => {
    await people([someone])
    if (Object.keys(parents).length > 0) await departments(parents)
    expect(await onDay(today)).toEqual(expected)
    const now = await rowsOf('SELECT deptId, headcount FROM headcount_today')
    expect(Object.fromEntries(now.map(({ deptId, headcount }) => [deptId, headcount]))).toEqual(expected)
  })

  test('who is in it itself', async () => {
    await departments(TREE)
    await people([{ departments: '[10, 100]' }, { departments: '[100]' }, { departments: '[1]' }, { left: ago(1) }])
    const rows = await rowsOf('SELECT deptId, name, parentId, headcount, directly FROM headcount_today ORDER BY deptId')
    expect(rows).toEqual([
      { deptId: 1, name: '部门1', parentId: null, headcount: 3, directly: 1 },
      { deptId: 10, name: '部门10', parentId: 1, headcount: 2, directly: 1 },
      { deptId: 100, name: '部门100', parentId: 10, headcount: 2, directly: 2 },
    ])
  })

  test('the tree says where each lies; one that is gone is not in it, and one in a circle is', async () => {
    await departments({ ...TREE, 3: 4, 4: 3 })
    await database.query('UPDATE departments SET removedAt = UTC_TIMESTAMP(3) WHERE deptId = 110')
    const rows = await rowsOf('SELECT deptId, depth, path FROM department_tree ORDER BY deptId')
    expect(rows.filter(({ deptId }) => Number(deptId) > 4)).toEqual([
      { deptId: 10, depth: 1, path: '部门1 / 部门10' },
      { deptId: 11, depth: 1, path: '部门1 / 部门11' },
      { deptId: 100, depth: 2, path: '部门1 / 部门10 / 部门100' },
      { deptId: 101, depth: 2, path: '部门1 / 部门10 / 部门101' },
      { deptId: 1000, depth: 3, path: '部门1 / 部门10 / 部门100 / 部门1000' },
    ])
    expect(rows.map(({ deptId }) => deptId).slice(0, 3)).toEqual([1, 3, 4])
  })
})

test.each([1, 2, 3, 4, 5])('an invented organisation, counted by plain code (seed %i)', async (seed) => {
  const random = seededRandom(seed)
  const parents: Record<number, number | null> = { 1: null }
  for (let id = 2; id <= 40; id++) parents[id] = random.of(Object.keys(parents).map(Number))
  const maybe = <T>(value: T) => (random.below(3) > 0 ? value : undefined)
  const rows: Someone[] = Array.from({ length: 300 }, () => {
    const ids = Array.from({ length: 1 + (random.below(5) > 0 ? 0 : random.below(3)) }, () => 1 + random.below(41))
    const [hired, joined, left] = [
      maybe(dayAgo(random.below(400))),
      maybe(ago(random.below(400))),
      maybe(ago(random.below(300))),
    ]
    return {
      departments: JSON.stringify(ids),
      ...(hired && { hired }),
      ...(joined && { joined }),
      ...(left && random.below(2) > 0 && { left }),
    }
  })
  await departments(parents)
  await people(rows)

  const first =
    rows
      .map(stayOf)
      .flatMap(({ from, to, isKnown }) => [...(isKnown ? [from] : []), to])
      .sort()[0] ?? today
  const days: string[] = []
  for (let at = 0; dayAgo(at) >= first; at++) days.unshift(dayAgo(at))
  const came = (day: string) => rows.map(stayOf).filter(({ from, isKnown }) => from === day && isKnown).length
  const went = (day: string) => rows.map(stayOf).filter(({ to }) => to === day).length
  const counts = days.map((day) => ({
    day,
    joiners:
      came(day) + rows.map(stayOf).filter(({ from, isKnown, to }) => !isKnown && from === to && to === day).length,
    leavers: went(day),
    headcount: rows.filter(isThere(day)).length,
  }))
  expect(await rowsOf('SELECT day, joiners, leavers, headcount FROM joiners_and_leavers ORDER BY day')).toEqual(counts)

  const months = [...new Set(days.map((day) => day.slice(0, 7)))].map((month) => {
    const within = counts.filter(({ day }) => day.startsWith(month))
    const [start, end] = [within[0], within.at(-1)]
    const opening = (start?.headcount ?? 0) - (start?.joiners ?? 0) + (start?.leavers ?? 0)
    const leavers = within.reduce((sum, { leavers: one }) => sum + one, 0)
    const mean = (opening + (end?.headcount ?? 0)) / 2
    return {
      month: `${month}-01`,
      leavers,
      opening,
      closing: end?.headcount,
      percent: mean === 0 ? null : (100 * leavers) / mean,
    }
  })
  const turnover = await rowsOf(
    'SELECT month, leavers, opening, closing, turnoverPercent AS percent FROM turnover_by_month ORDER BY month',
  )
  expect(turnover).toEqual(
    months.map((month) => ({ ...month, percent: month.percent === null ? null : expect.closeTo(month.percent, 2) })),
  )

  const daily = await rowsOf(
    'SELECT day, deptId, headcount FROM headcount_by_department JOIN calendar ON day BETWEEN fromDay AND toDay WHERE day >= ? AND headcount > 0',
    [first],
  )
  const expected = days.flatMap((day) => {
    const inEach = new Map<number, number>()
    for (const row of rows.filter(isThere(day))) {
      for (const id of countedIn(row, parents)) inEach.set(id, (inEach.get(id) ?? 0) + 1)
    }
    return [...inEach].map(([deptId, headcount]) => `${day} ${deptId} ${headcount}`)
  })
  expect(daily.map(({ day, deptId, headcount }) => `${day} ${deptId} ${headcount}`).sort()).toEqual(expected.sort())
})

describe('time to approve', () => {
  const START = Date.parse('2026-03-01T00:00:00Z')
  let ids = 0
  async function approvals(
    rows: { kind?: string; minutes?: number; status?: string; start?: number | null }[],
  ): Promise<void> {
    const values = rows.map(({ kind = 'PROC-A', minutes, status = 'agree', start = START }) => [
      ...[
        'ding1',
        `i${++ids}`,
        kind,
        kind === 'PROC-H' ? 'hrm.hire' : '',
        status,
        start === null ? null : new Date(start),
      ],
      minutes === undefined ? null : new Date((start ?? START) + minutes * 60_000),
      Buffer.alloc(0),
    ])
    await database.query(
      'INSERT INTO approvals (corpId, processInstanceId, processCode, bizCategoryId, status, startedAt, finishedAt, columnVersions) VALUES ?',
      [values],
    )
  }
  const times = () =>
    rowsOf('SELECT processCode, decided, refused, medianMinutes, p90Minutes FROM approval_times ORDER BY processCode')

  test.each<[string, number[], number, number]>([
    ['one', [7], 7, 7],
    ['two', [1, 9], 1, 9],
    ['ten', [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 5, 9],
    ['eleven', [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 6, 10],
    ['equal ones', [3, 3, 3, 3], 3, 3],
    ['half a minute', [0.5], 0.5, 0.5],
    ['no time at all', [0], 0, 0],
  ])('%s', async (_, minutes, median, p90) => {
    await approvals(minutes.map((one) => ({ minutes: one })))
    expect(await times()).toEqual([
      { processCode: 'PROC-A', decided: minutes.length, refused: 0, medianMinutes: median, p90Minutes: p90 },
    ])
  })

  test('what was not decided, or cannot be measured, is left out; a refusal is a decision', async () => {
    await approvals([
      { minutes: 5 },
      { minutes: 9, status: 'refuse' },
      { minutes: 1, status: 'terminated' },
      { minutes: 1, status: 'deleted' },
      { status: 'running' },
      { minutes: 1, start: null },
      { minutes: -3 },
      { kind: 'PROC-H', minutes: 60 },
    ])
    expect(await times()).toEqual([
      { processCode: 'PROC-A', decided: 2, refused: 1, medianMinutes: 5, p90Minutes: 9 },
      { processCode: 'PROC-H', decided: 1, refused: 0, medianMinutes: 60, p90Minutes: 60 },
    ])
  })

  test('a month is that of its end, in China', async () => {
    const end = Date.parse('2026-03-31T16:00:00Z')
    await approvals([
      { minutes: 1, start: end - 60_000 },
      { minutes: 2, start: end - 180_000 },
    ])
    expect(await rowsOf('SELECT month, decided, medianMinutes FROM approval_times_by_month ORDER BY month')).toEqual([
      { month: '2026-03-01', decided: 1, medianMinutes: 2 },
      { month: '2026-04-01', decided: 1, medianMinutes: 1 },
    ])
  })
})

test('who may read the views alone reads them, and no table', async () => {
  await people([{ departments: '[1]' }])
  const user = `bi_${schema.database.slice(-12)}`
  await database.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'invented-Passw0rd'`)
  try {
    await database.query(`GRANT SELECT ON ${schema.database}.joiners_and_leavers TO '${user}'@'%'`)
    const reader = await openConnection({ ...schema, user, password: 'invented-Passw0rd' }, {})
    try {
      await expect(reader.query('SELECT * FROM joiners_and_leavers')).resolves.toBeDefined()
      await expect(reader.query('SELECT * FROM user_info')).rejects.toMatchObject({
        code: 'ER_TABLEACCESS_DENIED_ERROR',
      })
      await expect(reader.query('SELECT * FROM employments')).rejects.toMatchObject({
        code: 'ER_TABLEACCESS_DENIED_ERROR',
      })
    } finally {
      await reader.end()
    }
  } finally {
    await database.query(`DROP USER '${user}'@'%'`)
  }
})
