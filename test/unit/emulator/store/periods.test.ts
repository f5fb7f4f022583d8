import type { PeriodFilter, PeriodPlace } from '../../../../emulator/store/periods'
import type { Store } from '../../../../emulator/store/store'
import { acceptedEvent, temporaryStores } from '../../../support/store'

const openTemporary = temporaryStores()
let store: Store

beforeEach(async () => {
  store = openTemporary()
  const events = Array.from({ length: 40 }, (_, index) =>
    acceptedEvent({
      id: `e-${index}`,
      bus: index % 8 === 0 ? 'other' : 'bus',
      source: `s${index % 3}`,
      type: `t${index % 2}`,
      json: JSON.stringify({ id: `e-${index}`, ...(index % 4 === 0 && { subject: `x${index % 12}` }) }),
      // four at once, and the last ones by a clock that was set back
      receivedAt: index < 32 ? 1_000 + Math.floor(index / 4) : 900 + index,
      deliveries: [{ rule: `r${index % 5}`, target: 'target' }],
    }),
  )
  await store.accept(events)
})

afterEach(() => store.close())

const all = { bus: 'bus', from: 0, to: 10_000 }

/** Page by page, as a client does. */
function pages(filter: PeriodFilter, size: number): string[] {
  const ids: string[] = []
  let place: PeriodPlace | undefined
  for (;;) {
    const page = store.periods.page(filter, size, place)
    ids.push(...page.map(({ id }) => id))
    place = page.at(-1)
    if (page.length < size) return ids
  }
}

test.each<[what: string, filter: PeriodFilter]>([
  ['everything of a bus', all],
  ['another bus', { ...all, bus: 'other' }],
  ['a part of the time', { ...all, from: 1_002, to: 1_005 }],
  ['a source', { ...all, source: 's1' }],
  ['a type', { ...all, type: 't1' }],
  ['a subject', { ...all, subject: 'x4' }],
  ['a rule', { ...all, rule: 'r2' }],
  ['all of them', { ...all, source: 's1', type: 't1', rule: 'r2' }],
  ['nothing', { ...all, source: 'none' }],
])('%s: each event once, the newest first, as many as are counted', (_, filter) => {
  const { bus, from, to, ...others } = filter
  const wanted = store.traces
    .list({ bus, from, to, ...others }, 100)
    .sort((a, b) => b.receivedAt - a.receivedAt || b.seq - a.seq)
    .map(({ id }) => id)
  for (const size of [1, 3, 7, 100]) expect(pages(filter, size)).toEqual(wanted)
  expect(store.periods.count(filter)).toBe(wanted.length)
})

test('what arrives meanwhile shifts no page', async () => {
  const [first] = [store.periods.page(all, 10)]
  await store.accept([acceptedEvent({ id: 'late', receivedAt: 5_000 })])
  const second = store.periods.page(all, 10, first.at(-1))
  expect(new Set([...first, ...second].map(({ id }) => id)).size).toBe(20)
  expect(second.map(({ id }) => id)).not.toContain('late')
})
