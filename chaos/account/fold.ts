import { createHash } from 'node:crypto'
import { rowId, type Told } from '../plan/told'

/** An event that the bus has taken, as the emulator's store has it. */
export interface Accepted {
  id: string
  /** when it happened: what it says, or when the bus got it; in milliseconds since 1970 */
  time: number
  told: Told
}

/** A row as text, a column each; null: nothing there. */
export type Row = Record<string, string | null>

interface State {
  row: Row
  /** what the last leaving has set, and nothing has spoken of since */
  byLeaving: Set<string>
}

const USER = ['name', 'active', 'isAdmin', 'title', 'jobNumber', 'leftAt', 'joinedAt', 'lastAction', 'lastEventId']
const EMPTY: Readonly<Record<Told['table'], readonly string[]>> = {
  user_info: [...USER, 'syncState'],
  departments: ['name', 'parentId', 'sortOrder', 'removedAt', 'lastEventId'],
}
/** What is compared: of whom a roster may have marked, not what names the event that did. */
export const COLUMNS = {
  ...EMPTY,
  walked: ['name', 'active', 'isAdmin', 'title', 'jobNumber', 'leftAt'],
} as const

/**
 * The rows that a history comes to: its events in their order, one after the other, each column written down. It knows
 * nothing of the functions' code; what it knows is what the documents promise.
 */
export function fold(accepted: readonly Accepted[]): Map<string, Row> {
  const states = new Map<string, State>()
  const unique = new Map(accepted.map((one) => [one.id, one]))
  const events = [...unique.values()].filter(({ told }) => !told.isPoison && told.form !== 'roster')
  const heard = new Map<string, number>()
  for (const one of events.toSorted(byOrder)) {
    for (const key of one.told.keys) {
      const name = nameOf(one.told, key)
      const state = states.get(name) ?? { row: emptyRow(one.told.table), byLeaving: new Set<string>() }
      states.set(name, state)
      heard.set(name, one.time)
      if (one.told.table === 'departments') applyToDepartment(state.row, one)
      else applyToUser(state, one, key)
    }
  }
  const rows = new Map([...states].map(([name, { row }]) => [name, row]))
  applyRosters(
    rows,
    heard,
    [...unique.values()].filter(({ told }) => told.form === 'roster'),
  )
  return rows
}

/** What a row is called in the account. */
export function nameOf({ table, corpId }: Pick<Told, 'table' | 'corpId'>, key: string): string {
  return `${table} ${corpId} ${key}`
}

function emptyRow(table: Told['table']): Row {
  return Object.fromEntries(EMPTY[table].map((column) => [column, null]))
}

const hash = (id: string) => createHash('sha256').update(id).digest('hex')
const sequence = ({ told }: Accepted) => (told.form === 'synchttp' ? rowId(told.n) : 0n)
const rank = ({ told: { action } }: Accepted) => Number(action === 'user_leave_org' || action === 'org_dept_remove')

/** A later time wins, then a row's number, then a leaving, then whichever the hashes of the ids say. */
function byOrder(a: Accepted, b: Accepted): number {
  const bySequence = sequence(a) === sequence(b) ? 0 : sequence(a) < sequence(b) ? -1 : 1
  return a.time - b.time || bySequence || rank(a) - rank(b) || (hash(a.id) < hash(b.id) ? -1 : 1)
}

function applyToUser({ row, byLeaving }: State, { id, time, told }: Accepted, key: string): void {
  const { action, errcode, fields } = told
  const says: Row = {}
  if (errcode === 0) {
    const isNative = told.form === 'native' || told.form === 'native-old'
    Object.assign(says, isNative ? changed(told, key) : stated(fields))
    Object.assign(says, { lastAction: action, lastEventId: id, syncState: 'ok' })
  } else says['syncState'] = 'out_of_scope'
  if (action === 'user_active_org') says['active'] = 'true'
  if (action === 'user_add_org') says['joinedAt'] = dateTime(time)
  if (action === 'user_leave_org') {
    Object.assign(row, says, { active: 'false', isAdmin: 'false', leftAt: dateTime(time) })
    byLeaving.add('active').add('isAdmin')
    return
  }
  const isSaid = action === 'user_add_org' || action === 'user_active_org'
  const isFound = action === 'user_snapshot' && errcode === 0
  if (isSaid || isFound || says['active'] === 'true' || says['isAdmin'] === 'true') {
    row['leftAt'] = null
    for (const column of byLeaving) row[column] = null
    byLeaving.clear()
  }
  for (const column of Object.keys(says)) byLeaving.delete(column)
  Object.assign(row, says)
}

function stated({ name, active, isAdmin, title, jobNumber }: Told['fields']): Row {
  return {
    ...(name !== undefined && { name }),
    ...(active !== undefined && { active: String(active) }),
    ...(isAdmin !== undefined && { isAdmin: String(isAdmin) }),
    ...(title !== undefined && { title: title || null }),
    ...(jobNumber !== undefined && { jobNumber: jobNumber || null }),
  }
}

/** A native event has ids, and of a change what is different about the first that it names. */
function changed({ action, keys, fields: { name, jobNumber } }: Told, key: string): Row {
  if (action !== 'user_modify_org' || key !== keys[0]) return {}
  // a number that was there before, and is not any more, is taken away
  return { name: name ?? '曾用名', jobNumber: jobNumber || null }
}

function applyToDepartment(row: Row, { id, time, told: { form, action, fields } }: Accepted): void {
  const { name, parentId, order } = fields
  const tells = form === 'snapshot' || (form === 'synchttp' && action !== 'org_dept_remove')
  if (tells && name !== undefined) row['name'] = name
  if (tells && parentId !== undefined) row['parentId'] = String(parentId)
  if (tells && order !== undefined) row['sortOrder'] = String(order)
  if (action === 'org_dept_remove') row['removedAt'] = dateTime(time)
  if (action === 'org_dept_create' || action === 'dept_snapshot') row['removedAt'] = null
  row['lastEventId'] = id
}

/** Who is not named, and not heard of since, left when the first such roster was made; a leaving that was told says better. */
function applyRosters(rows: Map<string, Row>, heard: ReadonlyMap<string, number>, rosters: readonly Accepted[]): void {
  for (const { time, told } of rosters.toSorted((a, b) => a.time - b.time)) {
    const { after, upTo, ids } = told.range ?? { after: '', upTo: '', ids: [] }
    const named = new Set(ids)
    const prefix = nameOf(told, '')
    for (const [name, row] of rows) {
      const key = name.startsWith(prefix) ? name.slice(prefix.length) : undefined
      if (key === undefined || named.has(key) || row['leftAt'] != null) continue
      if (key <= after || (upTo !== null && key > upTo) || (heard.get(name) ?? 0) > time) continue
      Object.assign(row, { active: 'false', isAdmin: 'false', leftAt: dateTime(time) })
    }
  }
}

function dateTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
}
