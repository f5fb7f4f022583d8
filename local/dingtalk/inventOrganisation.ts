import { type Random, seededRandom } from '../../shared/seededRandom'
import { inventLeaver, inventOrder, inventPerson } from './inventPerson'
import { inventDepartmentName } from './names'
import { createOrganisation, type Department, type Organisation, type Person, ROOT, type Role } from './organisation'

export const MIN_PEOPLE = 13
export const MAX_PEOPLE = 100_000

const DAY_MS = 86_400_000
/** Levels below the root. */
const DEEPEST = 7
/** More than one page of user/list. */
const CROWD = 104

/** The roles of every organisation, and some of its own. Ids as DingTalk numbers them. */
export const ROLES: readonly Role[] = [
  ...['主管理员', '子管理员', '负责人', '主管'].map((name, at) => role(`${2_390_000_701 + at}`, name, '默认')),
  ...['行政', '财务', '人事', '司机', '值班经理', '安全员'].map((name, at) =>
    role(`${2_390_000_711 + at}`, name, '职务'),
  ),
  ...['A 岗', 'B 岗'].map((name, at) => role(`${2_390_000_721 + at}`, name, '岗位')),
]

function role(id: string, name: string, groupName: string): Role {
  return {
    id,
    name,
    groupId: groupName === '默认' ? '1680000117' : groupName === '职务' ? '1680000118' : '1680000119',
    groupName,
  }
}

/**
 * Makes an organisation of so many people, the same for the same seed and time: departments of many sizes, some empty or
 * hidden, one of a related organisation; people in several departments, not activated, with accounts of the
 * organisation's own; and those who have left lately.
 * @param people MIN_PEOPLE to MAX_PEOPLE
 * @param now milliseconds since 1970: nobody has come or left after it
 */
export function inventOrganisation(people: number, seed: number, now: number): Organisation {
  const random = seededRandom(seed)
  const organisation = createOrganisation(ROLES)
  const departments = inventDepartments(random, people)
  for (const department of departments) organisation.apply({ department })

  const homes = spreadPeople(random, departments, people)
  const leaders = new Map<string, string>()
  const invented: Person[] = homes.map((deptIds, at) => {
    const person = inventPerson(random, { at, deptIds, now, fromUnion: deptIds.some(isRelated) })
    return at < people - 1 ? person : { ...person, createdAt: now - 10 * DAY_MS, modifiedAt: now - 10 * DAY_MS }
  })
  for (const { userid, placements } of invented) {
    for (const { deptId } of placements) if (!leaders.has(deptId)) leaders.set(deptId, userid)
  }
  for (const person of invented) organisation.apply({ person: withPosition(person, leaders, organisation) })
  for (const [id, userid] of leaders) {
    const department = organisation.departments.get(id)
    if (department !== undefined && id !== ROOT)
      organisation.apply({ department: { ...department, managerIds: [userid] } })
  }
  for (let at = 0; at < Math.ceil(people * 0.015); at++) {
    organisation.leavers.push(inventLeaver(random, people + at, now))
  }
  // one has come back since: their leave is on record all the same
  const returned = invented.at(-1)
  const left = now - 20 * DAY_MS
  if (returned) organisation.leavers.push({ userid: returned.userid, name: returned.name, at: left, reason: 'leave' })
  organisation.leavers.sort((one, other) => one.at - other.at)
  return organisation

  function isRelated(id: string): boolean {
    return organisation.departments.get(id)?.fromUnionOrg === true
  }
}

/** About 10 for 79 people, 200 for 2,000, 5,900 for 100,000, up to seven levels deep. */
function inventDepartments(random: Random, people: number): Department[] {
  const count = Math.max(7, Math.round(0.33 * people ** 0.85))
  const root = department({ id: ROOT, name: '示例科技（杭州）有限公司' }, '1')
  const made = [{ ...root, level: 0 }]
  const ids = new Set<string>([ROOT])
  const first = Math.min(18, Math.max(4, Math.round(count / 4)))
  for (let at = 0; made.length < count; at++) {
    // of several drawn at random the shallowest: trees in life are broad
    const parents = [random.of(made), random.of(made)].filter(({ level }) => level < DEEPEST)
    const parent = at < first ? made[0] : (parents.sort((one, other) => one.level - other.level)[0] ?? made[0])
    if (parent === undefined) continue
    const level = parent.level + 1
    const id = departmentId(random, ids)
    const fields = department(
      { id, name: inventDepartmentName(random, level, at), parentId: parent.id },
      inventOrder(random),
    )
    const isHidden = at === 1 || random.below(40) === 0
    const source = random.below(5) === 0 ? { sourceIdentifier: `HR:2:${String(at).padStart(4, '0')}` } : {}
    made.push({
      ...fields,
      ...source,
      hidden: isHidden,
      createGroup: random.below(3) > 0,
      fromUnionOrg: at === 2,
      level,
    })
  }
  return made.map(({ level: _, ...fields }) => fields)
}

