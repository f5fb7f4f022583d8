import { readConfig } from '../../functions/employees/config'
import { type OpenedDatabase, openDatabase } from '../../functions/employees/database'
import { createEmployees } from '../../functions/employees/employees'
import { createRepository } from '../../functions/employees/repository'
import { mysqlVariables } from '../../local/database/database'
import type { Mapping } from '../../shared/mapping/mapping'
import { readMappings } from '../../shared/mapping/readMappings'
import { createTableStatements } from '../../shared/mapping/tables'
import { cellText } from '../draw/tableText'
import { exponentOf, median } from '../harness/measure'
import type { Bench, Topic } from '../topic'

/** How large everything else is while one grows. */
const USUAL = { columns: 15, tables: 1, rows: 1_000, batch: 10 }
type Size = typeof USUAL

const GROWING: readonly { what: string; of: keyof Size; sizes: readonly number[]; per: 'event' | 'call' }[] = [
  { what: 'columns of a table', of: 'columns', sizes: [5, 15, 45], per: 'event' },
  { what: 'tables that take the event', of: 'tables', sizes: [1, 3, 9], per: 'event' },
  { what: 'rows in the table', of: 'rows', sizes: [1_000, 10_000, 100_000], per: 'event' },
  { what: 'events in a call', of: 'batch', sizes: [1, 10, 100], per: 'call' },
]

/** Linear is 1; beyond that by what so short a measurement may be wrong. */
const LINEAR = 1.1
const FILLED_AT_ONCE = 100

/** How the time of the employees function grows with what may be large, its statements included. */
export const growthEmployees: Topic = {
  name: 'growthEmployees',
  async measure(bench) {
    const database = await bench.database()
    const opened = openDatabase(readConfig(mysqlVariables(database)))
    try {
      const cases = GROWING.flatMap(({ of, sizes }) =>
        sizes.map((size) => {
          const full = { ...USUAL, [of]: size }
          return bench.quick ? { ...full, rows: full.rows / 100 } : full
        }),
      )
      const times = await measureAll(bench, opened, cases)
      const lines = GROWING.map(({ what, of, sizes, per }, index) => {
        const points = sizes.map((_, at): [number, number] => {
          const place = index * sizes.length + at
          const { batch, [of]: size } = cases[place] ?? USUAL
          return [size, (times[place] ?? Number.NaN) * (per === 'call' ? batch : 1)]
        })
        return { what: `${what}, ms ${per === 'call' ? 'a call' : 'an event'}`, points, exponent: exponentOf(points) }
      })
      return {
        title: 'employees, growth',
        text: `One grows, and the others stay: ${USUAL.columns} columns, one table of ${USUAL.rows.toLocaleString('en')} rows, ${USUAL.batch} events a call. The exponent is 1 where the time grows in step.`,
        head: ['', 'least', '', 'most', 'exponent'],
        rows: lines.map(({ what, points, exponent }) => ({
          name: what,
          cells: [...points.map(([size, ms]) => `${size.toLocaleString('en')}: ${cellText(ms)}`), exponent],
          isOurs: true,
        })),
        goals: lines.map(({ what, exponent }) => ({
          what: `employees, exponent by ${what.replace(/,.*$/, '')}`,
          atMost: LINEAR,
          measured: exponent,
        })),
      }
    } finally {
      await opened.close()
    }
  },
}

/** In turn, round by round. The first round does not count. @returns the median of ms an event, of each */
async function measureAll(
  { rounds, quick, report }: Bench,
  database: OpenedDatabase,
  cases: readonly Size[],
): Promise<number[]> {
  const runs = []
  for (const [index, size] of cases.entries()) runs.push(await prepare(size, index, database))
  const measured = cases.map((): number[] => [])
  const events = quick ? FILLED_AT_ONCE : 10 * FILLED_AT_ONCE
  for (let round = 0; round <= rounds; round++) {
    for (const [index, run] of runs.entries()) {
      const ms = await run(round + 2, events)
      if (round > 0) measured[index]?.push(ms)
    }
    report((round + 1) / (rounds + 1))
  }
  return measured.map(median)
}

/** The tables, filled; a run is of an event each of people all over the table. */
async function prepare(size: Size, place: number, database: OpenedDatabase) {
  const mappings = Array.from({ length: size.tables }, (_, table) =>
    mappingOf(`growth_${place}_${table}`, size.columns),
  )
  for (const statement of createTableStatements(...mappings)) await database.execute(statement)
  const employees = createEmployees({
    mappings,
    defaults: {},
    repository: createRepository(database),
    logHashKey: undefined,
    now: Date.now,
    log: { info() {}, error() {} },
  })
  const everybody = Array.from({ length: size.rows }, (_, person) => person)
  await send(everybody, FILLED_AT_ONCE, 1)
  return async (turn: number, events: number): Promise<number> => {
    const people = Array.from({ length: events }, (_, at) => Math.floor((at * size.rows) / events))
    return (await send(people, size.batch, turn)) / events
  }

  async function send(people: readonly number[], batch: number, turn: number): Promise<number> {
    const payloads = Array.from({ length: Math.ceil(people.length / batch) }, (_, at) => {
      const some = people.slice(at * batch, (at + 1) * batch)
      return Buffer.from(JSON.stringify(some.map((person) => eventOf(person, turn, size.columns))))
    })
    const started = performance.now()
    for (const payload of payloads) await employees(payload, {})
    return performance.now() - started
  }
}

function mappingOf(table: string, columns: number): Mapping {
  const lines = Array.from(
    { length: columns },
    (_, slot) => `  field${slot}: { slot: ${slot}, type: VARCHAR(64) NULL, from: .field${slot} }`,
  )
  const text = [
    `table: ${table}`,
    'fields: [$.data]',
    'action: .action',
    'time: $.time',
    'events: { changed: {} }',
    'key: { id: { type: VARCHAR(64) NOT NULL, from: .id } }',
    'columns:',
    ...lines,
  ].join('\n')
  const [mapping] = readMappings(text, 'growth')
  if (mapping === undefined) throw new Error('a mapping without a table')
  return mapping
}

function eventOf(person: number, turn: number, columns: number): unknown {
  const fields = Array.from({ length: columns }, (_, slot) => [`field${slot}`, `${turn} of ${slot}`])
  return {
    id: `${turn}-${person}`,
    source: 'bench',
    specversion: '1.0',
    type: 'bench',
    time: new Date(1_700_000_000_000 + turn * 1000).toISOString(),
    data: { action: 'changed', id: `person-${person}`, ...Object.fromEntries(fields) },
  }
}
