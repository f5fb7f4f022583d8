import { eachOf } from '../../shared/eachOf'
import { type Organisation, ROOT, type Scope } from './readOrganisation'
import { attempt, confirm, DEPARTMENTS_AT_ONCE, isDepartment, type Walk } from './walk'

/** All ids that there are. */
export interface Ids {
  departments: Set<string>
  people: Set<string>
}

/** Those of a listing, and of each whether the app may see it. */
interface Listing {
  departments: Map<string, boolean>
  people: Map<string, boolean>
}

/**
 * Lists the ids of the organisation once more: who changes departments while it is read could be missed. Where the two do
 * not agree, DingTalk is asked about each of them, so that nobody is taken for a leaver who has only moved.
 *
 * The calls that list ids tell of the whole organisation, however little the app may see: who is out of its sight has not
 * left. What cannot be listed is counted in the tally.
 */
export async function listAgain(scope: Scope, first: Organisation, walk: Walk): Promise<Ids> {
  const again = await listAll(scope, first, walk)
  for (const [id, isSeen] of again.people) if (!isSeen && !first.people.has(id)) walk.tally.outOfScope.add(`user ${id}`)
  return {
    departments: await settle(walk, 'department', first.departments, again.departments),
    people: await settle(walk, 'user', first.people, again.people),
  }
}

async function listAll(scope: Scope, first: Organisation, walk: Walk): Promise<Listing> {
  const { directory } = walk
  const departments = new Map([[ROOT, scope.isWhole]])
  const people = new Map<string, boolean>()
  const mark = (ids: Map<string, boolean>, id: string, isSeen: boolean) => ids.set(id, isSeen || ids.get(id) === true)

  let done = 0
  await eachOf([ROOT], DEPARTMENTS_AT_ONCE, async (id, add) => {
    const isSeen = departments.get(id) === true
    const listDepartments = async () => {
      for (const child of await directory.subDepartmentIds(id)) {
        const isNew = !departments.has(child)
        mark(departments, child, isSeen || first.departments.has(child))
        if (isNew && isDepartment(child)) add(child)
      }
    }
    const listPeople = async () => {
      for (const person of await directory.memberIds(id)) mark(people, person, isSeen)
    }
    // whoever was in a department that is gone by now may be in one that was listed before
    await Promise.all([attempt(walk, listDepartments, false), attempt(walk, listPeople, false)])
    walk.onProgress?.({
      step: 'listing',
      done: ++done,
      known: Math.max(first.departments.size, departments.size),
      people: Math.max(first.people.size, people.size),
    })
  })
  return { departments, people }
}

/** Asks about those who are in one of the two and not in the other, as far as the app may see them. */
async function settle(
  walk: Walk,
  kind: 'user' | 'department',
  read: Pick<ReadonlySet<string>, 'has' | 'keys'>,
  listed: ReadonlyMap<string, boolean>,
): Promise<Set<string>> {
  const there = new Set(read.keys())
  for (const id of listed.keys()) there.add(id)
  const isUnread = ([id, isSeen]: readonly [string, boolean]) =>
    isSeen && !read.has(id) && (kind === 'user' || isDepartment(id))
  const doubtful = [
    ...[...listed].filter(isUnread).map(([id]) => id),
    ...[...read.keys()].filter((id) => !listed.has(id)),
  ]
  let done = 0
  await eachOf(doubtful, DEPARTMENTS_AT_ONCE, async (id) => {
    if ((await confirm(walk, kind, id)) === 'gone') there.delete(id)
    walk.onProgress?.({ step: 'confirming', done: ++done, known: doubtful.length, people: there.size })
  })
  return there
}
