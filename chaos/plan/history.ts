import { type Random, seededRandom } from '../../shared/seededRandom'
import { CORP, type Fields, type Form, type Told, WALKED_CORP } from './told'

/** What is sent: first the people of the walked organisation, then everything else in this order. */
export interface History {
  told: readonly Told[]
  /** before any fault: numbers of `told` */
  first: readonly number[]
  /** the rest, shuffled, some twice: numbers of `told` */
  sent: readonly number[]
}

/** How many events later one comes that is late, and one that is very late. */
const [LATE, VERY_LATE] = [60, 2_000]
const WALKS = 10
/** Between one walk and the next. */
const WALK_MS = 60_000
/** SyncHTTP's times are whole seconds, and many events are of the same one. */
const STEP_MS = 40

const PERSON_FORMS: readonly Form[] = ['native', 'native', 'native-old', 'synchttp', 'snapshot']
const NAMES = ['小明', '小红', 'O’Brien', '🐳', "Robert'); DROP TABLE user_info;--", '张 三', 'Zoë']

/** The same events for the same seed. */
export function makeHistory(events: number, seed: number): History {
  const random = seededRandom(seed)
  const walked = walkedPeople(random, Math.max(4, Math.min(200, Math.floor(events / 25))))
  const told: Told[] = []
  const add = (one: Omit<Told, 'n'>) => void told.push({ n: told.length, ...one })
  for (const { id } of walked) add(snapshotOf(random, id, 0))
  const first = told.map(({ n }) => n)
  for (const one of rosters(random, walked).slice(0, Math.floor(events / 20))) add(one)
  const nextOfLives = livesOf(random, Math.max(10, Math.floor(events / 25)))
  while (told.length < events) {
    const drawn = random.below(100)
    if (drawn < 18) add(aboutDepartment(random, told.length, events))
    else if (drawn < 30) add(aboutWalked(random, random.of(walked)))
    else if (drawn < 32) add(poison(random, told.length))
    else add(nextOfLives(told.length))
  }
  return { told, first, sent: shuffle(random, told.slice(first.length)) }
}

/** Late ones have a place further back; some come a second time, as a callback does whose answer was lost. */
function shuffle(random: Random, told: readonly Told[]): number[] {
  const late = () => random.below(random.below(20) === 0 ? VERY_LATE : LATE)
  const rosterPlace = () => random.below(told.length)
  const places = told.flatMap(({ n, form }, index) => {
    const place = form === 'roster' ? rosterPlace() : index + late()
    return [{ n, place }, ...(random.below(8) === 0 ? [{ n, place: place + late() }] : [])]
  })
  return places.toSorted((a, b) => a.place - b.place).map(({ n }) => n)
}

/** Lives: whoever is there changes, becomes active, moves, leaves, and comes back. */
function livesOf(random: Random, count: number): (n: number) => Omit<Told, 'n'> {
  const here = new Set<number>()
  const actionOf = (who: number) => {
    if (!here.has(who)) return 'user_add_org'
    const rare = ['user_active_org', 'user_dept_change', 'user_role_change', 'user_leave_org', 'user_add_org']
    return random.below(2) === 0 ? 'user_modify_org' : random.of(rare)
  }
  return (n) => {
    const who = random.below(count)
    const action = actionOf(who)
    if (action === 'user_leave_org') here.delete(who)
    if (action === 'user_add_org') here.add(who)
    // a fifth of them by connectors alone, a fifth by connectors, too
    const form: Form = who % 5 === 0 || (who % 5 === 1 && random.below(2) === 0) ? 'connector' : random.of(PERSON_FORMS)
    const isNative = form === 'native' || form === 'native-old'
    const isMove = action === 'user_dept_change' || action === 'user_role_change'
    const second = isNative && random.below(10) === 0 ? [userId((who + 5) % count)] : []
    return {
      form,
      table: 'user_info',
      corpId: CORP,
      keys: [userId(who), ...second],
      action: form === 'snapshot' ? 'user_snapshot' : isNative && isMove ? 'user_modify_org' : action,
      at: timeOf(random, form, n),
      errcode: ['synchttp', 'snapshot'].includes(form) && random.below(12) === 0 ? 50_002 : 0,
      fields: personFields(random),
    }
  }
}

/** Pairs that differ by their case alone, and digits with leading zeros. */
function userId(who: number): string {
  const number = Math.floor(who / 3)
  return [`u${number}`, `U${number}`, String(number).padStart(6, '0')][who % 3] ?? ''
}

