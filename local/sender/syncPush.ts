import { randomInt } from 'node:crypto'
import type { EventKind } from './events'
import { newEventId, type Occasion } from './nativeEvent'
import { dingIdOf, employeeFields, type Person } from './person'

/** What a row is about, by what the documents call `biz_type`. */
interface Row {
  bizType: number
  bizId: string
  /** the state of the object, which goes as JSON text */
  data: Record<string, unknown>
}

const [DEPARTMENT, ROLE] = [433_885_002, 385_618_074]

/**
 * The push of an ISV app's SyncHTTP, before encryption: a row each object, with its state. A leave and a removal carry
 * next to nothing.
 * https://open.dingtalk.com/document/development/configure-synchttp-push
 */
export function syncPush(kind: EventKind, occasion: Occasion): Record<string, unknown> {
  const { corpId, now } = occasion
  const bizData = rowsOf(kind, occasion).map(({ bizType, bizId, data }) => ({
    id: randomInt(2 ** 47),
    gmt_create: now,
    gmt_modified: now,
    biz_type: bizType,
    biz_id: bizId,
    corp_id: corpId,
    subscribe_id: '14999999001_0',
    open_cursor: 0,
    status: 0,
    biz_data: JSON.stringify({ syncAction: kind.name, ...data }),
  }))
  return { EventType: 'SYNC_HTTP_PUSH_MEDIUM', bizData }
}

function rowsOf({ name, about }: EventKind, { people, corpId }: Occasion): Row[] {
  const isRemoval = name.endsWith('_remove')
  switch (about) {
    case 'employee':
      return people.map((person) => ({
        bizType: 13,
        bizId: person.userId,
        data: name === 'user_leave_org' ? leaver(person) : employee(person),
      }))
    case 'department':
      return [{ bizType: 14, bizId: String(DEPARTMENT), data: isRemoval ? {} : department() }]
    case 'role':
      return [{ bizType: 15, bizId: String(ROLE), data: role() }]
    case 'corporation':
      return [{ bizType: 16, bizId: corpId, data: isRemoval ? {} : corporation(corpId) }]
    // SyncHTTP has no rows about these
    case 'role of an employee':
    case 'url':
      return []
  }
}

function leaver({ userId }: Person): Record<string, unknown> {
  return { unionid: `${userId}iE`, dingId: dingIdOf(userId), userId, eventId: newEventId() }
}

function employee(person: Person): Record<string, unknown> {
  return {
    errcode: 0,
    errmsg: 'ok',
    unionid: `${person.userId}iE`,
    userid: person.userId,
    ...employeeFields(person),
    roles: [{ id: 20_768, name: '行政', groupName: '职务', type: 0 }],
    position: '总监',
    jobnumber: '002',
    managerUserid: 'manager001',
    hiredDate: 1_544_976_000_000,
    exclusiveAccount: false,
    realAuthed: false,
    unionEmpExt: {},
    syncSeq: '342A1036CFC0257DD540210FAB',
  }
}

function department(): Record<string, unknown> {
  return {
    errcode: 0,
    errmsg: 'ok',
    id: DEPARTMENT,
    parentid: 1,
    name: '前端组',
    order: DEPARTMENT,
    autoAddUser: true,
    createDeptGroup: true,
    deptHiding: false,
    outerDept: false,
    userPerimits: '',
    userPermits: '',
  }
}

function role(): Record<string, unknown> {
  return { role_name: '角色01', role_id: ROLE, group_id: 363_155_532, group_name: '默认角色组' }
}

function corporation(corpId: string): Record<string, unknown> {
  return {
    errcode: 0,
    errmsg: 'ok',
    corpid: corpId,
    corp_name: 'XX企业',
    corp_logo_url: '',
    auth_level: 1,
    is_authenticated: true,
    industry: '计算机软件',
  }
}
