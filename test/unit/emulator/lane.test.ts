import { createLane } from '../../../emulator/delivery/lane'
import { countUnderWay } from '../../../emulator/delivery/underWay'
import { compilePattern } from '../../../emulator/pattern/compilePattern'
import type { EventBus } from '../../../emulator/resources/compiledBuses'
import type { PendingDelivery } from '../../../emulator/store/dueDeliveries'
import type { Attempt, Outcome } from '../../../emulator/store/records'
import { openStore, type Store } from '../../../emulator/store/store'
import type { RetryStrategy } from '../../../emulator/targets/retrySchedule'
import type { Target } from '../../../emulator/targets/target'
import { type ManualClock, manualClock } from '../../support/manualClock'
import { acceptedEvent, pendingDeliveries, waitForDisk } from '../../support/store'

const LANE = { bus: 'bus', rule: 'rule', target: 'target' }
const SECOND = 1_000
let clock: ManualClock
let store: Store
let records: [Attempt, Outcome, when: 'now' | 'soon'][]

beforeEach(() => {
  clock = manualClock()
  store = openStore(undefined)
  records = []
  waitForDisk(clock, () => store)
})
afterEach(() => store.close())

/** The lane of one target, on a store in memory; without one, the rule has it no more. */
function laneTo(target: Partial<Target> | undefined, noted: () => Promise<void> = async () => {}) {
  const targets: Target[] =
    target === undefined
      ? []
      : [
          {
            id: 'target',
            retryStrategy: 'EXPONENTIAL_DECAY_RETRY',
            errorsTolerance: 'ALL',
            deliver: async () => ({}),
            ...target,
          },
        ]
  const rule = { name: 'rule', enabled: true, pattern: compilePattern({}), targets }
  const buses = new Map<string, EventBus>([['bus', { name: 'bus', rules: [rule] }]])
  const lane = createLane(LANE, {
    store,
    buses,
    clock,
    random: () => 0.5,
    concurrency: 1,
    underWay: countUnderWay(),
    async record(delivery, attempt, outcome, when) {
      records.push([attempt, outcome, when])
      await noted()
      await store.record(delivery, attempt, outcome, when)
    },
    again: () => lane.serve(),
  })
  return lane
}

