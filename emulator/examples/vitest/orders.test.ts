import {
  type CloudEvent,
  type LocalEventBridge,
  type ManualClock,
  manualClock,
  startEventBridge,
} from 'eventbridge-local'
import { afterEach, beforeEach, expect, test } from 'vitest'

// what is tested: a handler, and the rule that leads events to it
const shipped: number[] = []
async function ship({ data }: CloudEvent): Promise<void> {
  if (data.address === undefined) throw new Error('no address')
  shipped.push(data.order)
}

let bus: LocalEventBridge<ManualClock>
beforeEach(async () => {
  shipped.length = 0
  bus = await startEventBridge({
    rules: [
      {
        name: 'large-orders',
        pattern: { source: ['shop.orders'], data: { total: [{ numeric: ['>=', 100] }] } },
        targets: 'ship',
        deadLetterQueue: 'not-shipped',
      },
    ],
    targets: { ship },
    clock: manualClock(),
  })
})
afterEach(() => bus.stop())

const order = (data: object) => ({ source: 'shop.orders', type: 'order:placed', data })

test('a large order is shipped, a small one is not', async () => {
  await bus.publish([
    order({ order: 1, total: 250, address: 'Hangzhou' }),
    order({ order: 2, total: 20, address: 'Hangzhou' }),
  ])
  await bus.settled()
  expect(shipped).toEqual([1])
  expect(bus.deliveries()).toEqual([
    expect.objectContaining({ rule: 'large-orders', target: 'ship', state: 'delivered', attempts: 1 }),
  ])
})

test('an order that cannot be shipped is tried again, and becomes a dead letter within a minute', async () => {
  await bus.publish(order({ order: 3, total: 100 }))
  await bus.settled()
  expect(bus.deliveries()).toMatchObject([
    { state: 'pending', attempts: 1, error: expect.stringContaining('no address') },
  ])
  await bus.clock.advance(60_000)
  expect(bus.deliveries()).toMatchObject([{ state: 'dead-lettered', attempts: 4 }])
  expect(bus.deadLetters('not-shipped')).toMatchObject([{ event: { data: { order: 3 } } }])
})
