import { randomBytes, randomInt } from 'node:crypto'
import { seededRandom } from '../../shared/seededRandom'
import { aboutChange, aboutDepartment, aboutRole, aboutUsers, type Details } from './events'
import { inventOrder, inventPerson } from './inventPerson'
import { type Change, type Department, type Organisation, type Person, ROOT } from './organisation'

/** What a change of the organisation does, and the events that tell of it: names and what they carry. */
export interface Happening {
  changes: Change[]
  events: [type: string, details: Details][]
}

/** Why a change is none: the organisation does not allow it. */
export class ChangeRefused extends Error {}

/** What may be said of a person. */
export interface PersonFields {
  name?: string | undefined
  departments?: readonly string[] | undefined
  title?: string | undefined
  jobNumber?: string | undefined
  managerId?: string | undefined
  telephone?: string | undefined
  email?: string | undefined
  workPlace?: string | undefined
  remark?: string | undefined
  hiredAt?: number | undefined
  active?: boolean | undefined
  adminLevel?: 0 | 1 | 2 | undefined
  roles?: readonly string[] | undefined
}

/** @throws ChangeRefused when the id is taken, or a department is not there */
export function hire(
  organisation: Organisation,
  userid: string | undefined,
  fields: PersonFields,
  now: number,
): Happening {
  const random = seededRandom(randomInt(2 ** 31))
  const given = { at: organisation.people.size, deptIds: [ROOT], now, fromUnion: false }
  const invented = inventPerson(random, given)
  const id = userid ?? freeUserId(organisation)
  if (organisation.people.has(id)) throw new ChangeRefused('Somebody has this userid.')
  const started = {
    createdAt: now,
    modifiedAt: now,
    active: true,
    adminLevel: 0 as const,
    boss: false,
    senior: false,
    roles: [],
  }
  const person = withFields({ ...invented, userid: id, ...started }, fields, organisation, now)
  return { changes: [{ person }], events: [['user_add_org', aboutUsers([id])], ...roleEvents([], person.roles, id)] }
}

/** As DingTalk makes them, of this moment, so that it was nobody's before. */
function freeUserId(organisation: Organisation): string {
  for (;;) {
    const id = `0${BigInt(`0x${randomBytes(8).toString('hex')}`)
      .toString()
      .padStart(20, '0')
      .slice(3)}`
    if (!organisation.people.has(id)) return id
  }
}

/** @throws ChangeRefused when nobody has the id, or a department is not there */
export function changePerson(organisation: Organisation, userid: string, fields: PersonFields, now: number): Happening {
  const before = requirePerson(organisation, userid)
  const person = withFields(before, fields, organisation, now)
  const { active, adminLevel, roles, ...others } = fields
  const isModified = Object.values(others).some((value) => value !== undefined)
  const events: Happening['events'] = []
  if (isModified) events.push(['user_modify_org', aboutChange(before, person)])
  if (!before.active && person.active) events.push(['user_active_org', aboutUsers([userid])])
  if (before.adminLevel === 0 && person.adminLevel > 0) events.push(['org_admin_add', aboutUsers([userid])])
  if (before.adminLevel > 0 && person.adminLevel === 0) events.push(['org_admin_remove', aboutUsers([userid])])
  events.push(...roleEvents(before.roles, person.roles, userid))
  return { changes: [{ person }], events }
}

/** @throws ChangeRefused when nobody has the id */
export function dismiss(organisation: Organisation, userid: string, reason: string, now: number): Happening {
  const person = requirePerson(organisation, userid)
  const changes: Change[] = person.placements.flatMap(({ deptId }) => {
    const department = organisation.departments.get(deptId)
    if (!department?.managerIds.includes(userid)) return []
    return [{ department: { ...department, managerIds: department.managerIds.filter((id) => id !== userid) } }]
  })
  changes.push({ leaver: { userid, name: person.name, at: now, reason, person } })
  return { changes, events: [['user_leave_org', aboutUsers([userid])]] }
}

/**
 * Who comes back has the same userid, as they do where it is their job number.
 * @throws ChangeRefused when they never left, or are back
 */
export function rejoin(organisation: Organisation, userid: string, fields: PersonFields, now: number): Happening {
  const leaver = organisation.leavers.findLast((other) => other.userid === userid)
  if (leaver === undefined) throw new ChangeRefused('Nobody of this userid has left.')
  const { person, name } = leaver
  const departments = person?.placements.map(({ deptId }) => deptId).filter((id) => organisation.departments.has(id))
  return hire(
    organisation,
    userid,
    { name, departments: departments?.length ? departments : [ROOT], ...defined(fields) },
    now,
  )
}

