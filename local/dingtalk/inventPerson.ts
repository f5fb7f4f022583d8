import { CHINA_AHEAD_MS } from '../../shared/chinaTime'
import type { Random } from '../../shared/seededRandom'
import { inventName, PLACES, TITLES } from './names'
import type { Leaver, Person } from './organisation'

const DAY_MS = 86_400_000
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

interface Given {
  /** how many were made before: ids are made of it, so that none comes twice */
  at: number
  deptIds: readonly string[]
  now: number
  /** of a related organisation */
  fromUnion: boolean
}

/** An invented person as DingTalk knows people: fields are there, left empty, or unknown, by chance. */
export function inventPerson(random: Random, { at, deptIds, now, fromUnion }: Given): Person {
  const createdAt = now - (1 + random.below(2_000)) * DAY_MS - random.below(DAY_MS)
  const userid = inventUserId(random, at)
  const name = inventName(random)
  const adminLevel = at === 0 ? 1 : at === 3 || random.below(400) === 0 ? 2 : 0
  return {
    userid,
    unionid: `${text(random, 20)}iEiE`,
    name,
    placements: deptIds.map((deptId) => ({ deptId, order: inventOrder(random), leader: false })),
    active: at !== 7 && random.below(25) > 0,
    adminLevel,
    boss: at === 0,
    senior: at === 1 || random.below(100) === 0,
    hideMobile: random.below(50) === 0,
    realAuthed: random.below(10) > 0,
    createdAt,
    modifiedAt: createdAt + random.below(now - createdAt),
    ...maybe(random, 6, { hiredAt: createdAt - (createdAt % DAY_MS) - CHINA_AHEAD_MS }),
    ...maybe(random, 8, { jobNumber: random.below(4) === 0 ? '' : `A${String(at).padStart(4, '0')}` }),
    ...maybe(random, 8, { title: random.below(10) === 0 ? '' : random.of(TITLES) }),
    ...maybe(random, 20, {
      avatar: random.below(3) > 0 ? '' : `https://static.example.test/media/${text(random, 12)}.jpg`,
    }),
    ...maybe(random, 4, {
      telephone: random.below(3) > 0 ? '' : `0571-8${String(random.below(10 ** 7)).padStart(7, '0')}`,
    }),
    // a range that no operator has
    ...maybe(random, 20, { mobile: `100${String(random.below(10 ** 8)).padStart(8, '0')}` }),
    ...maybe(random, 4, { email: random.below(3) === 0 ? '' : `p${at}@example.test` }),
    ...maybe(random, 3, { workPlace: random.of(PLACES) }),
    ...maybe(random, 2, { remark: '' }),
    roles: [
      ...(adminLevel === 1 ? ['2390000701'] : adminLevel === 2 ? ['2390000702'] : []),
      ...(random.below(15) === 0 ? [String(2_390_000_711 + random.below(6))] : []),
    ],
    ...((at === 8 || random.below(50) === 0) && {
      account: { loginId: `login${at}`, nickname: name, stopped: at === 8 || random.below(6) === 0 },
    }),
    ...((fromUnion || random.below(200) === 0) && {
      union: { userid: digits(random, 16), corpId: 'ding0related0organisation' },
    }),
  }
}

/**
 * Ids as organisations mix them: mostly digits that DingTalk made, up to 20 and at times with a leading zero, then those
 * of its first years, and what somebody chose. `at` is within each, so that no two are the same.
 */
function inventUserId(random: Random, at: number): string {
  const number = String(at).padStart(6, '0')
  if (at === 9) return `${number}-${text(random, 57)}`
  const kind = at < 3 ? 0 : random.below(100)
  if (at === 10 || kind < 45) return `0${random.below(9) + 1}${number}${digits(random, 10)}`
  if (kind < 70) return `${random.below(9) + 1}${number}${digits(random, 5 + random.below(9))}`
  if (kind < 85) return `manager${number.replace(/^00?/, '')}`
  if (kind < 95) return `A${number}`
  return `${digits(random, 8)}-${number}`
}

/** 18 digits, which are no JavaScript number, as DingTalk makes them. */
export function inventOrder(random: Random): string {
  return `1762${digits(random, 11)}512`
}

/** Somebody who left in the last 40 days. */
export function inventLeaver(random: Random, at: number, now: number): Leaver {
  return {
    userid: inventUserId(random, at),
    name: inventName(random),
    at: now - Math.floor((0.01 + random.below(1_000) / 1_000) * 40 * DAY_MS),
    reason: random.of(['leave', 'leave', 'leave', 'delete', 'oapi', 'unknown']),
  }
}

function maybe<T extends object>(random: Random, times: number, fields: T): T | undefined {
  return random.below(times) === 0 ? undefined : fields
}

function digits(random: Random, count: number): string {
  let made = ''
  while (made.length < count) made += String(random.below(10 ** 6)).padStart(6, '0')
  return made.slice(0, count)
}

function text(random: Random, count: number): string {
  let made = ''
  while (made.length < count) made += LETTERS[random.below(LETTERS.length)]
  return made
}
