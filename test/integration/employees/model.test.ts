import { createHash } from 'node:crypto'
import type { RowDataPacket } from 'mysql2/promise'
import type { OpenedDatabase } from '../../../functions/employees/database'
import { purgesOf } from '../../../functions/employees/maintenance/purge/purgeLeft'
import { runPurge } from '../../../functions/employees/maintenance/purge/runPurge'
import { type Random, seededRandom } from '../../../shared/seededRandom'
import { employeesOn } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { modelRun, modelTables } from '../../support/modelRun'

// The table against a plain model of the history: the events in their order, one after the other, each column written
// down. The events come in every form, shuffled, doubled, in batches, from three instances at once, around a purge.

const { events: EVENTS, seed: SEED } = modelRun({ events: 3_000, seed: 1 })
const EVENTS_A_ROUND = 100

const tables = modelTables()

const ACTIONS = [
  'user_add_org',
  'user_modify_org',
  'user_active_org',
  'user_dept_change',
  'user_role_change',
  'org_admin_add',
  'org_admin_remove',
  'user_leave_org',
] as const
const FORMS = ['connector', 'native', 'old native', 'stream', 'ISV stream', 'synchttp', 'snapshot'] as const
const USERS = ['u1', 'u2', 'u3', 'U1', 'u-4', '0042', 'manager7', 'x', 'y', 'z']
const START = 1_700_000_000_000
const DAY_MS = 86_400_000
const PURGE_AT = START + 2 * DAY_MS

/** What happened, whatever the form in which it is told. */
interface Happening {
  id: string
  users: string[]
  action: (typeof ACTIONS)[number] | 'user_snapshot'
  form: (typeof FORMS)[number]
  time: number
  sequence: number
  errcode: number
  /** undefined: not said; '' and null: there is none */
  fields: { name?: string; active?: boolean; isAdmin?: boolean; title?: string | null; jobNumber?: string }
  /** of a native change: what was before and is not any more */
  removed: boolean
}

const STATES: readonly Happening['form'][] = ['connector', 'synchttp', 'ISV stream', 'snapshot']
const hasState = ({ form }: Happening) => STATES.includes(form)
const MAY_FAIL: readonly Happening['form'][] = ['synchttp', 'ISV stream', 'snapshot']

function happening(random: Random, ids: readonly string[], late: number): Happening {
  const form = random.of(FORMS)
  const second = START + late + 1000 * random.below(5)
  const fields: Happening['fields'] = {
    ...(random.below(2) && { name: random.of(['小明', '小红', 'O’Brien', '🐳']) }),
    ...(random.below(2) && { active: random.of([true, false]) }),
    ...(random.below(3) === 0 && { isAdmin: random.of([true, false]) }),
    ...(random.below(3) === 0 && { title: random.of(['engineer', '', null]) }),
    ...(random.below(3) === 0 && { jobNumber: random.of(['A1', 'A2', '']) }),
  }
  return {
    id: random.of(ids),
    users: form === 'native' && random.below(4) === 0 ? ['u1', 'u2'] : [random.of(USERS)],
    action: form === 'snapshot' ? 'user_snapshot' : random.of(ACTIONS),
    form,
    // SyncHTTP knows whole seconds, and a number that grows; the others meet it there
    time: form === 'synchttp' ? second : second + random.below(3),
    sequence: form === 'synchttp' ? 9_007_199_254_740_990 + random.below(8) : 0,
    errcode: MAY_FAIL.includes(form) && random.below(8) === 0 ? 50_002 : 0,
    fields,
    removed: random.below(4) === 0,
  }
}

