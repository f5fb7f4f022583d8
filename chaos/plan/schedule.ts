import { seededRandom } from '../../shared/seededRandom'

/** What can go wrong, and for how long at most, in milliseconds; 0: it is over at once. */
const KINDS = {
  'stack killed': 0,
  'database killed': 0,
  'database restarted': 0,
  'database frozen': 8_000,
  'database read-only': 4_000,
  'disk full': 6_000,
  'database connections exhausted': 4_000,
  'EventBridge fails': 6_000,
  'deliveries fail': 6_000,
  'functions throw': 5_000,
  'functions time out': 12_000,
  'DingTalk throttles': 6_000,
  'DingTalk refuses': 6_000,
  'clock forward': 0,
  'clock back': 0,
} as const

export type FaultKind = keyof typeof KINDS
export const FAULT_KINDS = Object.keys(KINDS) as FaultKind[]

export interface Fault {
  kind: FaultKind
  /** it begins once so many events have been sent, and holds up those after it until it has begun */
  after: number
  /** how long it lasts */
  ms: number
  /** how strong it is, from 0 to 1: where there is a more or less of it */
  strength: number
}

/** A fault so many events, and each kind at least once where there are events enough. */
const EVENTS_A_FAULT = 400

/**
 * The same faults for the same seed: all kinds in turn, each turn in another order.
 * @param sends how often something is sent, duplicates included
 */
export function makeSchedule(sends: number, seed: number, kinds: readonly FaultKind[] = FAULT_KINDS): Fault[] {
  const random = seededRandom(seed ^ 0x5eed)
  const count = Math.max(kinds.length, Math.floor(sends / EVENTS_A_FAULT))
  const turns = Array.from({ length: Math.ceil(count / kinds.length) }, () => random.shuffled(kinds)).flat()
  return turns.slice(0, count).map((kind, index) => {
    const longest = KINDS[kind]
    return {
      kind,
      after: Math.floor(((index + random.below(100) / 100) * sends) / count),
      ms: longest === 0 ? 0 : longest / 4 + random.below((longest * 3) / 4),
      strength: random.below(100) / 100,
    }
  })
}