interface DepartmentFields {
  name?: string | undefined
  parentId?: string | undefined
  hidden?: boolean | undefined
}

/** @throws ChangeRefused when the id is taken, or the parent is not there */
export function createDepartment(
  organisation: Organisation,
  given: string | undefined,
  fields: DepartmentFields,
): Happening {
  const id = given ?? freeDepartmentId(organisation)
  if (organisation.departments.has(id)) throw new ChangeRefused('A department has this id.')
  const parentId = fields.parentId ?? ROOT
  requireDepartment(organisation, parentId)
  const department: Department = {
    id,
    name: fields.name ?? '新部门',
    parentId,
    order: inventOrder(seededRandom(randomInt(2 ** 31))),
    hidden: fields.hidden ?? false,
    createGroup: false,
    managerIds: [],
    fromUnionOrg: false,
  }
  return { changes: [{ department }], events: [['org_dept_create', aboutDepartment(id)]] }
}

function freeDepartmentId({ departments }: Organisation): string {
  for (;;) {
    const id = String(randomInt(100_000_000, 1_000_000_000))
    if (!departments.has(id)) return id
  }
}

/** @throws ChangeRefused when it is not there, or would be below itself */
export function changeDepartment(organisation: Organisation, id: string, fields: DepartmentFields): Happening {
  const before = requireDepartment(organisation, id)
  const { parentId } = fields
  if (parentId !== undefined) {
    if (id === ROOT) throw new ChangeRefused('The root stays where it is.')
    for (let above: string | undefined = parentId; above !== undefined; ) {
      if (above === id) throw new ChangeRefused('A department cannot be below itself.')
      above = requireDepartment(organisation, above).parentId
    }
  }
  const events: Happening['events'] = [['org_dept_modify', aboutDepartment(id)]]
  // a company that is renamed says so, too
  if (id === ROOT) events.unshift(['org_change', {}])
  return { changes: [{ department: { ...before, ...defined(fields) } }], events }
}

/** @throws ChangeRefused when it is not there, or not empty */
export function removeDepartment(organisation: Organisation, id: string): Happening {
  requireDepartment(organisation, id)
  if (id === ROOT) throw new ChangeRefused('The root cannot be removed.')
  if (organisation.children(id).length > 0) throw new ChangeRefused('It has departments below it.')
  if (organisation.members(id).length > 0) throw new ChangeRefused('It has members.')
  return { changes: [{ removedDepartment: id }], events: [['org_dept_remove', aboutDepartment(id)]] }
}

function withFields(person: Person, fields: PersonFields, organisation: Organisation, now: number): Person {
  const { departments, ...others } = fields
  if (departments?.length === 0) throw new ChangeRefused('Everybody is in some department.')
  for (const id of departments ?? []) requireDepartment(organisation, id)
  for (const id of fields.roles ?? []) {
    if (!organisation.roles.some((role) => role.id === id)) throw new ChangeRefused('There is no such role.')
  }
  const random = seededRandom(randomInt(2 ** 31))
  const placements =
    departments &&
    [...new Set(departments)].map(
      (deptId) =>
        person.placements.find((place) => place.deptId === deptId) ?? {
          deptId,
          order: inventOrder(random),
          leader: false,
        },
    )
  return { ...person, ...defined(others), ...(placements && { placements }), modifiedAt: now }
}

function roleEvents(before: readonly string[], after: readonly string[], userid: string): Happening['events'] {
  const added = after.filter((id) => !before.includes(id))
  const removed = before.filter((id) => !after.includes(id))
  return [
    ...added.map((id): [string, Details] => ['label_user_change', aboutRole(userid, id, 'add')]),
    ...removed.map((id): [string, Details] => ['label_user_change', aboutRole(userid, id, 'remove')]),
  ]
}

function requirePerson({ people }: Organisation, userid: string): Person {
  const person = people.get(userid)
  if (person === undefined) throw new ChangeRefused('There is no such person.')
  return person
}

function requireDepartment({ departments }: Organisation, id: string): Department {
  const department = departments.get(id)
  if (department === undefined) throw new ChangeRefused('There is no such department.')
  return department
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

function defined<T extends object>(fields: T): Partial<Defined<T>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Defined<T>>
}
