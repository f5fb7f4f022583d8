/** A person's place in a department. */
export interface Placement {
  /** ids of departments are text here, so that no digit is lost; DingTalk writes them as numbers */
  deptId: string
  /** 18 digits, more than a JavaScript number holds */
  order: string
  leader: boolean
}

/** A member of the organisation. What is absent is unknown to DingTalk; '' is a value that somebody left empty. */
export interface Person {
  userid: string
  unionid: string
  name: string
  placements: readonly Placement[]
  active: boolean
  /** main administrators are 1, sub-administrators 2, as in listadmin */
  adminLevel: 0 | 1 | 2
  boss: boolean
  senior: boolean
  hideMobile: boolean
  realAuthed: boolean
  /** milliseconds since 1970 */
  createdAt: number
  modifiedAt: number
  hiredAt?: number
  jobNumber?: string
  title?: string
  managerId?: string
  avatar?: string
  telephone?: string
  mobile?: string
  email?: string
  workPlace?: string
  remark?: string
  /** ids of roles */
  roles: readonly string[]
  /** an account that the organisation owns, and may have stopped */
  account?: { loginId: string; nickname: string; stopped: boolean }
  /** the same person in a related organisation */
  union?: { userid: string; corpId: string }
}

export interface Department {
  id: string
  name: string
  /** absent for the root alone */
  parentId?: string
  order: string
  /** hidden from members; its people are those whom contain_access_limit lets in */
  hidden: boolean
  createGroup: boolean
  managerIds: readonly string[]
  sourceIdentifier?: string
  fromUnionOrg: boolean
}

export interface Role {
  id: string
  name: string
  groupId: string
  groupName: string
}

/** Somebody who has left, whether or not they came back. */
export interface Leaver {
  userid: string
  name: string
  at: number
  reason: string
  /** as they were, for whom comes back */
  person?: Person
}

/** What happens to an organisation: a whole new state of one of its parts. */
export type Change =
  | { person: Person }
  | { leaver: Leaver }
  | { department: Department }
  | { removedDepartment: string }

export const ROOT = '1'

/** An organisation in memory, with what its calls look up. */
export interface Organisation {
  departments: Map<string, Department>
  people: Map<string, Person>
  roles: readonly Role[]
  leavers: Leaver[]
  /** ids of the departments directly below one, in the order in which they were made */
  children(deptId: string): readonly string[]
  /** who is directly in a department, in the order in which they came */
  members(deptId: string): readonly Person[]
  /** Everything is looked up anew after each change; what is computed from it may be kept until then. */
  version(): number
  apply(change: Change): void
}

export function createOrganisation(roles: readonly Role[]): Organisation {
  const departments = new Map<string, Department>()
  const people = new Map<string, Person>()
  const leavers: Leaver[] = []
  const childrenOf = new Map<string, Set<string>>()
  const membersOf = new Map<string, Set<string>>()
  const listed = new Map<string, Person[]>()
  let version = 0

  function leaveDepartments(userid: string): void {
    for (const { deptId } of people.get(userid)?.placements ?? []) {
      membersOf.get(deptId)?.delete(userid)
      listed.delete(deptId)
    }
  }

  function putPerson(person: Person): void {
    const stays = new Set(person.placements.map(({ deptId }) => deptId))
    for (const { deptId } of people.get(person.userid)?.placements ?? []) {
      if (!stays.has(deptId)) membersOf.get(deptId)?.delete(person.userid)
      listed.delete(deptId)
    }
    people.set(person.userid, person)
    for (const deptId of stays) {
      setOf(membersOf, deptId).add(person.userid)
      listed.delete(deptId)
    }
  }

  function putDepartment(department: Department): void {
    const { id, parentId } = department
    const before = departments.get(id)?.parentId
    if (before !== undefined && before !== parentId) childrenOf.get(before)?.delete(id)
    departments.set(id, department)
    if (parentId !== undefined) setOf(childrenOf, parentId).add(id)
  }

  return {
    departments,
    people,
    roles,
    leavers,
    children: (deptId) => [...(childrenOf.get(deptId) ?? [])],
    members(deptId) {
      const known = listed.get(deptId)
      if (known !== undefined) return known
      const made = [...(membersOf.get(deptId) ?? [])].flatMap((userid) => people.get(userid) ?? [])
      listed.set(deptId, made)
      return made
    },
    version: () => version,
    apply(change) {
      version++
      if ('person' in change) putPerson(change.person)
      else if ('department' in change) putDepartment(change.department)
      else if ('leaver' in change) {
        leaveDepartments(change.leaver.userid)
        people.delete(change.leaver.userid)
        leavers.push(change.leaver)
      } else {
        const id = change.removedDepartment
        childrenOf.get(departments.get(id)?.parentId ?? '')?.delete(id)
        departments.delete(id)
      }
    },
  }
}

function setOf(sets: Map<string, Set<string>>, key: string): Set<string> {
  const known = sets.get(key) ?? new Set<string>()
  sets.set(key, known)
  return known
}
