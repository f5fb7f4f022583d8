import type { Connection, RowDataPacket } from 'mysql2/promise'
import { openEventStore, storeFileIn } from '../../emulator'
import { jsonFields } from '../../shared/json'
import { CORP, MARK, ownId, type Told, WALKED_CORP } from '../plan/told'
import { type Accepted, COLUMNS, fold, nameOf, type Row } from './fold'

/** What is held against each other. */
export interface Ledger {
  told: readonly Told[]
  seed: number
  /** of the history, in milliseconds since 1970 */
  begin: number
  /** numbers of what was answered 200 */
  taken: ReadonlySet<number>
  localDir: string
  database: Connection
}

export interface Account {
  /** what the bus has taken of the history, each id once; and how often in all, with what came twice */
  accepted: number
  deliveries: number
  attempts: number
  deadLetters: number
  rows: number
  /** what does not balance: numbers, ids and names of columns, no values */
  differences: string[]
}

/** An event as the emulator's store has it. */
interface Stored {
  id: string
  n: number | undefined
  time: number
  deliveries: { rule: string; target: string; state: string; tries: readonly { number: number }[] }[]
  letters: number
}

const AT_ONCE = 500
/** What a delivery may come to in the end; what is set aside is in dead_letters. */
const OVER = ['delivered', 'set-aside', 'dead-lettered']

/** Holds what was sent against what the bus has, what that has against the deliveries, and those against the tables. */
export async function balance(ledger: Ledger): Promise<Account> {
  const differences: string[] = []
  const stored = await readStore(ledger.localDir)
  const ours = stored.filter(({ n }) => n !== undefined)
  const letters = await readLetters(ledger.database)
  checkTaken(ledger, ours, differences)
  checkDeliveries(stored, letters, differences)
  const accepted = ours.flatMap(({ id, n, time }): Accepted[] => {
    const told = ledger.told[n ?? -1]
    if (told === undefined) return []
    return [{ id, told, time: told.form === 'connector' ? time : ledger.begin + told.at }]
  })
  const rows = await checkRows(ledger.database, fold(accepted), differences)
  const deliveries = stored.flatMap((event) => event.deliveries)
  return {
    accepted: new Set(accepted.map(({ id }) => id)).size,
    deliveries: deliveries.length,
    attempts: deliveries.reduce((sum, { tries }) => sum + tries.length, 0),
    deadLetters: letters.length,
    rows,
    differences,
  }
}

async function readStore(localDir: string): Promise<Stored[]> {
  const store = await openEventStore(storeFileIn(localDir))
  try {
    const seqs = store.traces.list({}, Number.MAX_SAFE_INTEGER).map(({ seq }) => seq)
    const found: Stored[] = []
    for (let done = 0; done < seqs.length; done += AT_ONCE) {
      for (const { id, json, deliveries, deadLetters } of store.traces.findAll(seqs.slice(done, done + AT_ONCE))) {
        const { data, time } = jsonFields(json) as { data?: { body?: Record<string, unknown> }; time?: string }
        const mark = data?.body?.[MARK]
        const n = mark === undefined ? undefined : Number(mark)
        found.push({ id, n, time: Date.parse(time ?? ''), deliveries, letters: deadLetters.length })
      }
    }
    return found
  } finally {
    store.close()
  }
}

/** Everything that was answered 200 is there, under the id that it has of its own. */
function checkTaken({ told, taken, seed }: Ledger, stored: readonly Stored[], differences: string[]): void {
  const ids = new Map<number, Set<string>>()
  for (const { n = -1, id } of stored) ids.set(n, (ids.get(n) ?? new Set()).add(id))
  for (const n of taken) {
    const one = told[n]
    if (one === undefined) continue
    const id = ownId(one, seed)
    const found = ids.get(n)
    if (found === undefined) differences.push(`event ${n} (${one.form}) was answered 200, and the bus does not have it`)
    else if (id !== undefined && !found.has(id)) differences.push(`event ${n} (${one.form}) is not there as ${id}`)
  }
  for (const n of ids.keys())
    if (told[n] === undefined) differences.push(`event ${n} is on the bus, and was never sent`)
}

/** Each event has one delivery to each target that it matched, which is over, and what was set aside has its letter. */
function checkDeliveries(stored: readonly Stored[], letters: readonly string[], differences: string[]): void {
  const setAside = new Set<string>()
  for (const { id, n, deliveries, letters: queued } of stored) {
    const targets = deliveries.map(({ rule, target }) => `${rule}/${target}`)
    if (new Set(targets).size < targets.length) differences.push(`event ${id} has a delivery twice`)
    if (n !== undefined && !targets.includes('employees/employees')) differences.push(`event ${id} was not delivered`)
    for (const { rule, state } of deliveries) {
      if (!OVER.includes(state)) differences.push(`event ${id} is ${state} (${rule})`)
      if (state === 'set-aside' && rule === 'employees') setAside.add(id)
    }
    const dead = deliveries.filter(({ state }) => state === 'dead-lettered').length
    if (queued !== dead) differences.push(`event ${id} has ${queued} letters in the queue for ${dead} deliveries`)
  }
  for (const id of setAside) if (!letters.includes(id)) differences.push(`event ${id} was set aside without a letter`)
  for (const id of letters) if (!setAside.has(id)) differences.push(`event ${id} has a letter, and was not set aside`)
  if (new Set(letters).size < letters.length) differences.push('an event has two letters in dead_letters')
}

async function readLetters(database: Connection): Promise<string[]> {
  const [rows] = await database.query<RowDataPacket[]>('SELECT eventId FROM dead_letters')
  return rows.map(({ eventId }) => String(eventId))
}

/** Row by row, column by column. */
async function checkRows(database: Connection, expected: Map<string, Row>, differences: string[]): Promise<number> {
  const found = new Map<string, Row>()
  for (const [table, key] of [
    ['user_info', 'userId'],
    ['departments', 'deptId'],
  ] as const) {
    const columns = [key, 'corpId', ...COLUMNS[table]].join(', ')
    const [rows] = await database.query<RowDataPacket[]>(`SELECT ${columns} FROM ${table} WHERE corpId IN (?, ?)`, [
      CORP,
      WALKED_CORP,
    ])
    for (const { [key]: id, corpId, ...row } of rows) found.set(nameOf({ table, corpId }, String(id)), asText(row))
  }
  for (const [name, row] of expected) {
    const there = found.get(name)
    const table = name.startsWith('departments') ? 'departments' : 'user_info'
    const columns = name.includes(` ${WALKED_CORP} `) ? COLUMNS.walked : COLUMNS[table]
    if (there === undefined) differences.push(`${name} has no row`)
    else {
      const wrong = columns.filter((column) => there[column] !== row[column])
      if (wrong.length > 0) differences.push(`${name} is not what the history says in ${wrong.join(', ')}`)
    }
  }
  for (const name of found.keys()) if (!expected.has(name)) differences.push(`${name} has a row that nobody sent`)
  return found.size
}

function asText(row: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]))
}