function department(given: Pick<Department, 'id' | 'name' | 'parentId'>, order: string): Department {
  return { ...given, order, hidden: false, createGroup: false, managerIds: [], fromUnionOrg: false }
}

/** 7 to 10 digits: the first departments of an old organisation have the short ones. */
function departmentId(random: Random, taken: Set<string>): string {
  for (;;) {
    const digits = random.of([7, 8, 9, 9, 9, 9, 10])
    const id = String(
      10 ** (digits - 1) +
        random.below(9) * 10 ** (digits - 1) * (digits < 10 ? 1 : 0) +
        random.below(10 ** (digits - 1)),
    )
    if (!taken.has(id)) {
      taken.add(id)
      return id
    }
  }
}

/** For each person the departments they are in: sizes are uneven, one in eight is empty, one is a crowd. */
function spreadPeople(random: Random, departments: readonly Department[], people: number): string[][] {
  // the last is always empty, and the crowd is never the hidden or the related one
  const places = departments.slice(1, -1).filter((_, at) => at < 4 || random.below(8) > 0)
  const weights = places.map(({ hidden, fromUnionOrg }) =>
    hidden || fromUnionOrg ? 0.3 : Math.exp(1.1 * normal(random)),
  )
  const upTo: number[] = []
  for (const weight of weights) upTo.push((upTo.at(-1) ?? 0) + weight)
  const draw = () => places[lowerBound(upTo, (random.below(2 ** 31) / 2 ** 31) * (upTo.at(-1) ?? 0))]?.id ?? ROOT
  const crowd = people >= 200 ? Math.max(CROWD, Math.round(people * 0.03)) : 0
  const crowded = places[3]?.id ?? ROOT
  return Array.from({ length: people }, (_, at) => {
    if (at < 2) return [ROOT]
    // everyone's kind is there, however few they are
    if (at < 5) return [places[at - 1]?.id ?? ROOT]
    if (at === 5) return places.slice(0, 3).map(({ id }) => id)
    if (at === 6) return [crowded, places[0]?.id ?? ROOT]
    const home = at < 7 + crowd ? crowded : draw()
    const others = random.below(12) > 0 ? [] : random.below(8) > 0 ? [draw()] : [draw(), draw()]
    return [...new Set([home, ...others])]
  })
}

/** The first that came leads a department; who leads one is managed by who leads the one above. */
function withPosition(person: Person, leaders: ReadonlyMap<string, string>, { departments }: Organisation): Person {
  const placements = person.placements.map((place) => ({
    ...place,
    leader: leaders.get(place.deptId) === person.userid,
  }))
  const [home] = placements
  const above = home?.leader ? departments.get(home.deptId)?.parentId : home?.deptId
  const managerId = leaders.get(above ?? ROOT) ?? leaders.get(ROOT)
  const isLeader = placements.some(({ leader }) => leader)
  const roles = [...person.roles, ...(isLeader ? [ROLES[3]?.id ?? ''] : [])]
  // some have none in DingTalk either
  return managerId === undefined || managerId === person.userid || person.modifiedAt % 7 === 0
    ? { ...person, placements, roles }
    : { ...person, placements, roles, managerId }
}

function normal(random: Random): number {
  const [one, other] = [(random.below(10 ** 6) + 1) / 10 ** 6, random.below(10 ** 6) / 10 ** 6]
  return Math.sqrt(-2 * Math.log(one)) * Math.cos(2 * Math.PI * other)
}

function lowerBound(sorted: readonly number[], value: number): number {
  let [from, to] = [0, sorted.length - 1]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sorted[middle] ?? 0) <= value) from = middle + 1
    else to = middle
  }
  return from
}