const accept = (...ids: string[]) => store.accept(ids.map((id) => acceptedEvent({ id, receivedAt: clock.now() })))

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`)

const idOf = (eventText: string) => (JSON.parse(eventText) as { id: string }).id

/** Accepts an event that has failed so often, and has to wait for so long. */
async function acceptFailed(id: string, attempts: number, waitMs: number): Promise<void> {
  const nextAttemptAt = clock.now() + waitMs
  await store.accept([acceptedEvent({ id, receivedAt: nextAttemptAt })])
  const last = () => pendingDeliveries(store).at(-1) as PendingDelivery
  for (let attempt = 0; attempt < attempts; attempt++) {
    await store.record(last(), { startedAt: 0, ms: 0, error: 'down' }, { state: 'pending', nextAttemptAt })
  }
}

test.each<[string, RetryStrategy | undefined, attempts: number, waitMs: number, startsAfter: number]>([
  ['a retry', 'BACKOFF_RETRY', 1, 20 * SECOND, 20 * SECOND],
  ['a retry', 'EXPONENTIAL_DECAY_RETRY', 3, 4 * SECOND, 4 * SECOND],
  ['a retry that would wait longer than any', 'BACKOFF_RETRY', 1, 20 * SECOND + 1, 0],
  ['a retry that would wait longer than any', 'EXPONENTIAL_DECAY_RETRY', 3, 4 * SECOND + 1, 0],
  ['a retry of which there are none so late', 'BACKOFF_RETRY', 4, 8 * SECOND, 0],
  ['what was accepted before the clock was set back', 'BACKOFF_RETRY', 0, 5 * SECOND, 0],
  ['a retry whose target is gone', undefined, 3, 4 * SECOND, 4 * SECOND],
])('%s: %s after %i attempts, to wait %i ms: begun after %i ms', async (_, retryStrategy, attempts, waitMs, after) => {
  await acceptFailed('a', attempts, waitMs)
  const start = clock.now()
  laneTo(retryStrategy && { retryStrategy }).serve()
  await clock.advance(60 * SECOND)
  expect(records.map(([{ startedAt }]) => startedAt - start)).toEqual([after])
})

test('what is delivered while the store notes nothing is no more than 256, and the rest follows', async () => {
  await accept(...numbered(300))
  let note = () => {}
  const noted = new Promise<void>((resolve) => {
    note = resolve
  })
  laneTo({}, () => noted).serve()
  await clock.advance(0)
  expect(records).toHaveLength(256)
  note()
  await clock.advance(0)
  expect(records).toHaveLength(300)
  expect(pendingDeliveries(store)).toEqual([])
})

test('the store is asked for 128 at once, and no more once it has given fewer', async () => {
  await accept(...numbered(300))
  const next = jest.spyOn(store, 'next')
  laneTo({}).serve()
  await clock.advance(0)
  expect(records).toHaveLength(300)
  expect(next.mock.calls.map(([, order, limit]) => [order, limit])).toEqual(Array(3).fill(['due', 128]))
})

test.each<[string, Partial<Target> | undefined, 'now' | 'soon']>([
  ['keeps the order: the next waits for that', { errorsTolerance: 'NONE' }, 'now'],
  ['keeps no order', { errorsTolerance: 'ALL' }, 'soon'],
  ['is gone', undefined, 'soon'],
])('a target that %s: it is noted %s', async (_, target, when) => {
  await accept('a')
  laneTo(target).serve()
  await clock.advance(0)
  expect(records.map((record) => record[2])).toEqual([when])
})

test.each([
  ['as long as it takes', 30, 30],
  ['no time less than none, where the clock is set back meanwhile', -5 * SECOND, 0],
])('an attempt takes %s', async (_, passed, ms) => {
  const start = clock.now()
  let set = 0
  const hand = clock
  clock = { ...hand, now: () => hand.now() + set }
  await accept('a')
  const deliver = async () => {
    set = passed
    return {}
  }
  laneTo({ deliver }).serve()
  await hand.advance(0)
  expect(records).toEqual([[{ startedAt: start, ms }, { state: 'delivered' }, 'soon']])
})

/** Errors of the engine quote what they choked on. */
test.each<[string, unknown, string]>([
  ['what a target says', new Error('connect ECONNREFUSED'), 'connect ECONNREFUSED'],
  ['what a target says at length', new Error('x'.repeat(5_000)), 'x'.repeat(1_000)],
  ['an error of the engine', new TypeError("Cannot read '张三'"), 'unexpected TypeError'],
  ['another', new SyntaxError("Unexpected token '张三'"), 'unexpected SyntaxError'],
  ["a target's own error", Object.assign(new Error('no'), { name: 'HandledTypeError' }), 'no'],
  ['another', Object.assign(new Error('no'), { name: 'TypeErrorOfTarget' }), 'no'],
])('why an attempt failed: %s', async (_, thrown, error) => {
  await accept('a')
  laneTo({ retryStrategy: 'BACKOFF_RETRY', deliver: () => Promise.reject(thrown) }).serve()
  await clock.advance(0)
  expect(records.map(([attempt]) => attempt.error)).toEqual([error])
})

test('a list is of at most so many that have not failed, and what comes alone is no list', async () => {
  const taken: (string | string[])[] = []
  const lane = laneTo({
    async deliver(eventText) {
      taken.push(idOf(eventText))
      return {}
    },
    list: {
      most: 3,
      async deliver(eventTexts) {
        taken.push(eventTexts.map(idOf))
        return {}
      },
    },
  })
  await accept('a', 'b', 'c', 'd', 'e')
  await acceptFailed('failed', 1, SECOND)
  await clock.advance(SECOND)
  await accept('f')
  // by a clock that was set back
  await store.accept([acceptedEvent({ id: 'g', receivedAt: clock.now() + SECOND })])
  lane.serve()
  await clock.advance(0)
  expect(taken).toEqual([['a', 'b', 'c'], ['d', 'e'], 'failed', ['f', 'g']])
  await accept('h')
  lane.look()
  lane.serve()
  await clock.advance(0)
  expect(taken.at(-1)).toBe('h')
})
