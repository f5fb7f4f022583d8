import fs from 'node:fs'
import path from 'node:path'
import type { Connection } from 'mysql2/promise'
import { projectMappings } from '../../cli/project'
import { upsertSql } from '../../functions/employees/upsertSql'
import { type Database, mysqlVariables, openConnection } from '../../local/database/database'
import { selectRows } from '../../shared/database'
import { createTableStatements, VERSIONS } from '../../shared/mapping/tables'
import { type Instance, startInstance } from '../harness/instance'
import { median, quantile, usageOf } from '../harness/measure'
import { connectorBody, delivery } from '../harness/samples'
import type { Bench, Table, Topic } from '../topic'

const BATCH = 100
const PEERS = path.join(__dirname, '../peers/employees')

interface Contestant {
  name: string
  /** a module with a handler, as Function Compute calls it */
  module: string
  isOurs?: boolean
  /** whether its table has the versions */
  isGuarded?: boolean
}

/** What one round of a contestant took. */
interface Round {
  cpuMs: number
  serverMs: number
  ms: number
  callMs: readonly number[]
}

/** What the employees function takes for an event, alone and in arrays, beside what writes the same columns over each other. */
export const employees: Topic = {
  name: 'employees',
  async measure(bench) {
    const database = await bench.database()
    const module = path.join(await bench.bundles(), 'employees/index.js')
    const ours = { name: 'employees', module, isOurs: true, isGuarded: true }
    const guarded = { name: 'its statement alone', module: path.join(PEERS, 'guarded.cjs'), isGuarded: true }
    const typeorm = { name: 'typeorm upsert', module: path.join(PEERS, 'typeorm.cjs') }
    const execute = { name: 'mysql2 execute', module: path.join(PEERS, 'execute.cjs') }
    const rows = { name: 'mysql2, one statement', module: path.join(PEERS, 'rows.cjs') }
    const people = bench.quick ? BATCH : 10 * BATCH
    const half = (from: number) => ({ ...bench, report: (part: number) => bench.report(from + part / 2) })
    const alone = await race(half(0), database, [ours, execute, guarded, typeorm], people, 1)
    const arrays = await race(half(0.5), database, [ours, rows, guarded, typeorm], 4 * people, BATCH)
    return tableOf(alone, arrays)
  },
}

function tableOf(alone: readonly Measured[], arrays: readonly Measured[]): Table {
  const [us, execute] = alone
  const [usInArrays, rows] = arrays
  const cpuOf = (one?: Measured) => median((one?.rounds ?? []).map(({ cpuMs }) => cpuMs)) / (one?.people ?? 1)
  const rateOf = (one?: Measured) => ((one?.people ?? 0) / median((one?.rounds ?? []).map(({ ms }) => ms))) * 1000
  const line = (one: Measured, size: number) => {
    const calls = one.rounds.flatMap(({ callMs }) => callMs)
    const server = one.rounds.reduce((sum, { serverMs }) => sum + serverMs, 0) / one.rounds.length / one.people
    const cells = [size, cpuOf(one), server, median(calls), quantile(calls, 0.99), rateOf(one)]
    return { name: one.name, cells, ...(one.isOurs && { isOurs: true }) }
  }
  return {
    title: 'employees, an event and arrays',
    text: 'Bundled, called as Function Compute does, on one connection; the peers write the same columns, and the last to come is what stays; its statement alone, with one version a row, is what the promise of the newest costs.',
    head: ['', 'events a call', 'CPU ms an event', 'of the server', 'p50 ms a call', 'p99 ms a call', 'events/s'],
    rows: [...alone.map((one) => line(one, 1)), ...arrays.map((one) => line(one, BATCH))],
    goals: [
      {
        what: 'employees, CPU an event beside mysql2 execute',
        atMost: 1.2,
        measured: cpuOf(us) / cpuOf(execute),
        ratioOf: { ours: cpuOf(us), peer: cpuOf(execute), unit: 'ms' },
      },
      {
        what: `employees, rows/s in arrays of ${BATCH} beside one statement by hand`,
        atLeast: 0.75,
        measured: rateOf(usInArrays) / rateOf(rows),
        ratioOf: { ours: rateOf(usInArrays), peer: rateOf(rows), unit: 'rows/s' },
      },
    ],
  }
}

type Measured = Contestant & { people: number; rounds: Round[] }

/** In turn, a process and a table each. The first two rounds do not count: they insert, and warm up. */
async function race(
  { rounds, report }: Bench,
  database: Database,
  contestants: readonly Contestant[],
  people: number,
  size: number,
): Promise<Measured[]> {
  const server = await openConnection(database, {})
  const [mapping] = projectMappings()
  if (mapping === undefined) throw new Error('mapping.yaml has no table')
  const tables: string[] = []
  for (const [index, { isOurs, isGuarded }] of contestants.entries()) {
    // the function's own is named in its bundle
    const table = isOurs ? mapping.table : `peer_${index}`
    await server.query(`DROP TABLE IF EXISTS \`${table}\``)
    for (const statement of createTableStatements({ ...mapping, table })) await server.query(statement)
    if (!isGuarded) await server.query(`ALTER TABLE \`${table}\` DROP COLUMN \`${VERSIONS}\``)
    tables.push(table)
  }
  const serverPid = await pidOf(server)
  const racers: (Measured & { instance: Instance })[] = []
  try {
    for (const [index, one] of contestants.entries()) {
      const instance = await startInstance(one.module, {
        ...mysqlVariables(database),
        TABLE: tables[index],
        GUARDED_SQL: upsertSql({ ...mapping, table: tables[index] ?? '' }, size, false),
        SLOTS: JSON.stringify(mapping.columns.map(({ slot }) => slot)),
      })
      racers.push({ ...one, people, rounds: [], instance })
    }
    for (let round = -2; round < rounds; round++) {
      const payloads = payloadsOf(round + 3, people, size)
      for (const { instance, rounds: measured } of racers) {
        const before = usageOf(serverPid).cpuMs
        const { latencies: callMs, cpuMs } = await instance.call(payloads)
        const ms = callMs.reduce((sum, one) => sum + one, 0)
        if (round >= 0) measured.push({ cpuMs, ms, callMs, serverMs: usageOf(serverPid).cpuMs - before })
      }
      report((round + 3) / (rounds + 2))
    }
  } finally {
    for (const { instance } of racers) await instance.stop()
    await server.end()
  }
  return racers
}

/** An event of each of so many people, `size` in a delivery: alone, or in a list. */
function payloadsOf(turn: number, people: number, size: number): string[] {
  const events = Array.from({ length: people }, (_, person) =>
    delivery(connectorBody(person, turn), `event-${turn}-${person}`, turn),
  )
  if (size === 1) return events
  return Array.from({ length: people / size }, (_, at) => `[${events.slice(at * size, (at + 1) * size).join()}]`)
}

async function pidOf(server: Connection): Promise<number> {
  const [row] = await selectRows<{ file: string }>(server, 'SELECT @@pid_file AS file')
  return Number(fs.readFileSync(row?.file ?? '', 'utf8'))
}