/** The event as the form tells it. */
function told(one: Happening): Record<string, unknown> {
  const { id, users, action, form, time, sequence, errcode } = one
  const [user = ''] = users
  const { title, jobNumber, ...common } = one.fields
  const state = {
    ...common,
    ...(title !== undefined && { position: title }),
    ...(jobNumber !== undefined && { jobnumber: jobNumber }),
  }
  const { name } = one.fields
  const curr = { ...(name && { name }), ...(jobNumber !== undefined && !one.removed && { jobNumber }) }
  const diff = { prev: { name: 'before', ...(jobNumber !== undefined && { jobNumber: 'A0' }) }, curr, userid: user }
  const diffInfo = action === 'user_modify_org' ? { diffInfo: { ...diff, curr: { name: 'before', ...curr } } } : {}
  const bodies: Record<Happening['form'], Record<string, unknown>> = {
    connector: { syncAction: action, userId: ` ${user}`, ...state },
    native: { EventType: action, EventTime: time, timeStamp: '1', userId: users, ...diffInfo },
    'old native': { EventType: action, TimeStamp: String(time), UserId: JSON.stringify(users), ...diffInfo },
    stream: {
      eventType: action,
      eventBornTime: time,
      data: { userId: users, timeStamp: '5', ...('diffInfo' in diffInfo && { diffInfo: [diffInfo.diffInfo] }) },
    },
    'ISV stream': {
      eventType: action,
      eventBornTime: String(time),
      data: JSON.stringify({ syncAction: action, userid: user, errcode, ...state }),
    },
    synchttp: {
      syncAction: action,
      errcode,
      ...(action === 'user_leave_org' ? {} : { userid: user }),
      ...state,
      biz_id: user,
      gmt_modified: time,
      row_id: String(BigInt(sequence)),
    },
    snapshot: { syncAction: action, EventTime: time, userId: user, errcode, ...common, ...ofApi(one) },
  }
  const arrives = form === 'connector' ? time : time + 700
  const type = form === 'snapshot' ? { type: 'dingtalk:Directory:Snapshot' } : {}
  return deliveredEvent({ ...bodies[form] }, { id, time: new Date(arrives).toISOString(), ...type })
}

/** As user/get spells them. */
function ofApi({ fields: { isAdmin, title, jobNumber } }: Happening): Record<string, unknown> {
  return {
    isAdmin: undefined,
    ...(isAdmin !== undefined && { admin: isAdmin }),
    ...(title !== undefined && { title }),
    ...(jobNumber !== undefined && { job_number: jobNumber }),
  }
}

type Column =
  | 'name'
  | 'active'
  | 'isAdmin'
  | 'title'
  | 'jobNumber'
  | 'leftAt'
  | 'lastAction'
  | 'lastEventId'
  | 'syncState'
type ModelRow = Partial<Record<Column, string | null>>
interface ModelState {
  row: ModelRow
  /** what the last leaving has set and nothing has spoken of since */
  byLeaving: Set<Column>
}

/** Applies one event to a person's row. */
function apply({ row, byLeaving }: ModelState, one: Happening, user: string): void {
  const says: ModelRow = {}
  if (one.errcode === 0) {
    Object.assign(says, hasState(one) ? stateOf(one) : changesOf(one, user))
    Object.assign(says, { lastAction: one.action, lastEventId: one.id, syncState: 'ok' })
  } else says.syncState = 'out_of_scope'
  if (one.action === 'user_active_org') says.active = 'true'
  if (one.action === 'org_admin_add') says.isAdmin = 'true'
  if (one.action === 'org_admin_remove') says.isAdmin = 'false'

  if (one.action === 'user_leave_org') {
    Object.assign(row, says, { active: 'false', isAdmin: 'false', leftAt: dateTime(one.time) })
    byLeaving.add('active').add('isAdmin')
    return
  }
  const isFound = one.action === 'user_snapshot' && one.errcode === 0
  const isHere = isFound || one.action === 'user_add_org' || says.active === 'true' || says.isAdmin === 'true'
  if (isHere || one.action === 'user_active_org') {
    row.leftAt = null
    for (const column of byLeaving) row[column] = null
  }
  for (const column of Object.keys(says) as Column[]) byLeaving.delete(column)
  Object.assign(row, says)
}

function stateOf({ fields: { name, active, isAdmin, title, jobNumber } }: Happening): ModelRow {
  return {
    ...(name !== undefined && { name }),
    ...(active !== undefined && { active: String(active) }),
    ...(isAdmin !== undefined && { isAdmin: String(isAdmin) }),
    ...(title !== undefined && { title: title || null }),
    ...(jobNumber !== undefined && { jobNumber: jobNumber || null }),
  }
}

/** A native change is about the first of the people that the event names. */
function changesOf({ action, users, fields: { name, jobNumber }, removed }: Happening, user: string): ModelRow {
  if (action !== 'user_modify_org' || user !== users[0]) return {}
  return {
    name: name ?? 'before',
    ...(jobNumber !== undefined && { jobNumber: removed ? null : jobNumber || null }),
  }
}

const hash = (id: string) => createHash('sha256').update(id).digest('hex')
const rank = ({ action }: Happening) => Number(action === 'user_leave_org')
const byOrder = (a: Happening, b: Happening) =>
  a.time - b.time || a.sequence - b.sequence || rank(a) - rank(b) || (hash(a.id) < hash(b.id) ? -1 : 1)
const dateTime = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')

