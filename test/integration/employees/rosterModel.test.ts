import type { RowDataPacket } from 'mysql2/promise'
import { type Random, seededRandom } from '../../../shared/seededRandom'
import { employeesOn } from '../../support/employees'
import { deliveredEvent, rosterEvent, snapshotEvent } from '../../support/events'
import { keptLog } from '../../support/logs'
import { shippedMapping } from '../../support/mapping'
import { modelRun, modelTables } from '../../support/modelRun'

// Walks over an organisation: snapshots, failures among them, and rosters, beside the leaves that were heard of. The events
// of a walk come in any order, rosters and leaves walks late, all of it twice, from three instances at once: the table is
// what a plain fold says of it. Only a snapshot comes before the next walk's rosters: nobody is marked twice, so a roster
// that finds somebody gone already is not remembered, should the snapshot say later that they were there in between.

const { events: EVENTS, seed: SEED } = modelRun({ events: 3_000, seed: 1 })
const EVENTS_A_ROUND = 150

const tables = modelTables()

const USERS = ['0042', 'U1', 'Z', 'manager7', 'u-4', 'u1', 'u2', 'x', 'y', 'z']
const BOUNDS = ['', '0042', 'U1', 'a', 'u1', 'u15', 'x', 'zz']
const START = 1_700_000_000_000
const WALK_MS = 1_000
const WALKS = 20
/** so many walks later */
const LATE = 4

type Told =
  | { kind: 'snapshot'; time: number; user: string; errcode: number; active: boolean; title: string }
  | { kind: 'leave'; time: number; user: string }
  | { kind: 'roster'; time: number; after: string; upTo: string | null; ids: string[] }
type Happening = Told & { id: string }

/** Whoever leaves stays away: an event that says so is the last of them. */
function history(random: Random): Happening[] {
  const left = new Map(
    USERS.filter(() => random.below(3) === 0).map((user) => [user, START + random.below(WALKS * WALK_MS)]),
  )
  let ids = 0
  return Array.from({ length: EVENTS_A_ROUND }, (): Happening[] => {
    const id = `e${++ids}`
    const walk = START + (1 + random.below(WALKS)) * WALK_MS
    if (random.below(3) === 0) {
      const after = random.of(BOUNDS)
      const upTo = random.below(3) === 0 ? null : random.of(BOUNDS.slice(1))
      const named = USERS.filter((user) => random.below(5) > 0 && (left.get(user) ?? Number.POSITIVE_INFINITY) > walk)
      return [{ id, kind: 'roster', time: walk, after, upTo, ids: named }]
    }
    const user = random.of(USERS)
    const gone = left.get(user)
    if (gone !== undefined && random.below(4) === 0) return [{ id, kind: 'leave', time: gone, user }]
    const time = walk + 1 + random.below(WALK_MS - 1)
    if (gone !== undefined && time > gone) return []
    const errcode = random.below(8) === 0 ? 50_002 : 0
    const [active, title] = [random.below(3) > 0, random.of(['engineer', 'lead', ''])]
    return [{ id, kind: 'snapshot', time, user, errcode, active, title }]
  }).flat()
}

function event(one: Happening): Record<string, unknown> {
  const { id, kind, time } = one
  const common = { CorpId: 'ding1', EventTime: time }
  if (kind === 'roster') {
    return rosterEvent({ ...common, after: one.after, upTo: one.upTo, ids: one.ids }, { id })
  }
  if (kind === 'leave') {
    const arrives = new Date(time + 700).toISOString()
    return deliveredEvent({ ...common, EventType: 'user_leave_org', userId: [one.user] }, { id, time: arrives })
  }
  const { user: userId, errcode, active, title } = one
  return snapshotEvent({ ...common, userId, ...(errcode ? { errcode } : { active, admin: false, title }) }, { id })
}

/** What comes between one walk and the next, shuffled. */
function arrivals(random: Random, all: readonly Happening[]): Happening[][] {
  const batches = Array.from({ length: WALKS + LATE + 2 }, (): Happening[] => [])
  for (const one of all) {
    const walk = Math.floor((one.time - START) / WALK_MS)
    const first = one.kind === 'snapshot' ? walk : walk + random.below(LATE)
    batches[first]?.push(one)
    if (random.below(4) === 0) batches[first + random.below(batches.length - first)]?.push(one)
  }
  return batches.map((batch) => random.shuffled(batch))
}

interface Row {
  active: string | null
  title: string | null
  leftAt: string | null
}

const dateTime = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
const byTime = (a: Happening, b: Happening) => a.time - b.time

/** A roster counts that is of after the last that was heard of somebody. */
function model(all: readonly Happening[]): Record<string, Row> {
  return Object.fromEntries(
    USERS.map((user) => {
      const row: Row = { active: 'true', title: null, leftAt: null }
      const own = all.filter((one) => one.kind !== 'roster' && one.user === user).toSorted(byTime)
      for (const one of own) {
        if (one.kind === 'leave') Object.assign(row, { active: 'false', leftAt: dateTime(one.time) })
        if (one.kind === 'snapshot' && one.errcode === 0) {
          Object.assign(row, { active: String(one.active), title: one.title || null, leftAt: null })
        }
      }
      const heard = own.at(-1)?.time ?? START
      const roster = all
        .toSorted(byTime)
        .find((one) => one.kind === 'roster' && one.time >= heard && isIn(one, user) && !one.ids.includes(user))
      if (roster && row.leftAt === null) Object.assign(row, { active: 'false', leftAt: dateTime(roster.time) })
      return [user, row]
    }),
  )
}

function lastOf(all: readonly Happening[], user: string) {
  const snapshots = all.flatMap((one) => (one.kind === 'snapshot' && one.user === user ? [one] : []))
  return snapshots.toSorted(byTime).at(-1)
}

function isIn({ after, upTo }: { after: string; upTo: string | null }, user: string): boolean {
  return user > after && (upTo === null || user <= upTo)
}

test(`${EVENTS} snapshots, rosters and leaves end in the table that a plain fold of them says`, async () => {
  for (let round = 0; round * EVENTS_A_ROUND < EVENTS; round++) {
    const random = seededRandom(SEED * 1_000_000 + round)
    const all = history(random)
    const limit = { count: USERS.length, percent: 100 }
    const [first, ...others] = tables.instances.map((database) => {
      return employeesOn(database, shippedMapping, keptLog(), Date.now, limit)
    })
    await tables.observer.query('DELETE FROM user_info')
    const known = { CorpId: 'ding1', EventTime: START, active: true, admin: false }
    await first?.(USERS.map((userId) => snapshotEvent({ ...known, userId }, { id: `first-${userId}` })))
    for (const batch of arrivals(random, all)) {
      await Promise.all(
        [first, ...others].map(async (deliver, turn) => {
          for (const [at, one] of batch.entries())
            if (at % tables.instances.length === turn) await deliver?.(event(one))
        }),
      )
    }
    const found: Record<string, Row> = {}
    const [rows] = await tables.observer.query<RowDataPacket[]>('SELECT userId, active, title, leftAt FROM user_info')
    const expected = model(all)
    for (const { userId, ...row } of rows) {
      // a failure says that they are here, and not in what state: what the roster has written over is unknown then
      const isUnknown = row['active'] === null && lastOf(all, userId)?.errcode === 50_002
      found[userId] = isUnknown ? { ...(row as Row), active: expected[userId]?.active ?? null } : (row as Row)
    }
    expect({ seed: SEED, round, rows: found }).toEqual({ seed: SEED, round, rows: expected })
  }
}, 300_000)
