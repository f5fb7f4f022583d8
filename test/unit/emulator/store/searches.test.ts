import type { Search } from '../../../../emulator/store/searches'
import { acceptedEvent, temporaryStores } from '../../../support/store'

const openTemporary = temporaryStores()
const search = (text: string) => {
  const looked: string[] = []
  const matches = (json: string) => {
    looked.push(json)
    return json.includes(text)
  }
  return { search: { name: text, matches } satisfies Search, looked }
}

test('each event is looked at once, however often it is asked, and new ones are found too', async () => {
  const store = openTemporary()
  const accept = (...ids: string[]) => store.accept(ids.map((id) => acceptedEvent({ id, deliveries: [] })))
  const ids = (found: number) => store.traces.list({ found }, 10).map(({ id }) => id)
  await accept('a1', 'b', 'a2')
  const { search: a, looked } = search('"a')
  const both = await Promise.all([store.searches.find(a), store.searches.find(a)])
  expect(both.map(ids)).toEqual([
    ['a2', 'a1'],
    ['a2', 'a1'],
  ])
  expect(looked).toHaveLength(3)
  await accept('a3', 'c')
  const found = await store.searches.find(a)
  expect(ids(found)).toEqual(['a3', 'a2', 'a1'])
  expect(looked).toHaveLength(5)
  // together with another filter, in the counts and in the chart
  expect(store.traces.list({ found, id: 'a3' }, 10).map(({ id }) => id)).toEqual(['a3'])
  expect(store.traces.count({ found })).toEqual({ unmatched: 3 })
  expect(store.activity.read({ found }, 2_000).buckets.map(({ counts }) => counts)).toEqual([{ unmatched: 3 }])
  store.close()
})

test('more events than are looked at at once; what is purged is found no more', async () => {
  const store = openTemporary()
  const events = Array.from({ length: 2_500 }, (_, n) => acceptedEvent({ id: `e${n}`, deliveries: [], receivedAt: n }))
  await store.accept(events)
  const { search: nines } = search('9"')
  expect(store.traces.count({ found: await store.searches.find(nines) })).toEqual({ unmatched: 250 })
  while ((await store.purge({ maxAgeMs: 500, maxBytes: 1e9 }, 2_500)) > 0);
  expect(store.traces.count({ found: await store.searches.find(nines) })).toEqual({ unmatched: 50 })
  store.close()
})

test('of many searches the oldest is looked for anew, and finds the same', async () => {
  const store = openTemporary()
  await store.accept(['a', 'b'].map((id) => acceptedEvent({ id, deliveries: [] })))
  const first = search('"a"')
  await store.searches.find(first.search)
  for (let n = 0; n < 12; n++) await store.searches.find(search(`"${n}"`).search)
  const found = await store.searches.find(first.search)
  expect(store.traces.list({ found }, 10).map(({ id }) => id)).toEqual(['a'])
  expect(first.looked).toHaveLength(4)
  store.close()
})

test('a search that fails tells whoever asked, and the next one goes on', async () => {
  const store = openTemporary()
  await store.accept([acceptedEvent({ id: 'a', deliveries: [] })])
  let fails = true
  const flaky: Search = {
    name: 'flaky',
    matches() {
      if (fails) throw new Error('it fails')
      return true
    },
  }
  await expect(store.searches.find(flaky)).rejects.toThrow('it fails')
  fails = false
  expect(store.traces.list({ found: await store.searches.find(flaky) }, 10)).toHaveLength(1)
  store.close()
})
