import type { Outcome } from '../../../../emulator/store/records'
import type { Store } from '../../../../emulator/store/store'
import type { TraceFilter } from '../../../../emulator/store/traceFilter'
import { acceptedEvent, pendingDeliveries, temporaryStores } from '../../../support/store'

const openTemporary = temporaryStores()
let store: Store

beforeEach(() => {
  store = openTemporary()
})

afterEach(() => store.close())

const targets = (...names: string[]) => names.map((target) => ({ rule: 'rule', target }))
const down = { startedAt: 1_100, ms: 7, error: 'down' }
const ok = { startedAt: 1_200, ms: 5, answer: '{"stored":1}' }

/** Records what the attempt at each due delivery came to, in their order. */
async function attempt(...outcomes: Outcome[]): Promise<void> {
  const due = pendingDeliveries(store)
  for (const [index, outcome] of outcomes.entries()) {
    const delivery = due[index]
    if (delivery) await store.record(delivery, outcome.state === 'delivered' ? ok : down, outcome)
  }
}

const delivered: Outcome = { state: 'delivered' }
const again: Outcome = { state: 'pending', nextAttemptAt: 2_000 }
const aside: Outcome = { state: 'set-aside' }
const dropped: Outcome = { state: 'dropped' }
const queued: Outcome = { state: 'dead-lettered', queue: 'acs:mns:q' }
const blocked: Outcome = { state: 'blocked' }

test.each<[string, Outcome[], string]>([
  ['nothing was tried', [], 'pending'],
  ['both are delivered', [delivered, delivered], 'delivered'],
  ['one is delivered, the other waits', [delivered], 'pending'],
  ['one failed and will be tried again', [delivered, again], 'retrying'],
  ['one is set aside', [delivered, aside], 'set-aside'],
  ['one is set aside, the other waits', [aside], 'pending'],
  ['one is set aside, the other given up', [aside, dropped], 'dead'],
  ['one is given up', [delivered, dropped], 'dead'],
  ['one is dead-lettered', [queued, delivered], 'dead'],
  ['one is dead, the other is tried again', [queued, again], 'retrying'],
  ['one blocks its target', [blocked, again], 'blocked'],
])('an event with two deliveries, when %s', async (_, outcomes, state) => {
  await store.accept([acceptedEvent({ id: 'e', deliveries: targets('a', 'b') })])
  await attempt(...outcomes)
  expect(store.traces.list({}, 1)[0]?.state).toBe(state)
  expect(store.traces.count({})).toEqual({ [state]: 1 })
})

test('an event that no rule wants says why', async () => {
  const mismatches = [{ rule: 'rule', why: 'source does not match ["x"]' }]
  await store.accept([acceptedEvent({ id: 'e', deliveries: [], mismatches })])
  expect(store.traces.find(1)).toMatchObject({ state: 'unmatched', mismatches, deliveries: [] })
})

test('every attempt is kept, with its latency, error and answer', async () => {
  await store.accept([acceptedEvent({ id: 'e' })])
  await attempt(again)
  await attempt(delivered)
  expect(store.traces.find(1)?.deliveries).toEqual([
    {
      rule: 'rule',
      target: 'target',
      state: 'delivered',
      attempts: 2,
      nextAttemptAt: 0,
      error: null,
      tries: [
        { number: 1, startedAt: 1_100, ms: 7, error: 'down', answer: null },
        { number: 2, startedAt: 1_200, ms: 5, error: null, answer: '{"stored":1}' },
      ],
    },
  ])
  expect(store.traces.find(2)).toBeUndefined()
})

test('events are found together, in the order asked for; one that is gone is left out', async () => {
  await store.accept(['a', 'b', 'c'].map((id) => acceptedEvent({ id, deliveries: targets('x', 'y') })))
  await attempt(again, queued, delivered)
  const found = store.traces.findAll([2, 9, 1, 3])
  expect(found).toEqual([store.traces.find(2), store.traces.find(1), store.traces.find(3)])
  expect(found.map(({ id, deliveries }) => [id, ...deliveries.map(({ tries }) => tries.length)])).toEqual([
    ['b', 1, 0],
    ['a', 1, 0],
    ['c', 1, 0],
  ])
  expect(store.traces.findAll([])).toEqual([])
})

test('a dead letter is the raw event, in its queue; one that was published on a bus is in none', async () => {
  await store.accept([acceptedEvent({ id: 'e', json: '{"id":"e","data":1}', deliveries: targets('a', 'b') })])
  await attempt(queued, { state: 'dead-lettered' })
  expect(store.traces.find(1)?.deadLetters).toEqual([{ queue: 'acs:mns:q', deadAt: 1_107 }])
  expect(store.traces.find(1)?.deliveries.map(({ state }) => state)).toEqual(['dead-lettered', 'dead-lettered'])
})

describe('filters', () => {
  beforeEach(async () => {
    await store.accept([
      acceptedEvent({ id: 'abc-1', source: 's1', receivedAt: 1_000 }),
      acceptedEvent({ id: 'abc-2', type: 'other', receivedAt: 2_000, deliveries: [] }),
      acceptedEvent({ id: 'xyz', bus: 'other', receivedAt: 3_000, deliveries: [{ rule: 'second', target: 't' }] }),
    ])
  })

  test.each<[string, TraceFilter, string[]]>([
    ['nothing: the newest first', {}, ['xyz', 'abc-2', 'abc-1']],
    ['the bus', { bus: 'bus' }, ['abc-2', 'abc-1']],
    ['the state', { state: 'unmatched' }, ['abc-2']],
    ['the source', { source: 's1' }, ['abc-1']],
    ['the type', { type: 'other' }, ['abc-2']],
    ['an id', { id: 'xyz' }, ['xyz']],
    ['how an id begins', { id: 'abc-' }, ['abc-2', 'abc-1']],
    ['an id with the wildcards of LIKE', { id: 'abc_' }, []],
    ['a time, the first inclusive, the last not', { from: 2_000, to: 3_000 }, ['abc-2']],
    ['a rule', { rule: 'second' }, ['xyz']],
    ['the next page', { before: 2 }, ['abc-1']],
    ['several at once', { bus: 'bus', id: 'abc', state: 'pending' }, ['abc-1']],
  ])('%s', (_, filter, ids) => {
    expect(store.traces.list(filter, 10).map(({ id }) => id)).toEqual(ids)
  })

  test('a list is as long as asked for', () => {
    expect(store.traces.list({}, 2).map(({ id }) => id)).toEqual(['xyz', 'abc-2'])
  })
})

test('an event that was published twice is found twice, the newer first; another source is another event', async () => {
  await store.accept([acceptedEvent({ id: 'e', traceId: 'first' })])
  await store.accept([acceptedEvent({ id: 'e', traceId: 'second' }), acceptedEvent({ id: 'e', source: 'other' })])
  const traceIds = (source?: string) =>
    store.traces.findById({ bus: 'bus', id: 'e', ...(source && { source }) }).map(({ traceId }) => traceId)
  expect(traceIds('my.source')).toEqual(['second', 'first'])
  expect(traceIds()).toHaveLength(3)
})

test('who listens is told of every change, until they stop', async () => {
  let changes = 0
  const stop = store.onChange(() => changes++)
  await store.accept([acceptedEvent({ id: 'a' })])
  await attempt(delivered)
  stop()
  await store.accept([acceptedEvent({ id: 'b' })])
  expect(changes).toBe(2)
})
