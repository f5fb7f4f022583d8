import { createHash } from 'node:crypto'
import type { RowDataPacket } from 'mysql2/promise'
import { readMappings } from '../../../shared/mapping/readMappings'
import { type Random, seededRandom } from '../../../shared/seededRandom'
import { employeesOn } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { modelRun, modelTables } from '../../support/modelRun'

// Lives of approvals, whose events have stages, and of bookings, which come as lists of items. They come shuffled, doubled,
// in batches, from three instances at once, and the tables are what a plain fold of them says, stage by stage.

const { events: EVENTS, seed: SEED } = modelRun({ events: 3_000, seed: 1 })
const EVENTS_A_ROUND = 100

const mappings = readMappings(
  `
table: approvals
action: [.EventType, .headers.eventType]
subtype: .type
time: [.EventTime, .finishTime, .createTime, $.time]
events:
  bpms/start: { set: { status: running } }
  bpms/finish: { stage: 1 }
  bpms/terminate: { stage: 1, set: { status: terminated } }
  bpms/delete: { stage: 2, ends: deletedAt, set: { status: deleted } }
  bpms/restore: { stage: 2, set: { deletedAt: null } }
key: { id: { type: VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, from: .processInstanceId } }
columns:
  status: { slot: 0, type: VARCHAR(16) NULL, from: .result, values: { yes: agree, no: refuse } }
  startedAt: { slot: 1, type: DATETIME(3) NULL, as: time, from: .createTime }
  finishedAt: { slot: 3, type: DATETIME(3) NULL, as: time, from: [.finishTime, .finshTime] }
  title: { slot: 2, type: VARCHAR(16) NULL, from: .title, empty: keep }
  deletedAt: { slot: 4, type: DATETIME(3) NULL, as: time }
---
table: bookings
action: .EventType
subtype: .eventSubType
time: ["@.bookTime", $.time]
each: .bookings
events:
  book/approval: { set: { status: waiting } }
  book/bookSuccess: { stage: 1, set: { status: booked } }
  book/bookCancel: { stage: 2, set: { status: cancelled } }
  book/bookRefuse: { stage: 2, set: { status: refused } }
key: { id: { type: VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, from: "@.bookId" } }
columns:
  status: { slot: 0, type: VARCHAR(16) NULL }
  capacity: { slot: 1, type: INT NULL, as: firstInteger, from: "@.capacity" }
  calendar: { slot: 2, type: VARCHAR(16) NULL, from: "@.calendarEventId", after: ";" }
`,
  'mapping.yaml',
)
const tables = modelTables(mappings)

const START = 1_700_000_000_000
const IDS = ['p1', 'p2', 'P1', 'p-4']
const STAGES: Readonly<Record<string, number>> = {
  finish: 1,
  terminate: 1,
  delete: 2,
  restore: 2,
  bookSuccess: 1,
  bookCancel: 2,
  bookRefuse: 2,
}

type Row = Record<string, string | number | null>
interface Happening {
  id: string
  table: 'approvals' | 'bookings'
  key: string
  subtype: string
  time: number
  /** what it says of columns, but for the status of a subtype */
  says: Row
}
/** One event as it is told: of bookings several at once. */
interface Told {
  event: Record<string, unknown>
  happenings: Happening[]
}

const wall = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().replace('T', ' ').replace('Z', '')
const dateTime = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
const arrival = new Date(START + 3_600_000).toISOString()

function approval(random: Random, id: string): Told {
  const key = random.of(IDS)
  const subtype = random.of(['start', 'finish', 'terminate', 'delete', 'restore', 'comment'])
  const time = START + random.below(6)
  const [createTime, finishTime] = [START + random.below(3), START + random.below(6)]
  const result = subtype === 'finish' ? random.of(['yes', 'no', 'redirect', undefined]) : undefined
  const title = random.of(['a', 'b', '', undefined])
  const isFinished = subtype !== 'start' && subtype !== 'comment'
  const hasCapitals = random.below(3) === 0
  const fields = {
    type: subtype,
    EventTime: random.of([time, String(time), dateTime(time).replace(' ', 'T').concat('Z')]),
    createTime: random.of([createTime, wall(createTime)]),
    ...(isFinished && { [random.of(['finishTime', 'finshTime'])]: finishTime }),
    ...(result && { result }),
    ...(title !== undefined && { title }),
    processInstanceId: key,
  }
  const spelled = Object.entries(fields).map(([name, value]) => [hasCapitals ? capital(name) : name, value])
  const says: Row = {
    startedAt: dateTime(createTime),
    ...(isFinished && { finishedAt: dateTime(finishTime) }),
    ...(title && { title }),
    ...(result && { status: { yes: 'agree', no: 'refuse' }[result] ?? result }),
  }
  const body = { [random.of(['EventType', 'eventType'])]: 'bpms', ...Object.fromEntries(spelled) }
  const happenings: Happening[] = subtype === 'comment' ? [] : [{ id, table: 'approvals', key, subtype, time, says }]
  return { event: deliveredEvent(body, { id, time: arrival }), happenings }
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}

