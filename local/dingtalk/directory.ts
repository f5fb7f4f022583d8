import { type Organisation, type Person, ROOT } from './organisation'

/** What DingTalk's administrator has let the app see and do. Not kept: a start begins with all of it. */
export interface Access {
  /** the address book's range: whole departments, and people one by one */
  range: { departments: readonly string[]; users: readonly string[] }
  /** permissions that were taken away: their calls are refused */
  refused: readonly string[]
  /** permissions that were taken away in the silent way: lists are empty, and nothing says why */
  emptied: readonly string[]
  /** the grants of single fields */
  grants: readonly Grant[]
}

export const GRANTS = ['mobile', 'email'] as const
export type Grant = (typeof GRANTS)[number]

export const FULL_ACCESS: Access = {
  range: { departments: [ROOT], users: [] },
  refused: [],
  emptied: [],
  grants: [],
}

/** The organisation as the app sees it. */
export interface Directory {
  organisation: Organisation
  access: Access
  seesDepartment(deptId: string): boolean
  seesPerson(person: Person): boolean
  /** who is directly in a department, in the order of that name */
  sortedMembers(deptId: string, order: string, compare: (one: Person, other: Person) => number): readonly Person[]
  /** how many are in a department and below it */
  countBelow(deptId: string): number
  countActive(): number
  /** who has a role */
  holders(roleId: string): readonly Person[]
}

/** @param access may change at any time */
export function createDirectory(organisation: Organisation, access: () => Access): Directory {
  const lookUp = keptUntilChange(organisation)

  const seesDepartment = (deptId: string): boolean => {
    const roots = access().range.departments
    if (roots.includes(ROOT)) return true
    for (let id: string | undefined = deptId; id !== undefined; id = organisation.departments.get(id)?.parentId) {
      if (roots.includes(id)) return true
    }
    return false
  }

  return {
    organisation,
    get access() {
      return access()
    },
    seesDepartment,
    seesPerson: ({ userid, placements }) =>
      access().range.users.includes(userid) || placements.some(({ deptId }) => seesDepartment(deptId)),
    sortedMembers: (deptId, order, compare) =>
      lookUp(`members ${deptId} ${order}`, () => organisation.members(deptId).toSorted(compare)),
    countBelow: (deptId) => lookUp(`below ${deptId}`, () => countBelow(organisation, deptId)),
    countActive: () => lookUp('active', () => [...organisation.people.values()].filter(({ active }) => active).length),
    holders: (roleId) => lookUp('holders', () => holdersOf(organisation)).get(roleId) ?? [],
  }
}

/** Computes what is asked for once, and anew after the next change. */
function keptUntilChange({ version }: Organisation) {
  const kept = new Map<string, unknown>()
  let of = -1
  return function lookUp<T>(name: string, compute: () => T): T {
    if (of !== version()) kept.clear()
    of = version()
    if (!kept.has(name)) kept.set(name, compute())
    return kept.get(name) as T
  }
}

/** Each person once, however many of the departments they are in. */
function countBelow({ children, members }: Organisation, deptId: string): number {
  const people = new Set<string>()
  const departments = [deptId]
  for (const id of departments) {
    departments.push(...children(id))
    for (const { userid } of members(id)) people.add(userid)
  }
  return people.size
}

function holdersOf({ people }: Organisation): Map<string, Person[]> {
  const holders = new Map<string, Person[]>()
  for (const person of people.values()) {
    for (const role of person.roles) {
      const known = holders.get(role) ?? []
      if (known.push(person) === 1) holders.set(role, known)
    }
  }
  return holders
}
