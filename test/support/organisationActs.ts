import * as changes from '../../local/dingtalk/changes'
import { type Organisation, type Person, ROOT } from '../../local/dingtalk/organisation'
import type { Random } from '../../shared/seededRandom'

type Act = (organisation: Organisation, random: Random, now: number) => changes.Happening | undefined

const NAMES = ['林晓满', '周一', '吴九', '郑十', 'O’Brien', '🐳', '孙 二'] as const
const TITLES = ['工程师', '主管', ''] as const

/** What happens in an organisation, and how often of all: most are moves, which a walk could miss. */
const ACTS: readonly (readonly [number, Act])[] = [
  [3, hire],
  [8, move],
  [3, rename],
  [3, leave],
  [2, rejoin],
  [1, createDepartment],
  [1, moveDepartment],
  [2, removeDepartment],
]

/** Something at random that the organisation allows; undefined when it does not. */
export function act(organisation: Organisation, random: Random, now: number): changes.Happening | undefined {
  const all = ACTS.flatMap(([share, one]) => Array<Act>(share).fill(one))
  try {
    return random.of(all)(organisation, random, now)
  } catch (error) {
    if (error instanceof changes.ChangeRefused) return undefined
    throw error
  }
}

function hire(organisation: Organisation, random: Random, now: number) {
  // of a whole history: nobody gets the id of somebody who left
  const userid = `n${organisation.people.size + organisation.leavers.length}-${now % 100_000}`
  return changes.hire(
    organisation,
    userid,
    { name: random.of(NAMES), departments: someDepartments(organisation, random) },
    now,
  )
}

function move(organisation: Organisation, random: Random, now: number) {
  const { userid } = anybody(organisation, random)
  return changes.changePerson(organisation, userid, { departments: someDepartments(organisation, random) }, now)
}

function rename(organisation: Organisation, random: Random, now: number) {
  const { userid, active } = anybody(organisation, random)
  const fields = [
    { name: random.of(NAMES) },
    { title: random.of(TITLES), jobNumber: `J${random.below(100)}` },
    { adminLevel: random.of([0, 1, 2] as const) },
    { active: active || random.below(2) === 0 },
  ]
  return changes.changePerson(organisation, userid, random.of(fields), now)
}

function leave(organisation: Organisation, random: Random, now: number) {
  if (organisation.people.size < 8) return undefined
  return changes.dismiss(organisation, anybody(organisation, random).userid, 'leave', now)
}

function rejoin(organisation: Organisation, random: Random, now: number) {
  if (organisation.leavers.length === 0) return undefined
  const { userid } = random.of(organisation.leavers.slice(-10))
  return changes.rejoin(organisation, userid, { departments: someDepartments(organisation, random) }, now)
}

function createDepartment(organisation: Organisation, random: Random, now: number) {
  const id = String(900_000_000 + (now % 90_000_000))
  return changes.createDepartment(organisation, id, { parentId: anyDepartment(organisation, random) })
}

function moveDepartment(organisation: Organisation, random: Random) {
  const id = anyDepartment(organisation, random)
  return changes.changeDepartment(organisation, id, { parentId: anyDepartment(organisation, random) })
}

/** One that has people loses them first. */
function removeDepartment(organisation: Organisation, random: Random, now: number) {
  const id = anyDepartment(organisation, random)
  const above = organisation.departments.get(id)?.parentId
  const members = organisation.members(id)
  if (above === undefined || members.length > 20) return undefined
  if (members.length === 0) return changes.removeDepartment(organisation, id)
  return joined(
    members.map(({ userid, placements }) => {
      const others = placements.map(({ deptId }) => deptId).filter((other) => other !== id)
      return changes.changePerson(organisation, userid, { departments: [...others, above] }, now)
    }),
  )
}

function joined(happenings: readonly changes.Happening[]): changes.Happening {
  return {
    changes: happenings.flatMap((one) => one.changes),
    events: happenings.flatMap((one) => one.events),
  }
}

function anybody({ people }: Organisation, random: Random): Person {
  return random.of([...people.values()])
}

function anyDepartment({ departments }: Organisation, random: Random): string {
  return random.of([...departments.keys()])
}

function someDepartments(organisation: Organisation, random: Random): string[] {
  const ids = [...organisation.departments.keys()]
  return random.below(4) === 0 ? [random.of(ids), random.of(ids)] : [random.of([...ids, ROOT])]
}
