import { types } from 'node:util'
import { type Clock, passedOn } from '../../shared/clock'
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
  record(delivery: PendingDelivery, attempt: Attempt, outcome: Outcome, when: 'now' | 'soon'): Promise<void>
  /** asks for `serve`: a place has become free, or the next delivery is due */
  again(): void
}

/** Delivers what is for one target, so that a slow one holds up no other. */
export interface ServedLane {
  /** Something may be due that was not when it last looked. */
  look(): void
  /** What it has read ahead may be due at other times by now. */
  forget(): void
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

/** Read at once from the store: asking it anew for each costs more than what it tells. */
const READ_AHEAD = 128

/** Delivered, and not yet noted: a store that is slow to note them holds up those that come. */
const MOST_UNNOTED = 256

export function createLane(lane: Lane, options: LaneOptions): ServedLane {
  const { store, buses, clock, random, faults, concurrency, underWay: allUnderWay, record, again } = options
  /** by seq, until what came of it is noted */
  const underWay = new Map<number, Promise<void>>()
  /** calls of the target */
  let delivering = 0
  let unnoted = 0
  /** what is due, and not begun; in order */
  let ahead: PendingDelivery[] = []
  let isAheadByArrival = false
  let mayBeMore = true
  let cancelTimer = () => {}

  function serve(): void {
    cancelTimer()
    const rule = buses.get(lane.bus)?.rules.find(({ name }) => name === lane.rule)
    // what matched before the rule was disabled waits until it is enabled
    if (rule?.enabled === false) {
      forget()
      return
    }
    const target = rule?.targets.find(({ id }) => id === lane.target)
    const isInOrder = target?.errorsTolerance === 'NONE'
    // what came before it may have failed, and is next again once that is noted
    const hasPlace = isInOrder
      ? () => underWay.size === 0
      : () => delivering < (target?.concurrency ?? concurrency) && unnoted < MOST_UNNOTED
    while (hasPlace()) {
      const [delivery] = readAhead(isInOrder)
      if (delivery === undefined) return
      const waitMs = dueIn(delivery, target, clock.now()) ?? turnIn(target)
      if (waitMs !== undefined) {
        // what comes meanwhile may be due before it
        forget()
        cancelTimer = clock.after(waitMs, again)
        return
      }
      begin(takeAhead(isInOrder ? undefined : target?.list), target)
    }
  }

  /** undefined where it has taken its turn */
  function turnIn(target: Target | undefined): number | undefined {
    const until = target?.takeTurn?.(passedOn(clock))
    return until && until - passedOn(clock)
  }

  function readAhead(isInOrder: boolean): readonly PendingDelivery[] {
    // its target was changed
    if (isInOrder !== isAheadByArrival) forget()
    isAheadByArrival = isInOrder
    if (ahead.length === 0 && mayBeMore) {
      ahead = store.next(lane, isInOrder ? 'arrival' : 'due', READ_AHEAD, [...underWay.keys()])
      mayBeMore = ahead.length === READ_AHEAD
    }
    return ahead
  }

  function forget(): void {
    ahead = []
    mayBeMore = true
  }

  /** The first, or where the target takes lists those that come with it; one that failed before comes alone. */
  function takeAhead(list: Target['list']): PendingDelivery[] {
    if (list === undefined) return ahead.splice(0, 1)
    const most = ahead.slice(0, list.most)
    const retryAt = most.findIndex(({ attempts }) => attempts > 0)
    return ahead.splice(0, retryAt < 0 ? most.length : Math.max(1, retryAt))
  }

  function begin(deliveries: readonly PendingDelivery[], target: Target | undefined): void {
    delivering++
    const done = allUnderWay.during(deliverAndRecord(deliveries, target))
    for (const { seq } of deliveries) underWay.set(seq, done)
  }

  /** Never rejects. */
  async function deliverAndRecord(deliveries: readonly PendingDelivery[], target: Target | undefined): Promise<void> {
    const outcomes = await attempt(deliveries, target)
    delivering--
    unnoted += deliveries.length
    again()
    const when = target?.errorsTolerance === 'NONE' ? 'now' : 'soon'
    await Promise.all(outcomes.map(([delivery, ...what]) => record(delivery, ...what, when)))
    unnoted -= deliveries.length
    for (const { seq } of deliveries) underWay.delete(seq)
    if (outcomes.some(([, , { state }]) => state === 'pending' || state === 'blocked')) forget()
    again()
  }

  async function attempt(
    deliveries: readonly PendingDelivery[],
    target: Target | undefined,
  ): Promise<[PendingDelivery, Attempt, Outcome][]> {
    const startedAt = clock.now()
    const { error, answer, isSetAside } = await tryOnce(deliveries, target)
    const attempt: Attempt = {
      startedAt,
      ms: Math.max(0, clock.now() - startedAt),
      ...(answer !== undefined && { answer: answer.slice(0, MAX_CHARACTERS) }),
    }
    if (error === undefined) {
      const outcome: Outcome = { state: isSetAside ? 'set-aside' : 'delivered' }
      return deliveries.map((delivery) => [delivery, attempt, outcome])
    }
    const failed = error.slice(0, MAX_CHARACTERS)
    return Promise.all(
      deliveries.map(async (delivery): Promise<[PendingDelivery, Attempt, Outcome]> => {
        const failure = await outcomeOfFailure(failed, delivery, target, clock.now(), random)
        return [delivery, { ...attempt, error: failure.error }, failure.outcome]
      }),
    )
  }

  async function tryOnce(deliveries: readonly PendingDelivery[], target: Target | undefined): Promise<DeliveryResult> {
    const [first] = deliveries
    if (target === undefined || first === undefined) return { error: 'the rule has no such target any more' }
    const delivery: Delivery = { ...lane, attempt: first.attempts + 1 }
    const deliver = () => {
      if (deliveries.length === 1 || target.list === undefined) return target.deliver(first.json, delivery)
      return target.list.deliver(
        deliveries.map(({ json }) => json),
        delivery,
      )
    }
    try {
      return await (faults ? withDeliveryFaults(deliver, faults, random) : deliver)()
    } catch (error) {
      return { error: reasonOf(error) }
    }
  }

  return {
    look() {
      mayBeMore = true
    },
    forget,
    serve,
    rest: () => cancelTimer(),
    settled: () => Promise.all(underWay.values()),
  }
}

/** In how long it is due; undefined when that is now. Where that is longer than its strategy has it wait, the clock was set back while nothing ran. */
function dueIn(
  { attempts, nextAttemptAt }: PendingDelivery,
  target: Target | undefined,
  now: number,
): number | undefined {
  const wait = nextAttemptAt - now
  if (wait <= 0 || attempts === 0) return undefined
  const longest = retryDelay(target?.retryStrategy ?? 'EXPONENTIAL_DECAY_RETRY', attempts, () => 1)
  return longest === undefined || wait > longest ? undefined : wait
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
