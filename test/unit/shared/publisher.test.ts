import { EventBridgeUnavailable, EventInvalid } from '../../../shared/eventbridge/errors'
import { createPublisher } from '../../../shared/eventbridge/publisher'
import type { PutEventsAnswer } from '../../../shared/eventbridge/putEventsAnswer'
import { manualClock } from '../../support/manualClock'
import { acceptAll } from '../../support/webhook'

const events = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `e${index}`, json: `{"id":${index}}` }))

function setUp(answer: (batch: readonly string[], tries: number) => Promise<PutEventsAnswer> = acceptAll) {
  const batches: number[] = []
  const clock = manualClock()
  const publisher = createPublisher((batch) => {
    batches.push(batch.length)
    return answer(batch, batches.length)
  }, clock)
  return { publisher, batches, clock }
}

test('events wait until they fill a batch, and the rest goes at the end', async () => {
  const { publisher, batches } = setUp()
  await publisher.add(events(10))
  expect(batches).toEqual([])
  await publisher.add(events(30))
  expect(batches).toEqual([16, 16])
  await publisher.flush()
  await publisher.flush()
  expect(batches).toEqual([16, 16, 8])
  expect(publisher.published()).toBe(40)
})

test('those who add at the same time lose none', async () => {
  const { publisher, batches } = setUp()
  await Promise.all(Array.from({ length: 50 }, () => publisher.add(events(7))))
  await publisher.flush()
  expect(batches.reduce((sum, size) => sum + size, 0)).toBe(350)
  expect(publisher.published()).toBe(350)
})

test('an EventBridge that is not there for a while is tried again, after one second, two and four', async () => {
  const { publisher, batches, clock } = setUp((batch, tries) =>
    tries < 4 ? Promise.reject(new EventBridgeUnavailable('Http503', 'm')) : acceptAll(batch),
  )
  const done = publisher.add(events(16))
  await clock.advance(6_999)
  expect(batches).toHaveLength(3)
  await clock.advance(1)
  await done
  expect(publisher.published()).toBe(16)
})

test('and is given up then', async () => {
  const { publisher, batches, clock } = setUp(() => Promise.reject(new EventBridgeUnavailable('Http503', 'm')))
  const done = expect(publisher.add(events(16))).rejects.toMatchObject({ code: 'Http503' })
  await clock.advance(60_000)
  await done
  expect(batches).toHaveLength(4)
  expect(publisher.published()).toBe(0)
})

test('an event that is refused for ever is counted, and the others of its batch go through', async () => {
  const { publisher } = setUp((batch) =>
    batch.includes('{"id":3}') ? Promise.reject(new EventInvalid('EventSizeExceed', 'm')) : acceptAll(batch),
  )
  await publisher.add(events(16))
  expect(publisher.published()).toBe(15)
  expect(publisher.refused()).toEqual(['EventSizeExceed'])
})