function bookings(random: Random, id: string): Told {
  const subtype = random.of(['approval', 'bookSuccess', 'bookCancel', 'bookRefuse'])
  const items = IDS.filter(() => random.below(2) === 0).map((key) => {
    const time = START + random.below(6)
    const capacity = random.of([undefined, 5, 20])
    const calendar = random.of([undefined, 'x', 'y'])
    const item = {
      bookId: key,
      bookTime: wall(time),
      ...(capacity && { capacity: random.of([capacity, `${capacity}人`, `${capacity}人以上`]) }),
      ...(calendar && { calendarEventId: `primary;${calendar}` }),
    }
    const says: Row = { ...(capacity && { capacity }), ...(calendar && { calendar }) }
    const happening: Happening = { id, table: 'bookings', key, subtype, time, says }
    return { item: random.below(2) ? item : JSON.stringify(item), happening }
  })
  const list = items.map(({ item }) => item)
  // one that nobody can read takes no other along
  if (random.below(4) === 0) list.splice(random.below(list.length + 1), 0, { bookTime: wall(START) } as never)
  const told = random.below(2) ? list : JSON.stringify(list)
  const body = { EventType: 'book', eventSubType: subtype, [random.of(['bookings', 'Bookings'])]: told }
  return { event: deliveredEvent(body, { id, time: arrival }), happenings: items.map(({ happening }) => happening) }
}

const SETS: Readonly<Record<string, string>> = {
  start: 'running',
  terminate: 'terminated',
  delete: 'deleted',
  approval: 'waiting',
  bookSuccess: 'booked',
  bookCancel: 'cancelled',
  bookRefuse: 'refused',
}
const EMPTY: Readonly<Record<string, Row>> = {
  approvals: { status: null, startedAt: null, finishedAt: null, title: null, deletedAt: null },
  bookings: { status: null, capacity: null, calendar: null },
}

const hash = (id: string) => createHash('sha256').update(id).digest('hex')
const stageOf = ({ subtype }: Happening) => STAGES[subtype] ?? 0
const rank = ({ subtype }: Happening) => Number(subtype === 'delete')
const byOrder = (a: Happening, b: Happening) =>
  stageOf(a) - stageOf(b) || a.time - b.time || rank(a) - rank(b) || (hash(a.id) < hash(b.id) ? -1 : 1)

function model(happenings: readonly Happening[]): Record<string, Row> {
  const rows = new Map<string, Row>()
  const ended = new Set<string>()
  for (const { table, key, subtype, time, says } of happenings.toSorted(byOrder)) {
    const name = `${table} ${key}`
    const row = rows.get(name) ?? { ...EMPTY[table] }
    rows.set(name, row)
    if (subtype === 'restore') {
      row['deletedAt'] = null
      if (ended.delete(name)) row['status'] = null
    }
    const status = SETS[subtype] ?? says['status']
    if (status !== undefined) ended.delete(name)
    Object.assign(row, says, status !== undefined && { status })
    if (subtype !== 'delete') continue
    row['deletedAt'] = dateTime(time)
    ended.add(name)
  }
  return Object.fromEntries([...rows].sort())
}

async function arrive(random: Random, told: readonly Told[]): Promise<void> {
  const doubled = random.shuffled([...told, ...told.filter(() => random.below(4) === 0)])
  const size = 1 + random.below(30)
  const batches: Told[][] = [[]]
  for (const one of doubled) {
    batches.at(-1)?.push(one)
    if (random.below(size) === 0) batches.push([])
  }
  await Promise.all(
    tables.instances.map(async (database, turn) => {
      const deliver = employeesOn(database, mappings)
      for (const batch of batches.filter((_, index) => index % tables.instances.length === turn)) {
        for (let tries = 1; ; tries++) {
          try {
            await deliver(batch.map(({ event }) => event))
            break
          } catch (error) {
            if (tries === 20) throw error
          }
        }
      }
    }),
  )
}

async function found(): Promise<Record<string, Row>> {
  const all = await Promise.all(
    Object.entries(EMPTY).map(async ([table, columns]) => {
      const [rows] = await tables.observer.query<RowDataPacket[]>(`SELECT id, ${Object.keys(columns)} FROM ${table}`)
      return rows.map(({ id, ...row }): [string, Row] => [`${table} ${id}`, row])
    }),
  )
  return Object.fromEntries(all.flat().sort())
}

test(`${EVENTS} events in stages and in lists end in the tables that a plain fold of them says`, async () => {
  for (let round = 0; round * EVENTS_A_ROUND < EVENTS; round++) {
    const random = seededRandom(SEED * 1_000_000 + round)
    const told = Array.from({ length: EVENTS_A_ROUND }, (_, index) => {
      const id = `e${round}-${index}-${random.below(2 ** 31)}`
      return random.below(2) ? approval(random, id) : bookings(random, id)
    })
    await tables.observer.query('DELETE FROM approvals')
    await tables.observer.query('DELETE FROM bookings')
    await arrive(random, told)
    expect({ seed: SEED, round, rows: await found() }).toEqual({
      seed: SEED,
      round,
      rows: model(told.flatMap(({ happenings }) => happenings)),
    })
  }
})
