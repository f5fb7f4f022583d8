import { onlyOnce, publishAgain, type Replayable } from '../../../../cli/replay/publish'
import { EventInvalid } from '../../../../shared/eventbridge/errors'

const credentials = { accessKeyId: 'AK', accessKeySecret: 'SECRET' }

function setUp(refuse: readonly string[] = []) {
  const batches: string[][] = []
  const steps: string[] = []
  const event = (id: string, bytes = 10): Replayable => ({
    source: 's',
    id,
    json: id.padEnd(bytes),
    begin: async () => void steps.push(`begin ${id}`),
    giveUp: async () => void steps.push(`refused ${id}`),
    fate: async () => 'done',
  })
  const client = {
    async putEvents(texts: readonly string[]) {
      const ids = texts.map((text) => text.trim())
      batches.push(ids)
      const EntryList = ids.map((EventId) => ({
        EventId,
        ...(refuse.includes(EventId) && { ErrorCode: 'EventInvalid' }),
      }))
      return { RequestId: 'r', FailedEntryCount: 0, EntryList }
    },
  }
  const publish = (events: Replayable[]) => publishAgain(client, credentials, events, () => {})
  return { batches, steps, event, publish }
}

test.each<[string, number, number, number[]]>([
  ['none', 0, 10, []],
  ['a few are one batch', 3, 10, [3]],
  ['16 are one batch, the 17th is another', 17, 10, [16, 1]],
  ['a batch has 256 KB at most', 5, 100 * 1024, [2, 2, 1]],
  ['one that is larger by itself is tried', 2, 300 * 1024, [1, 1]],
])('%s', async (_, count, bytes, sizes) => {
  const { batches, event, publish } = setUp()
  const ids = Array.from({ length: count }, (__, index) => `e${index}`)
  await publish(ids.map((id) => event(id, bytes)))
  expect(batches.map((batch) => batch.length)).toEqual(sizes)
  expect(batches.flat()).toEqual(ids)
})

test('each is told before it is published, and when it is refused; one that is refused holds up no other', async () => {
  const { steps, event, publish } = setUp(['b'])
  const { published, refused } = await publish([event('a'), event('b'), event('c')])
  expect(published.map(({ id }) => id)).toEqual(['a', 'c'])
  expect(refused).toEqual([{ id: 'b', code: 'EventInvalid' }])
  expect(steps).toEqual(['begin a', 'begin b', 'begin c', 'refused b'])
})

test('a batch that is refused as a whole, for one of them, is sent one by one', async () => {
  const { event } = setUp()
  const client = {
    async putEvents(texts: readonly string[]) {
      if (texts.some((text) => text.startsWith('b'))) throw new EventInvalid('EventSizeExceed', 'too large')
      return { RequestId: 'r', FailedEntryCount: 0, EntryList: texts.map((text) => ({ EventId: text })) }
    },
  }
  const events = [event('a'), event('b'), event('c')]
  const { published, refused } = await publishAgain(client, credentials, events, () => {})
  expect(published.map(({ id }) => id)).toEqual(['a', 'c'])
  expect(refused).toEqual([{ id: 'b', code: 'EventSizeExceed' }])
})

test('an event that was kept twice is replayed once, as it was first', () => {
  const { event } = setUp()
  const first = event('a')
  expect(onlyOnce([first, event('b'), event('a'), { ...event('a'), source: 'other' }])).toEqual([
    first,
    expect.objectContaining({ id: 'b' }),
    expect.objectContaining({ id: 'a', source: 'other' }),
  ])
})
