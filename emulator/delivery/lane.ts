import { types } from 'node:util'
import type { Clock } from '../../shared/clock'
import { errorMessage } from '../../shared/errorCode'
import type { Faults } from '../faults/faults'
import { withDeliveryFaults } from '../faults/withFaults'
import type { Buses } from '../resources/compiledBuses'
import type { Lane, PendingDelivery } from '../store/dueDeliveries'
import type { Attempt, Outcome } from '../store/records'
import type { Store } from '../store/store'
import { retryDelay } from '../targets/retrySchedule'
import type { Delivery, DeliveryResult, Target } from '../targets/target'
import type { UnderWay } from './underWay'

export interface LaneOptions {
  store: Pick<Store, 'next'>
  buses: Buses
  clock: Clock
  /** in [0, 1), for the back-off */
  random(): number
  /** deliveries that fail on demand */
  faults?: Faults | undefined
  /** deliveries under way at once, where the target does not say */
  concurrency: number
  /** counts the deliveries of all lanes */
  underWay: Pick<UnderWay, 'during'>
  /** keeps what an attempt came to; never rejects */
  record(delivery: PendingDelivery, attempt: Attempt, outcome: Outcome): Promise<void>
  /** asks for `serve`: a place has become free, or the next delivery is due */
  again(): void
}

/** Delivers what is for one target, so that a slow one holds up no other. */
export interface ServedLane {
  /**
   * Begins what is due, as far as there is room, and sets a timer for what is due next.
   * @throws what the store throws
   */
  serve(): void
  /** Cancels the timer. */
  rest(): void
  /** Resolves once nothing is under way. */
  settled(): Promise<unknown>
}

/** Of an answer or an error that is kept. */
const MAX_CHARACTERS = 1_000

export function createLane(lane: Lane, options: LaneOptions): ServedLane {
  const { store, buses, clock, random, faults, concurrency, underWay: allUnderWay, record, again } = options
  const underWay = new Map<number, Promise<void>>()
  let cancelTimer = () => {}

  function serve(): void {
    cancelTimer()
    const rule = buses.get(lane.bus)?.rules.find(({ name }) => name === lane.rule)
    // what matched before the rule was disabled waits until it is enabled
    if (rule?.enabled === false) return
    const target = rule?.targets.find(({ id }) => id === lane.target)
    const isInOrder = target?.errorsTolerance === 'NONE'
    const places = (isInOrder ? 1 : (target?.concurrency ?? concurrency)) - underWay.size
    if (places <= 0) return
    for (const delivery of store.next(lane, isInOrder ? 'arrival' : 'due', places, [...underWay.keys()])) {
      const now = clock.now()
      const waitUntil = dueAt(delivery, target, now) ?? target?.takeTurn?.(now)
      if (waitUntil !== undefined) {
        cancelTimer = clock.after(waitUntil - now, again)
        return
      }
      begin(delivery, target)
    }
  }

  function begin(delivery: PendingDelivery, target: Target | undefined): void {
    const done = deliver(delivery, target).then(() => {
      underWay.delete(delivery.seq)
      again()
    })
    underWay.set(delivery.seq, allUnderWay.during(done))
  }

  async function deliver(delivery: PendingDelivery, target: Target | undefined): Promise<void> {
    const startedAt = clock.now()
    const { error, answer, isSetAside } = await tryOnce(delivery, target)
    const attempt: Attempt = {
      startedAt,
      ms: Math.max(0, clock.now() - startedAt),
      ...(answer !== undefined && { answer: answer.slice(0, MAX_CHARACTERS) }),
    }
    if (error === undefined) return record(delivery, attempt, { state: isSetAside ? 'set-aside' : 'delivered' })
    const failure = await outcomeOfFailure(error.slice(0, MAX_CHARACTERS), delivery, target, clock.now(), random)
    return record(delivery, { ...attempt, error: failure.error }, failure.outcome)
  }

  async function tryOnce({ json, attempts }: PendingDelivery, target: Target | undefined): Promise<DeliveryResult> {
    if (target === undefined) return { error: 'the rule has no such target any more' }
    const delivery: Delivery = { ...lane, attempt: attempts + 1 }
    const attempt = (text: string) => target.deliver(text, delivery)
    try {
      return await (faults ? withDeliveryFaults(attempt, faults, random) : attempt)(json)
    } catch (error) {
      return { error: reasonOf(error) }
    }
  }

  return {
    serve,
    rest: () => cancelTimer(),
    settled: () => Promise.all(underWay.values()),
  }
}

/**
 * When it is due; undefined when that is now. No attempt waits longer than its strategy has it wait: where one would, the
 * clock was set back since, maybe by hours.
 */
function dueAt(
  { attempts, nextAttemptAt }: PendingDelivery,
  target: Target | undefined,
  now: number,
): number | undefined {
  const wait = nextAttemptAt - now
  if (wait <= 0 || attempts === 0) return undefined
  const longest = retryDelay(target?.retryStrategy ?? 'EXPONENTIAL_DECAY_RETRY', attempts, () => 1)
  return longest === undefined || wait > longest ? undefined : nextAttemptAt
}

/** Errors of the engine quote what they choked on; those that targets throw on purpose do not. */
function reasonOf(error: unknown): string {
  const isMistake = types.isNativeError(error) && /^(Type|Range|Syntax|Reference|URI)Error$/.test(error.name)
  return isMistake ? `unexpected ${error.name}` : errorMessage(error)
}

/**
 * What a failed attempt leads to: another one, and after the last a blocked target (ErrorsTolerance NONE), a dead letter,
 * or nothing. A dead letter that its event bus does not take is kept under the bus's ARN, and the error says why.
 * @param target undefined when the rule has it no more
 */
async function outcomeOfFailure(
  error: string,
  { attempts, json }: PendingDelivery,
  target: Target | undefined,
  now: number,
  random: () => number,
): Promise<{ outcome: Outcome; error: string }> {
  if (target === undefined) return { outcome: { state: 'dropped' }, error }
  const delay = retryDelay(target.retryStrategy, attempts + 1, random)
  if (delay !== undefined) return { outcome: { state: 'pending', nextAttemptAt: now + delay }, error }
  if (target.errorsTolerance === 'NONE') return { outcome: { state: 'blocked' }, error }

  const { deadLetterQueue: queue, publishDeadLetter } = target
  if (queue === undefined) return { outcome: { state: 'dropped' }, error }
  if (publishDeadLetter === undefined) return { outcome: { state: 'dead-lettered', queue }, error }
  const refusal = await refusalOf(publishDeadLetter(json))
  if (refusal === undefined) return { outcome: { state: 'dead-lettered' }, error }
  return { outcome: { state: 'dead-lettered', queue }, error: `${error}; its dead-letter bus: ${refusal}` }
}

function refusalOf(publishing: Promise<{ error?: string }>): Promise<string | undefined> {
  return publishing.then(({ error }) => error, errorMessage)
}
