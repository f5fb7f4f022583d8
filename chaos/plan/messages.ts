import { MARK, ownId, rowId, type Told } from './told'

/** What is sent of an event, before it is signed and encrypted, or published. */
export type Message = Readonly<Record<string, unknown>>

/**
 * An event as its form tells it.
 * @param begin of the history, in milliseconds since 1970
 */
export function messageOf(told: Told, begin: number, seed: number): Message {
  const { n, form, corpId, action, keys, errcode } = told
  const time = begin + told.at
  const mark = { [MARK]: n }
  switch (form) {
    case 'connector':
      return { syncAction: action, CorpId: corpId, userId: keys[0], ...stateOf(told), ...mark }
    case 'native':
      return {
        ...{ EventType: action, EventTime: time, CorpId: corpId, BizId: String(time), eventId: ownId(told, seed) },
        ...{ ...idsOf(told, ['userId', 'deptId']), timeStamp: String(time), ...diffOf(told), ...mark },
      }
    case 'native-old':
      return {
        ...{ EventType: action, TimeStamp: String(time), CorpId: corpId },
        ...{ ...idsOf(told, ['UserId', 'DeptId']), ...diffOf(told), ...mark },
      }
    case 'synchttp':
      return { EventType: 'SYNC_HTTP_PUSH_MEDIUM', bizData: [syncRow(told, time)] }
    case 'snapshot':
      return {
        ...{ syncAction: action, CorpId: corpId, EventTime: time, errcode, ...mark },
        ...(told.table === 'departments' ? { deptId: Number(keys[0]), ...ofDepartmentApi(told) } : userOfApi(told)),
      }
    case 'roster':
      return { syncAction: action, CorpId: corpId, EventTime: time, ...told.range, ...mark }
  }
}

function idsOf({ table, keys }: Told, [user = '', department = '']: readonly string[]): Message {
  return table === 'departments' ? { [department]: keys.map(Number) } : { [user]: keys }
}

/** A connector's, and a SyncHTTP row's. */
function stateOf({ fields: { name, active, isAdmin, title, jobNumber } }: Told): Message {
  return {
    ...defined({ name, active, isAdmin }),
    ...(title !== undefined && { position: title }),
    ...(jobNumber !== undefined && { jobnumber: jobNumber }),
  }
}

function defined(fields: Record<string, unknown>): Message {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** A native change is about the first of those that the event names. */
function diffOf({ action, keys, fields: { name, jobNumber } }: Told): Message {
  if (action !== 'user_modify_org') return {}
  const curr = { name: name ?? '曾用名', ...(jobNumber !== undefined && { jobNumber }) }
  return { diffInfo: { prev: { name: '曾用名', jobNumber: 'A0' }, curr, userid: keys[0] } }
}

function syncRow(told: Told, time: number): Message {
  const { n, table, corpId, action, keys, errcode, fields } = told
  const isDepartment = table === 'departments'
  const { name, parentId: parentid, order } = fields
  const state = isDepartment
    ? { id: Number(keys[0]), ...(action === 'org_dept_remove' ? {} : defined({ name, parentid, order })) }
    : { ...(action === 'user_leave_org' ? {} : { userid: keys[0] }), ...stateOf(told) }
  return {
    ...{ id: String(rowId(n)), gmt_create: time, gmt_modified: time, biz_type: isDepartment ? 14 : 13 },
    ...{ biz_id: keys[0], corp_id: corpId, subscribe_id: '14999999001_0', open_cursor: 0, status: 0 },
    biz_data: JSON.stringify({ syncAction: action, errcode, ...state, [MARK]: n }),
  }
}

function userOfApi({ keys, fields: { name, active, isAdmin, title, jobNumber } }: Told): Message {
  return { userId: keys[0], ...defined({ name, active, admin: isAdmin, title, job_number: jobNumber }) }
}

function ofDepartmentApi({ fields: { name, parentId, order } }: Told): Message {
  return defined({ name, parent_id: parentId, order })
}
