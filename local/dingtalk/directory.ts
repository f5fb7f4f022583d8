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
  /** how many are in a department and below it, each once */
  countBelow(deptId: string): number
  /** who has a role */
  holders(roleId: string): readonly Person[]
}

/** @param access may change at any time */
export function createDirectory(organisation: Organisation, access: () => Access): Directory {
  const kept = { version: -1, below: new Map<string, number>(), holders: new Map<string, Person[]>() }

  const seesDepartment = (deptId: string): boolean => {
    const roots = access().range.departments
    for (let id: string | undefined = deptId; id !== undefined; id = organisation.departments.get(id)?.parentId) {
      if (roots.includes(id)) return true
    }
    return false
  }

  /** What was computed is good until something changes. */
  function current(): typeof kept {
    if (kept.version !== organisation.version()) {
      kept.version = organisation.version()
      kept.below.clear()
      kept.holders.clear()
      for (const person of organisation.people.values()) {
        for (const role of person.roles) {
          const holders = kept.holders.get(role) ?? []
          if (holders.push(person) === 1) kept.holders.set(role, holders)
        }
      }
    }
    return kept
  }

  return {
    organisation,
    get access() {
      return access()
    },
    seesDepartment,
    seesPerson: ({ userid, placements }) =>
      access().range.users.includes(userid) || placements.some(({ deptId }) => seesDepartment(deptId)),
    countBelow(deptId) {
      const { below } = current()
      const known = below.get(deptId)
      if (known !== undefined) return known
      const people = new Set<string>()
      const departments = [deptId]
      for (const id of departments) {
        departments.push(...organisation.children(id))
        for (const { userid } of organisation.members(id)) people.add(userid)
      }
      below.set(deptId, people.size)
      return people.size
    },
    holders: (roleId) => current().holders.get(roleId) ?? [],
  }
}
