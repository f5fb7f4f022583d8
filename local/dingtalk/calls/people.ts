import { badArgument, departmentOutOfRange, noSuchDepartment, noSuchUser, userOutOfRange } from '../callError'
import type { Directory } from '../directory'
import type { Person, Placement } from '../organisation'
import { type Arguments, flagOf, idOf, numberOf, textOf, withCode } from './arguments'

const LANGUAGES = ['zh_CN', 'en_US']

/** topapi/v2/user/get. Of an exclusive account the login id will do, and goes before the user id. */
export function getUser(args: Arguments, directory: Directory): unknown {
  const { people } = directory.organisation
  const loginId = textOf(args, 'login_id')
  const userid = textOf(args, 'userid')
  if (!loginId && !userid) throw badArgument()
  if (!LANGUAGES.includes(textOf(args, 'language') ?? 'zh_CN')) throw badArgument()
  const person = loginId ? findByLogin(people, loginId) : people.get(userid ?? '')
  if (person === undefined) throw noSuchUser()
  if (!directory.seesPerson(person)) throw userOutOfRange()
  return wholePerson(person, directory)
}

function findByLogin(people: ReadonlyMap<string, Person>, loginId: string): Person | undefined {
  for (const person of people.values()) if (person.account?.loginId === loginId) return person
  return undefined
}

/** topapi/v2/user/list: those directly in a department, a page of them. */
export function listUsers(args: Arguments, directory: Directory): unknown {
  const deptId = requireDepartment(args, directory)
  const cursor = numberOf(args, 'cursor', { min: 0, max: 100_000 })
  const size = numberOf(args, 'size', { min: 1, max: 100 })
  return pageOf(membersFor(args, deptId, directory), cursor, size, (person) => listedPerson(person, deptId, directory))
}

/** topapi/user/listsimple: the same, names alone. */
export function listSimpleUsers(args: Arguments, directory: Directory): unknown {
  const deptId = requireDepartment(args, directory)
  const cursor = withCode(40_068, '不合法的偏移量', () => numberOf(args, 'cursor', { min: 0, max: 100_000 }))
  const size = withCode(40_069, '不合法的分页大小', () => numberOf(args, 'size', { min: 1, max: 100 }))
  const members = membersFor(args, deptId, directory)
  return pageOf(members, cursor, size, ({ name, userid }) => ({ name, userid }))
}

/** topapi/user/listid: all at once, and whatever the range. */
export function listUserIds(args: Arguments, { organisation, access }: Directory): unknown {
  const deptId = idOf(args, 'dept_id')
  if (!organisation.departments.has(deptId)) throw noSuchDepartment()
  if (access.emptied.includes('qyapi_get_member')) return { userid_list: [] }
  return { userid_list: organisation.members(deptId).map(({ userid }) => userid) }
}

/** topapi/user/count, whatever the range. */
export function countUsers(args: Arguments, { organisation: { people }, access, countActive }: Directory): unknown {
  if (access.emptied.includes('qyapi_get_member')) return { count: 0 }
  return { count: flagOf(args, 'only_active') ? countActive() : people.size }
}

/** topapi/user/listadmin, whatever the range. */
export function listAdmins(_: Arguments, { organisation: { people } }: Directory): unknown {
  const admins = [...people.values()].filter(({ adminLevel }) => adminLevel > 0)
  return admins.map(({ userid, adminLevel }) => ({ sys_level: adminLevel, userid }))
}

function requireDepartment(args: Arguments, { organisation, seesDepartment }: Directory): string {
  const deptId = idOf(args, 'dept_id')
  // such as -1, the school's contacts
  if (!organisation.departments.has(deptId)) throw noSuchDepartment()
  if (!seesDepartment(deptId)) throw departmentOutOfRange()
  return deptId
}

const ORDERS: Readonly<Record<string, (deptId: string) => (one: Person, other: Person) => number>> = {
  entry_asc: () => (one, other) => one.createdAt - other.createdAt,
  entry_desc: () => (one, other) => other.createdAt - one.createdAt,
  modify_asc: () => (one, other) => one.modifiedAt - other.modifiedAt,
  modify_desc: () => (one, other) => other.modifiedAt - one.modifiedAt,
  custom: (deptId) => (one, other) => compareOrders(placeIn(other, deptId)?.order, placeIn(one, deptId)?.order),
}

