import { queuedDeadLetters, recordedEvents } from '../../../../cli/replay/fromStore'
import type { AcceptedEvent, Outcome } from '../../../../emulator/store/records'
import type { Store } from '../../../../emulator/store/store'
import { acceptedEvent, pendingDeliveries, temporaryStores } from '../../../support/store'

const newStore = temporaryStores()

test('the events of several pages, the oldest first, each once', async () => {
  const store = newStore()
  const ids = Array.from({ length: 450 }, (_, index) => `e${index}`)
  await store.accept([...ids, 'e0'].map((id) => acceptedEvent({ id })))
  const events = recordedEvents(store, {})
  expect(events.map(({ id }) => id)).toEqual(ids)
  expect(events[1]).toMatchObject({ source: 'my.source', json: '{"id":"e1"}' })
  store.close()
})

test('only what the filter finds', async () => {
  const store = newStore()
  await store.accept([acceptedEvent({ id: 'old' }), acceptedEvent({ id: 'new', receivedAt: 2_000 })])
  expect(recordedEvents(store, { from: 2_000 }).map(({ id }) => id)).toEqual(['new'])
  expect(queuedDeadLetters(store)).toEqual([])
  store.close()
})

const QUEUE = 'acs:mns:cn-hangzhou:123456789012:/queues/q'
const json = JSON.stringify({ id: 'e', source: 'my.source', aliyuneventbusname: 'bus' })
const [ours, theirs] = [
  { rule: 'rule', target: 'target' },
  { rule: 'another', target: 'target' },
]

/** Accepts the event, and lets each delivery end like this. */
async function publish(store: Store, deliveries: AcceptedEvent['deliveries'], ...outcomes: Outcome[]): Promise<void> {
  await store.accept([acceptedEvent({ id: 'e', json, deliveries })])
  for (const [index, outcome] of outcomes.entries()) {
    const [delivery] = pendingDeliveries(store).filter(({ rule }) => rule === deliveries[index]?.rule)
    if (delivery) await store.record(delivery, { startedAt: 2_000, ms: 1 }, outcome)
  }
}
const dead: Outcome = { state: 'dead-lettered', queue: QUEUE }

/** What becomes of the event once it is published again, and of the letter in the queue. */
test.each<[string, AcceptedEvent['deliveries'], Outcome[], string | undefined, number]>([
  ['no rule matches, as while it is disabled', [], [], undefined, 1],
  ['another rule’s target has it', [theirs], [{ state: 'delivered' }], undefined, 1],
  ['it is not delivered yet', [ours], [], undefined, 1],
  ['it is tried again', [ours], [{ state: 'pending', nextAttemptAt: 9 }], undefined, 1],
  ['the target has it', [ours], [{ state: 'delivered' }], 'done', 0],
  ['the target has it, and set it aside', [ours], [{ state: 'set-aside' }], 'refused', 0],
  ['the target has it, another one not yet', [ours, theirs], [{ state: 'delivered' }], 'done', 0],
  ['it is in the queue again: one letter is enough', [ours], [dead], 'refused', 1],
  ['it was dropped: the letter is all there is', [ours], [{ state: 'dropped' }], 'refused', 1],
])('%s', async (_, deliveries, outcomes, fate, left) => {
  const store = newStore()
  await publish(store, [ours, theirs], dead, { state: 'delivered' })
  const [letter] = queuedDeadLetters(store)
  expect(letter).toMatchObject({ id: 'e', source: 'my.source', json })
  await letter?.begin()
  expect(await letter?.fate()).toBeUndefined()
  await publish(store, deliveries, ...outcomes)
  expect(await letter?.fate()).toBe(fate)
  expect(store.deadLetters.list()).toHaveLength(left)
  store.close()
})

test('where the trace is forgotten, the letter knows its target by itself', async () => {
  const store = newStore()
  await publish(store, [ours], dead)
  await store.purge({ maxAgeMs: 500, maxBytes: 1e9 }, 2_000)
  const [letter] = queuedDeadLetters(store)
  await letter?.begin()
  await publish(store, [theirs, ours], { state: 'delivered' })
  expect(await letter?.fate()).toBeUndefined()
  for (const delivery of pendingDeliveries(store)) {
    await store.record(delivery, { startedAt: 2_000, ms: 1 }, { state: 'delivered' })
  }
  expect(await letter?.fate()).toBe('done')
  store.close()
})
