import type { ActivityChart } from '../../../../emulator/store/activity'
import type { Store } from '../../../../emulator/store/store'
import type { TraceFilter } from '../../../../emulator/store/traceFilter'
import { acceptedEvent, pendingDeliveries, temporaryStores } from '../../../support/store'

const openTemporary = temporaryStores()
const NOON = Date.parse('2026-01-01T12:00:00Z')
const MINUTE = 60_000
let store: Store

beforeEach(() => {
  store = openTemporary()
})

afterEach(() => store.close())

/** An event that was delivered after so long, or with null not yet tried. */
async function event(minutesAgo: number, ms: number | null, type = 'my.type'): Promise<void> {
  await store.accept([acceptedEvent({ id: 'e', type, receivedAt: NOON - minutesAgo * MINUTE })])
  const delivery = pendingDeliveries(store).at(-1)
  if (delivery && ms !== null) await store.record(delivery, { startedAt: NOON, ms }, { state: 'delivered' })
}

const read = (filter: TraceFilter = {}): ActivityChart => store.activity.read(filter, NOON)
const minute = (ago: number) => NOON - ago * MINUTE

test('an empty store has an empty chart', () => {
  expect(read()).toEqual({ from: NOON, to: NOON + 1, widthMs: 1_000, buckets: [] })
})

test('events are counted by their time and state, with the latency of their attempts', async () => {
  for (const ms of [10, 30, 20]) await event(50, ms)
  await event(50, null)
  await event(10.5, 7)
  await event(0.5, null)
  expect(read({ from: minute(60) })).toEqual({
    from: minute(60),
    to: NOON,
    widthMs: MINUTE,
    buckets: [
      { at: minute(50), counts: { delivered: 3, pending: 1 }, latency: { median: 20, p95: 30 } },
      { at: minute(11), counts: { delivered: 1 }, latency: { median: 7, p95: 7 } },
      { at: minute(1), counts: { pending: 1 } },
    ],
    latency: { median: 10, p95: 30 },
  })
})

test('of a hundred attempts the 95th counts', async () => {
  for (let ms = 1; ms <= 100; ms++) await event(1, ms)
  expect(read().latency).toEqual({ median: 50, p95: 95 })
})

test.each<[string, TraceFilter, number]>([
  ['none', {}, 4],
  ['one', { type: 'other' }, 1],
  ['a time', { from: minute(30), to: minute(20) }, 2],
  ['a page, which the chart does not heed', { before: 2 }, 4],
])('with a filter: %s', async (_, filter, count) => {
  await event(40, 1)
  await event(30, 1)
  await event(25, 1, 'other')
  await event(20, 1)
  const counts = read(filter).buckets.flatMap((bucket) => Object.values(bucket.counts))
  expect(counts.reduce((sum, n) => sum + n, 0)).toBe(count)
})

test.each([
  [1, 1_000],
  [1.1, 2_000],
  [15, 15_000],
  [60, MINUTE],
  [24 * 60, 30 * MINUTE],
  [7 * 24 * 60, 180 * MINUTE],
  [90 * 24 * 60, 2 * 24 * 60 * MINUTE],
])('of %d minutes a part is %d ms', (minutes, widthMs) => {
  expect(read({ from: minute(minutes) }).widthMs).toBe(widthMs)
})