/** Who is restricted, which is written nowhere, is here whoever is in hidden departments alone. */
function membersFor(args: Arguments, deptId: string, directory: Directory): readonly Person[] {
  const order = textOf(args, 'order_field') ?? 'custom'
  const compare = ORDERS[order]
  if (compare === undefined) throw badArgument()
  const containsRestricted = flagOf(args, 'contain_access_limit', false)
  const { organisation, access } = directory
  if (access.emptied.includes('qyapi_get_department_member')) return []
  const members = directory.sortedMembers(deptId, order, compare(deptId))
  if (containsRestricted) return members
  const isHidden = (place: Placement) => organisation.departments.get(place.deptId)?.hidden === true
  return members.filter(({ placements }) => !placements.every(isHidden))
}

/** The cursor is an offset, so who joins or leaves meanwhile shifts the rest. The last page names no next one. */
function pageOf<T>(all: readonly T[], cursor: number, size: number, tell: (item: T) => unknown): unknown {
  const list = all.slice(cursor, cursor + size).map(tell)
  const next = cursor + size
  return next < all.length ? { has_more: true, next_cursor: next, list } : { has_more: false, list }
}

function placeIn({ placements }: Person, deptId: string): Placement | undefined {
  return placements.find((place) => place.deptId === deptId)
}

function compareOrders(one = '0', other = '0'): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0)
}

/** What both calls tell of a person. Of fields whose grant is missing nothing is said. */
function commonFields(person: Person, { access: { grants } }: Directory): Record<string, unknown> {
  const { placements, account, adminLevel } = person
  return {
    active: person.active,
    admin: adminLevel > 0,
    avatar: person.avatar,
    boss: person.boss,
    dept_id_list: placements.map(({ deptId }) => BigInt(deptId)),
    exclusive_account: account !== undefined,
    hide_mobile: person.hideMobile,
    hired_date: person.hiredAt,
    job_number: person.jobNumber,
    name: person.name,
    telephone: person.telephone,
    title: person.title,
    unionid: person.unionid,
    userid: person.userid,
    ...(account && {
      disable_status: account.stopped,
      exclusive_account_type: 'dingtalk',
      login_id: account.loginId,
      nickname: account.nickname,
    }),
    ...(grants.includes('mobile') && { mobile: person.mobile, state_code: '86' }),
    ...(grants.includes('email') && {
      email: person.email,
      extension: '{}',
      remark: person.remark,
      work_place: person.workPlace,
    }),
  }
}

function listedPerson(person: Person, deptId: string, directory: Directory): Record<string, unknown> {
  const { order = '0', leader = false } = placeIn(person, deptId) ?? {}
  return sorted({ ...commonFields(person, directory), dept_order: BigInt(order), leader })
}

function wholePerson(person: Person, directory: Directory): Record<string, unknown> {
  const { placements, union, managerId, roles } = person
  const { extension: _, ...fields } = commonFields(person, directory)
  const held = directory.organisation.roles.filter(({ id }) => roles.includes(id))
  return sorted({
    ...fields,
    create_time: new Date(person.createdAt).toISOString(),
    dept_order_list: placements.map(({ deptId, order }) => ({ dept_id: BigInt(deptId), order: BigInt(order) })),
    leader_in_dept: placements.map(({ deptId, leader }) => ({ dept_id: BigInt(deptId), leader })),
    manager_userid: managerId,
    real_authed: person.realAuthed,
    role_list:
      held.length > 0
        ? held.map(({ id, name, groupName }) => ({ group_name: groupName, id: BigInt(id), name }))
        : undefined,
    senior: person.senior,
    union_emp_ext: union
      ? {
          corp_id: union.corpId,
          union_emp_map_list: [{ corp_id: union.corpId, userid: union.userid }],
          userid: union.userid,
        }
      : {},
  })
}

/** DingTalk writes the fields of a person by their names. */
function sorted(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)))
}