/** @param purged who was purged, between the events before PURGE_AT and those after it */
function model(history: readonly Happening[], purged: ReadonlySet<string>): Map<string, ModelRow> {
  const states = new Map<string, ModelState>()
  const stateFor = (user: string) => {
    const state = states.get(user) ?? { row: {}, byLeaving: new Set<Column>() }
    states.set(user, state)
    return state
  }
  const sorted = history.toSorted(byOrder)
  const before = sorted.filter(({ time }) => time < PURGE_AT)
  for (const one of before) for (const user of one.users) apply(stateFor(user), one, user)
  for (const user of purged) stateFor(user).row.name = null
  for (const one of sorted.slice(before.length)) for (const user of one.users) apply(stateFor(user), one, user)
  return new Map([...states].map(([user, { row }]) => [user, row]))
}

/** Ids of which many share the first 20 bits of their hashes. */
function collidingIds(random: Random, count: number): string[] {
  const known = new Map<string, string>()
  const ids: string[] = []
  while (ids.length < count) {
    const id = `e${random.below(2 ** 31)}`
    const other = known.get(hash(id).slice(0, 5))
    known.set(hash(id).slice(0, 5), id)
    if (other !== undefined && other !== id) ids.push(id, other)
  }
  return ids
}

/** Shuffled, some twice, in batches, from three instances at once; a batch that fails comes again, as EventBridge does it. */
async function arrive(random: Random, history: readonly Happening[]): Promise<void> {
  const doubled = random.shuffled([...history, ...history.filter(() => random.below(5) === 0)])
  const size = 1 + random.below(40)
  const batches: Happening[][] = [[]]
  for (const one of doubled) {
    batches.at(-1)?.push(one)
    if (random.below(size) === 0) batches.push([])
  }
  await Promise.all(
    tables.instances.map(async (database, turn) => {
      const deliver = employeesOn(database)
      for (const batch of batches.filter((_, index) => index % tables.instances.length === turn)) {
        for (let tries = 1; ; tries++) {
          try {
            await deliver(batch.length === 1 ? told(batch[0] as Happening) : batch.map(told))
            break
          } catch (error) {
            if (tries === 20) throw error
          }
        }
      }
    }),
  )
}

async function table(): Promise<Map<string, ModelRow>> {
  const columns = 'userId, name, active, isAdmin, title, jobNumber, leftAt, lastAction, lastEventId, syncState'
  const [rows] = await tables.observer.query<RowDataPacket[]>(`SELECT ${columns} FROM user_info`)
  return new Map(rows.map(({ userId, ...row }) => [userId, row as ModelRow]))
}

function withoutUndefined(rows: Map<string, ModelRow>): Record<string, ModelRow> {
  const empty = { name: null, active: null, isAdmin: null, title: null, jobNumber: null, leftAt: null }
  const rest = { lastAction: null, lastEventId: null, syncState: null }
  return Object.fromEntries([...rows].sort().map(([user, row]) => [user, { ...empty, ...rest, ...row }]))
}

test(`${EVENTS} events in all forms end in the table that a plain fold of them says`, async () => {
  for (let round = 0; round * EVENTS_A_ROUND < EVENTS; round++) {
    const random = seededRandom(SEED * 1_000_000 + round)
    const ids = collidingIds(random, 4 * EVENTS_A_ROUND)
    const unique = new Map<string, Happening>()
    const take = (count: number, late: number) =>
      Array.from({ length: count }, () => happening(random, ids, late)).filter((one) => {
        // an id is one event's
        if (unique.has(one.id)) return false
        return unique.set(one.id, one)
      })
    const early = take(EVENTS_A_ROUND / 2, 0)
    const after = [...take(EVENTS_A_ROUND / 4, 0), ...take(EVENTS_A_ROUND / 4, 3 * DAY_MS)]

    await tables.observer.query('DELETE FROM user_info')
    await arrive(random, early)
    const purged = new Set([...(await table())].filter(([, row]) => row.leftAt != null).map(([user]) => user))
    const [purge] = purgesOf([shippedMapping], 1, PURGE_AT)
    if (purge) await runPurge(tables.instances[0] as OpenedDatabase, purge)
    await arrive(random, after)

    const found = await table()
    expect({ seed: SEED, round, rows: withoutUndefined(found) }).toEqual({
      seed: SEED,
      round,
      rows: withoutUndefined(model([...early, ...after], purged)),
    })
    for (const row of found.values()) expect(row.active === 'true' && row.leftAt != null).toBe(false)
    for (const row of found.values()) expect(row.isAdmin === 'true' && row.leftAt != null).toBe(false)
  }
})
