import { queuedDeadLetters, recordedEvents } from '../../../../cli/replay/fromStore'
import { acceptedEvent, temporaryStores } from '../../../support/store'

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
