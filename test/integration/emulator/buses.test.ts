import {
  CreateEventBusRequest,
  DeleteEventBusRequest,
  GetEventBusRequest,
  ListEventBusesRequest,
} from '@alicloud/eventbridge'
import { cloudEvent, emulators, type TestEmulator } from '../../support/emulator'

const startEmulator = emulators()
let emulator: TestEmulator

beforeEach(async () => {
  emulator = await startEmulator()
})

const create = (eventBusName: string, fields: object = {}) =>
  emulator.sdk().createEventBus(new CreateEventBusRequest({ eventBusName, ...fields }))
const get = (eventBusName: string) => emulator.sdk().getEventBus(new GetEventBusRequest({ eventBusName }))
const list = (fields: object = {}) => emulator.sdk().listEventBuses(new ListEventBusesRequest(fields))
const remove = (eventBusName: string) => emulator.sdk().deleteEventBus(new DeleteEventBusRequest({ eventBusName }))
const names = async (fields?: object) => (await list(fields)).eventBuses?.map((bus) => bus.eventBusName)

test('a bus is made, found, listed and deleted', async () => {
  await emulator.clock.advance(1_000)
  const made = await create('orders', { description: 'of the shop', tags: { team: 'shop' } })
  expect(made.eventBusARN).toBe('acs:eventbridge:cn-hangzhou:123456789012:eventbus/orders')
  expect(await get('orders')).toMatchObject({
    eventBusName: 'orders',
    eventBusARN: made.eventBusARN,
    description: 'of the shop',
    createTimestamp: Date.parse('2026-01-01T00:00:01Z'),
    tags: { team: 'shop' },
  })
  expect(await names()).toEqual(['default', 'my-bus', 'orders'])
  await remove('orders')
  expect(await names()).toEqual(['default', 'my-bus'])
})

test('the default bus is always there', async () => {
  expect(await get('default')).toMatchObject({ eventBusARN: expect.stringMatching(/eventbus\/default$/) })
  await expect(remove('default')).rejects.toMatchObject({ code: 'EventBusNameInvalid' })
})

test('a list comes in pages, by the beginning of names if asked for', async () => {
  for (const name of ['b-1', 'b-2', 'b-3', 'other']) await create(name)
  const first = await list({ namePrefix: 'b-', limit: 2 })
  expect(first.eventBuses?.map((bus) => bus.eventBusName)).toEqual(['b-1', 'b-2'])
  expect(first.total).toBe(3)
  const second = await list({ namePrefix: 'b-', limit: 2, nextToken: first.nextToken })
  expect(second.eventBuses?.map((bus) => bus.eventBusName)).toEqual(['b-3'])
  expect(second.nextToken).toBeUndefined()
})

test('a page neither repeats nor leaves out what is there, whatever is deleted meanwhile', async () => {
  for (const name of ['b-1', 'b-2', 'b-3']) await create(name)
  const first = await list({ namePrefix: 'b-', limit: 2 })
  await remove('b-1')
  await remove('b-2')
  const second = await list({ namePrefix: 'b-', limit: 2, nextToken: first.nextToken })
  expect(second.eventBuses?.map((bus) => bus.eventBusName)).toEqual(['b-3'])
})

test.each<[string, string, () => Promise<unknown>]>([
  ['a name that is there', 'EventBusAlreadyExist', () => create('my-bus')],
  ['the name default', 'EventBusNameInvalid', () => create('default')],
  ['a reserved name', 'EventBusNameInvalid', () => create('eventbridge-reserved-x')],
  ['a name with a dot', 'EventBusNameInvalid', () => create('a.b')],
  ['an empty name', 'EventBusNameInvalid', () => create('')],
  ['no name', 'EventBusNameInvalid', () => emulator.call('createEventBus')],
  ['a name of 128', 'EventBusNameInvalid', () => create('x'.repeat(128))],
  ['a name that is a number', 'JsonAttributeInvalid', () => emulator.call('createEventBus', { EventBusName: 1 })],
  ['an unknown field', 'JsonAttributeInvalid', () => emulator.call('createEventBus', { EventBusName: 'x', Kms: 'k' })],
  ['a tag that is no text', 'JsonAttributeInvalid', () => create('x', { tags: { a: 1 } })],
  ['a body that is a list', 'JsonAttributeInvalid', () => emulator.call('createEventBus', [])],
  ['to get one that is not there', 'EventBusNotExist', () => get('nowhere')],
  ['to delete one that is not there', 'EventBusNotExist', () => remove('nowhere')],
  ['a page of none', 'LimitSizeInvalid', () => list({ limit: 0 })],
  ['a page of 101', 'LimitSizeInvalid', () => list({ limit: 101 })],
  ['a page of a half', 'LimitSizeInvalid', () => list({ limit: 1.5 })],
  ['a page of text', 'LimitSizeInvalid', () => emulator.call('listEventBuses', { Limit: 'ten' })],
  ['a token that nobody gave', 'NextTokenInvalid', () => list({ nextToken: '5' })],
])('refused: %s: %s', async (_, code, run) => {
  await expect(run()).rejects.toMatchObject({ code, data: { code } })
})

test('a Limit may be text, as in the document', async () => {
  expect(await emulator.call('listEventBuses', { Limit: '1' })).toMatchObject({ EventBuses: [{}], Total: 2 })
})

test('a name of 127 is made', async () => {
  expect(await create('x'.repeat(127))).toMatchObject({ eventBusARN: expect.any(String) })
})

test('50 buses beside the default one, and no more', async () => {
  for (let count = 1; count < 50; count++) await create(`bus-${count}`)
  await expect(create('one-more')).rejects.toMatchObject({
    code: 'EventBusCountExceedLimit',
    message: expect.stringContaining('is [50], which will exceed the limit quota [50]'),
  })
})

test.each([
  ['rules', 'createRule', { RuleName: 'r', FilterPattern: '{}' }, 'EventBusRuleNotEmptyForDelete'],
  ['event sources', 'v2/createEventSource', { EventSourceName: 's' }, 'EventBusSourceNotEmptyForDelete'],
])('a bus with %s is not deleted', async (_, operation, fields, code) => {
  await emulator.call(operation, { EventBusName: 'my-bus', ...fields })
  await expect(remove('my-bus')).rejects.toMatchObject({ code })
})

test('events go to a new bus, and no more to a deleted one', async () => {
  const publish = async () => {
    const answer = await emulator.sdk().putEvents([cloudEvent('e', { extensions: { aliyuneventbusname: 'new' } })])
    return answer.entryList?.map(({ errorCode }) => errorCode)
  }
  expect(await publish()).toEqual(['EventBusNotExist'])
  await create('new')
  expect(await publish()).toEqual([undefined])
  await remove('new')
  expect(await publish()).toEqual(['EventBusNotExist'])
})
