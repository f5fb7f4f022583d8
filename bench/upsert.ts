import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import mysql, { type Connection } from 'mysql2/promise'
import { withProgress } from '../cli/progress'
import { readConfig } from '../functions/employees/config'
import { type OpenedDatabase, openDatabase } from '../functions/employees/database'
import { createEmployees } from '../functions/employees/employees'
import { createRepository } from '../functions/employees/repository'
import { toChanges } from '../functions/employees/toChanges'
import { startDatabase } from '../local/database/startDatabase'
import { parseCloudEvents } from '../shared/eventbridge/parseCloudEvents'
import type { Mapping } from '../shared/mapping/mapping'
import { readMappings } from '../shared/mapping/readMappings'
import { createTableStatements, VERSIONS } from '../shared/mapping/tables'

// `npm run bench:upsert`: how many rows a second one instance of the employees function stores, events taken apart and
// newer values told from older, beside plain mysql2 that writes the same columns of the same people over what is there; with
// one table in mapping.yaml, with three of which one takes the events, and with three that all take them. On a throw-away
// server, on one connection each, in turn.

const PEOPLE = 500
const ROUNDS = 21
const BATCH = 100

const project = path.join(__dirname, '..')
const textOf = (name: string) => readFileSync(path.join(project, name), 'utf8')
const [mapping = none(), departments = none()] = readMappings(textOf('mapping.yaml'), 'mapping.yaml')
const [approvals = none()] = readMappings(textOf('examples/approvals.mapping.yaml'), 'approvals.mapping.yaml')
const copies = [mapping, { ...mapping, table: 'copy_1' }, { ...mapping, table: 'copy_2' }]
const FILES: readonly { name: string; mappings: readonly Mapping[]; takers: number }[] = [
  { name: 'one table', mappings: [mapping], takers: 1 },
  { name: 'three tables, one takes it', mappings: [mapping, departments, approvals], takers: 1 },
  { name: 'three tables, all take it', mappings: copies, takers: 3 },
]
const defaults = { DINGTALK_CORP_ID: '' }
const columns = [...mapping.key, ...mapping.columns].map(({ name }) => `\`${name}\``)
const update = columns.map((column) => `${column} = VALUES(${column})`).join(', ')

