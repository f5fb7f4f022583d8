import type { Outcome } from '../../../../emulator/store/records'
import type { Store } from '../../../../emulator/store/store'
import { acceptedEvent, temporaryStores } from '../../../support/store'

const openTemporary = temporaryStores()
let store: Store

beforeEach(() => {
  store = openTemporary()
})

afterEach(() => store.close())

const lane = { bus: 'bus', rule: 'rule', target: 'target' }
const attempt = { startedAt: 1, ms: 1, error: 'down' }

async function fail(eventSeq: number, outcome: Outcome): Promise<void> {
  const delivery = store.next(lane, 'arrival', 10, []).find((other) => other.eventSeq === eventSeq)
  if (delivery === undefined) throw new Error('is not pending')
  await store.record(delivery, attempt, outcome)
}

const next = (...args: [order: 'due' | 'arrival', limit: number, except: number[]]) =>
  store.next(lane, ...args).map(({ seq }) => seq)

test('every lane with a pending delivery is named once', async () => {
  const to = (...names: string[]) => names.map((target) => ({ rule: 'rule', target }))
  await store.accept([
    acceptedEvent({ id: 'a', deliveries: to('x', 'y') }),
    acceptedEvent({ id: 'b', deliveries: to('x') }),
    acceptedEvent({ id: 'c', bus: 'another', deliveries: [{ rule: 'another', target: 'z' }] }),
    acceptedEvent({ id: 'd', bus: 'over', deliveries: to('x') }),
  ])
  const [over] = store.next({ bus: 'over', rule: 'rule', target: 'x' }, 'due', 1, [])
  if (over) await store.record(over, attempt, { state: 'delivered' })
  expect(store.pendingLanes()).toEqual([
    { bus: 'another', rule: 'another', target: 'z' },
    { bus: 'bus', rule: 'rule', target: 'x' },
    { bus: 'bus', rule: 'rule', target: 'y' },
  ])
})

test('a lane is read by when its deliveries are due, or by when they arrived, without those under way', async () => {
  await store.accept(['a', 'b', 'c'].map((id) => acceptedEvent({ id })))
  await store.accept([acceptedEvent({ id: 'd', deliveries: [{ rule: 'rule', target: 'another' }] })])
  await fail(1, { state: 'pending', nextAttemptAt: 5_000 })
  expect(next('due', 10, [])).toEqual([2, 3, 1])
  expect(next('arrival', 10, [])).toEqual([1, 2, 3])
  expect(next('due', 1, [2])).toEqual([3])
  expect(next('arrival', 10, [1, 2, 3])).toEqual([])
})

test('a blocked lane has nothing next until it is unblocked, and then what blocked it, as if for the first time', async () => {
  await store.accept(['a', 'b'].map((id) => acceptedEvent({ id })))
  await fail(1, { state: 'blocked' })
  expect(store.pendingLanes()).toEqual([lane])
  expect([next('due', 10, []), next('arrival', 10, [])]).toEqual([[], []])
  await store.unblock({ bus: 'bus', rule: 'another' }, 9_000)
  expect(next('arrival', 10, [])).toEqual([])
  await store.unblock({ bus: 'bus', rule: 'rule' }, 9_000)
  expect(store.next(lane, 'arrival', 10, [])).toMatchObject([{ seq: 1, attempts: 0, nextAttemptAt: 9_000 }, { seq: 2 }])
})

test('what a target came to is noted once, also where the first time was not known to be on disk', async () => {
  await store.accept([acceptedEvent({ id: 'a' })])
  const [delivery] = store.next(lane, 'arrival', 1, [])
  if (delivery === undefined) throw new Error('is not pending')
  const outcome = { state: 'dead-lettered' as const, queue: 'acs:mns:a:b:/queues/dead' }
  await store.record(delivery, attempt, outcome)
  await store.record(delivery, attempt, outcome)
  expect(store.deadLetters.list()).toHaveLength(1)
  expect(store.traces.find(1)?.deliveries[0]).toMatchObject({ state: 'dead-lettered', attempts: 1 })
})
