import { createHash } from 'node:crypto'
import { DingtalkError } from '../../shared/dingtalk/directory/errors'
import { eachOf } from '../../shared/eachOf'
import { stringifyLossless } from '../../shared/json'
import { attempt, confirm, DEPARTMENTS_AT_ONCE, isDepartment, type Walk } from './walk'

/** The department that all others are below. */
export const ROOT = '1'

/** What the app may see: these departments with all below them, and these people. */
export interface Scope {
  departments: readonly string[]
  people: readonly string[]
  isWhole: boolean
}

export interface Organisation {
  departments: Set<string>
  /** by user id, what was published of them, as a digest */
  people: Map<string, string>
}

/**
 * Asks how far the app may see. A walk begins with that and not with the root, which is hidden from an app that may see a
 * part of the organisation.
 * @throws DingtalkError when it sees nothing
 */
export async function readScope({ directory }: Walk): Promise<Scope> {
  const { departments: given, people } = await directory.scopes()
  const departments = [...new Set(given)].filter(isDepartment)
  const isWhole = departments.includes(ROOT)
  if (departments.length + people.length > 0) return { departments: isWhole ? [ROOT] : departments, people, isWhole }
  throw nothingToSee('EmptyScope', 'the range of the address book that the app may read is empty')
}

/**
 * Reads the departments and people that the app may see, and publishes a snapshot of each. Departments are read from above
 * downwards, several at once; somebody who is in several is published once, and again only when something has changed.
 * @throws DingtalkError when nobody can be read: then it is a permission that is missing
 */
export async function readOrganisation(scope: Scope, walk: Walk): Promise<Organisation> {
  const { directory, events, publisher } = walk
  const departments = new Set<string>()
  const people = new Map<string, string>()

  const roots: string[] = []
  for (const root of scope.departments) if ((await confirm(walk, 'department', root)) === 'there') roots.push(root)
  if (scope.isWhole && roots.length === 0) throw nothingToSee('RootHidden', 'the root department cannot be read')
  for (const root of roots) departments.add(root)

  let done = 0
  await eachOf(roots, DEPARTMENTS_AT_ONCE, async (id, add) => {
    await Promise.all([attempt(walk, () => readDepartments(id, add)), attempt(walk, () => readMembers(id))])
    walk.onProgress?.({ step: 'reading', done: ++done, known: departments.size, people: people.size })
  })
  for (const id of scope.people) {
    if (!people.has(id) && (await confirm(walk, 'user', id)) === 'there') people.set(id, '')
  }
  if (people.size === 0) throw nothingToSee('NobodyToSee', 'no person of the organisation can be read')
  return { departments, people }

  async function readDepartments(id: string, add: (id: string) => void): Promise<void> {
    const { value, askedAt } = await directory.subDepartments(id)
    const unseen = value.filter(({ dept_id }) => isDepartment(dept_id) && !departments.has(dept_id))
    for (const { dept_id } of unseen) departments.add(dept_id)
    await publisher.add(unseen.map((fields) => events.snapshot('department', fields.dept_id, fields, askedAt)))
    for (const { dept_id } of unseen) add(dept_id)
  }

  async function readMembers(id: string): Promise<void> {
    for await (const { value, askedAt } of directory.members(id)) {
      // these two are about the department that was asked, and say nothing of the others
      const found = value.map(({ leader: _, dept_order: __, ...fields }) => ({ fields, digest: digestOf(fields) }))
      const changed = found.filter(({ fields, digest }) => people.get(fields.userid) !== digest)
      for (const { fields, digest } of changed) people.set(fields.userid, digest)
      await publisher.add(changed.map(({ fields }) => events.snapshot('user', fields.userid, fields, askedAt)))
    }
  }
}

/** Short: there is one for each of perhaps 100,000 people. */
function digestOf(fields: object): string {
  return createHash('sha1').update(stringifyLossless(fields)).digest('base64').slice(0, 12)
}

function nothingToSee(code: string, what: string): DingtalkError {
  const message = `${what}: give the app, in the developer console, the permissions of the address book and its range`
  return new DingtalkError('denied', code, message)
}