interface Contest {
  name: string
  /** events in one call */
  size: number
  ours(payloads: readonly Buffer[]): Promise<void>
  plain(rows: readonly unknown[][]): Promise<void>
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'dingtalk-eventbridge-bench-'))
  const server = await startDatabase({
    env: { PATH: process.env['PATH'] },
    external: false,
    dataDir: folder,
    packagesDir: path.join(__dirname, '../.local/mariadb'),
    report: console.error,
  })
  try {
    const { host, port, user, password, database } = server
    const plain = await mysql.createConnection({ host, port, user, password, database, charset: 'utf8mb4_bin' })
    for (const statement of createTableStatements(...copies)) await plain.query(statement)
    for (let table = 0; table < copies.length; table++) {
      await plain.query(`CREATE TABLE plain_${table} LIKE \`${mapping.table}\``)
      await plain.query(`ALTER TABLE plain_${table} DROP COLUMN ${VERSIONS}`)
    }
    const ours = openDatabase(
      readConfig({
        MYSQL_HOST: host,
        MYSQL_PORT: String(port),
        MYSQL_USER: user,
        MYSQL_PASSWORD: password,
        MYSQL_DATABASE: database,
      }),
    )
    console.log(`${server.description}; ${os.cpus().length} × ${os.cpus()[0]?.model}; Node.js ${process.version}`)
    console.log(`${PEOPLE} people × ${columns.length} columns, ${ROUNDS} rounds, medians`)
    const contestants = contests(ours, plain)
    const total = (ROUNDS + 1) * contestants.length
    console.table(await withProgress('racing', { total }, (report) => race(contestants, report)))
    await ours.close()
    await plain.end()
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function contests(database: OpenedDatabase, connection: Connection): Contest[] {
  const repository = createRepository(database)
  const log = { info() {}, error() {} }
  const insertInto = (table: number) => `INSERT INTO plain_${table} (${columns.join(', ')}) VALUES`
  return FILES.flatMap(({ name, mappings, takers }) => {
    const employees = createEmployees({ mappings, defaults, repository, logHashKey: undefined, now: Date.now, log })
    const ours = (payloads: readonly Buffer[]) => forEach(payloads, (payload) => employees(payload, {}))
    const tables = Array.from({ length: takers }, (_, table) => table)
    const oneRow = tables.map(
      (table) => `${insertInto(table)} (${columns.map(() => '?').join(', ')}) ON DUPLICATE KEY UPDATE ${update}`,
    )
    const batch = tables.map((table) => `${insertInto(table)} ? ON DUPLICATE KEY UPDATE ${update}`)
    return [
      {
        name: `${name}: one event a call`,
        size: 1,
        ours,
        plain: (rows) => forEach(rows, (row) => forEach(oneRow, (sql) => connection.execute(sql, row as string[]))),
      },
      {
        name: `${name}: ${BATCH} events a call`,
        size: BATCH,
        ours,
        plain: (rows) =>
          forEach(batches(rows, BATCH), (some) => forEach(batch, (sql) => connection.query(sql, [some]))),
      },
    ]
  })
}

/** In turn, round by round, so that whatever else the machine does falls on both alike. */
async function race(contests: readonly Contest[], report: (done: number) => void): Promise<unknown> {
  const measured = contests.map(() => [] as { ours: number; plain: number }[])
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, contest] of contests.entries()) {
      const events = Array.from({ length: PEOPLE }, (_, person) => eventOf(person, round * contests.length + index))
      const payloads = batches(events, contest.size).map((batch) => Buffer.from(JSON.stringify(batch)))
      const rows = events.map(rowOf)
      const ours = await secondsOf(() => contest.ours(payloads))
      const plain = await secondsOf(() => contest.plain(rows))
      // the first round inserts, and warms up
      if (round > 0) measured[index]?.push({ ours, plain })
      report(round * contests.length + index + 1)
    }
  }
  return Object.fromEntries(
    contests.map(({ name }, index) => {
      const rounds = measured[index] ?? []
      return [
        name,
        {
          'function, events/s': Math.round(PEOPLE / median(rounds.map(({ ours }) => ours))),
          'plain mysql2, events/s': Math.round(PEOPLE / median(rounds.map(({ plain }) => plain))),
          'function : plain': median(rounds.map(({ ours, plain }) => plain / ours)).toFixed(2),
        },
      ]
    }),
  )
}

/** What the article's connector sends, as EventBridge delivers it; each turn newer than the last, and all of it changed. */
function eventOf(person: number, turn: number): unknown {
  const isEven = turn % 2 === 0
  const body = {
    syncAction: 'user_add_org',
    userId: `1411463790012${person}`,
    name: `小明 ${turn}`,
    active: isEven,
    isAdmin: !isEven,
    dingId: `$:LWCP_v1:$5RUxxxxQhPpK4A==${turn}`,
    orderInDepts: `{1:${turn}}`,
    isLeaderInDepts: `{${turn}:false}`,
    isBoss: isEven,
    isSenior: !isEven,
    isHide: isEven,
    department: [turn],
  }
  return {
    id: `event-${turn}-${person}`,
    source: 'my.dingtalk',
    specversion: '1.0',
    type: 'eventbridge:Events:HTTPEvent',
    time: new Date(1_700_000_000_000 + turn * 1000).toISOString(),
    data: { headers: {}, path: '/webhook/putEvents', body, httpMethod: 'POST', queryString: {} },
  }
}

/** The row that the function makes of an event. */
function rowOf(event: unknown): unknown[] {
  const [received] = parseCloudEvents(Buffer.from(JSON.stringify(event))).events
  const change = received && toChanges(received, mapping, defaults, Date.now()).changes[0]
  if (change === undefined) throw new Error('the event is not about an employee')
  return [...change.key, ...change.values.map((value) => value ?? null)]
}

function none(): never {
  throw new Error('mapping.yaml has not the tables that it is shipped with')
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

async function forEach<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (const item of items) await work(item)
}

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size))
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

void main()