function personFields(random: Random): Fields {
  return {
    ...(random.below(2) && { name: random.of(NAMES) }),
    ...(random.below(2) && { active: random.of([true, false]) }),
    ...(random.below(3) === 0 && { isAdmin: random.of([true, false]) }),
    ...(random.below(3) === 0 && { title: random.of(['engineer', '', null]) }),
    ...(random.below(3) === 0 && { jobNumber: random.of(['A1', 'A2', '']) }),
  }
}

/** Many at the same millisecond, or the same second, so that what decides between them is seen. */
function timeOf(random: Random, form: Form, n: number): number {
  const at = (n + random.below(LATE)) * STEP_MS
  return form === 'synchttp' ? Math.floor(at / 1_000) * 1_000 : at
}

function aboutDepartment(random: Random, n: number, events: number): Omit<Told, 'n'> {
  const form = random.of(['native', 'native-old', 'synchttp', 'snapshot'] as const)
  const action = random.of(['org_dept_create', 'org_dept_modify', 'org_dept_modify', 'org_dept_remove'])
  const key = 400_000_000 + random.below(Math.max(5, Math.floor(events / 100)))
  const fields: Fields = {
    ...(random.below(2) && { name: random.of(NAMES) }),
    ...(random.below(2) && { parentId: 1 + random.below(3) }),
    ...(random.below(2) && { order: random.below(9) }),
  }
  return {
    ...{ form, table: 'departments', corpId: CORP, keys: [String(key)] },
    ...{ action: form === 'snapshot' ? 'dept_snapshot' : action, at: timeOf(random, form, n), errcode: 0, fields },
  }
}

/** A key that is longer than its column. */
function poison(random: Random, n: number): Omit<Told, 'n'> {
  const form = random.of(['connector', 'native'] as const)
  const keys = [`x${n}`.padEnd(65, 'x')]
  const common = { form, table: 'user_info', corpId: CORP, keys, action: 'user_add_org' } as const
  return { ...common, at: timeOf(random, form, n), errcode: 0, fields: {}, isPoison: true }
}

/** Somebody whom walks find until they are gone. */
interface Walked {
  id: string
  /** Number.POSITIVE_INFINITY: stays */
  gone: number
}

function walkedPeople(random: Random, count: number): Walked[] {
  return Array.from({ length: count }, (_, who) => ({
    id: userId(who),
    gone: random.below(3) === 0 ? WALK_MS + random.below((WALKS - 2) * WALK_MS) : Number.POSITIVE_INFINITY,
  }))
}

/** A snapshot of somebody while they are there, or, of some leavers, that they left. */
function aboutWalked(random: Random, { id, gone }: Walked): Omit<Told, 'n'> {
  const isLeave = Number.isFinite(gone) && random.below(6) === 0
  if (!isLeave) return snapshotOf(random, id, 1 + random.below(Math.min(gone, WALKS * WALK_MS) - 1))
  const common = { form: 'native', table: 'user_info', corpId: WALKED_CORP, keys: [id] } as const
  return { ...common, action: 'user_leave_org', at: gone, errcode: 0, fields: {} }
}

function snapshotOf(random: Random, id: string, at: number): Omit<Told, 'n'> {
  const common = { form: 'snapshot', table: 'user_info', corpId: WALKED_CORP, keys: [id] } as const
  // all that a walk tells, so that what a roster has written over is said again
  const fields = { ...personFields(random), active: random.of([true, false]), isAdmin: random.of([true, false]) }
  return { ...common, action: 'user_snapshot', at, errcode: 0, fields }
}

/** Of each walk one a range, in byte order; together they are everybody. */
function rosters(random: Random, people: readonly Walked[]): Omit<Told, 'n'>[] {
  const bounds = ['', '000010', 'U0', 'u3']
  const all = Array.from({ length: WALKS }, (_, walk) =>
    bounds.map((after, index): Omit<Told, 'n'> => {
      const at = (walk + 1) * WALK_MS
      const upTo = bounds[index + 1] ?? null
      const ids = people
        .filter(({ id, gone }) => gone > at && id > after && (upTo === null || id <= upTo))
        .map(({ id }) => id)
      const common = { form: 'roster', table: 'user_info', corpId: WALKED_CORP, keys: [] } as const
      return { ...common, action: 'user_roster', at, errcode: 0, fields: {}, range: { after, upTo, ids } }
    }),
  ).flat()
  return random.shuffled(all)
}
