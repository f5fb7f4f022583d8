import {
  CreateEventSourceRequest,
  DeleteEventSourceRequest,
  ListAliyunOfficialRequest,
  ListPartnerEventSourcesRequest,
  ListUserDefinedRequest,
  SourceHttpEventParameters,
  UpdateEventSourceRequest,
} from '@alicloud/eventbridge'
import { emulators, type TestEmulator } from '../../support/emulator'

const startEmulator = emulators()
let emulator: TestEmulator

beforeEach(async () => {
  emulator = await startEmulator()
})

const named = (eventSourceName: string, fields: object = {}) => ({ eventBusName: 'my-bus', eventSourceName, ...fields })
const create = (name: string, fields: object = {}) =>
  emulator.sdk().createEventSource(new CreateEventSourceRequest(named(name, fields)))
const update = (name: string, fields: object) =>
  emulator.sdk().updateEventSource(new UpdateEventSourceRequest(named(name, fields)))
const remove = (name: string) => emulator.sdk().deleteEventSource(new DeleteEventSourceRequest(named(name)))
const list = (fields: object = {}) =>
  emulator.sdk().listUserDefinedEventSources(new ListUserDefinedRequest({ eventBusName: 'my-bus', ...fields }))

const none = { type: 'HTTP&HTTPS', method: ['POST', 'GET'], securityConfig: 'none' }
const createHttp = (fields: object) =>
  create('web', { sourceHttpEventParameters: new SourceHttpEventParameters({ ...none, ...fields }) })

test('a source is made, listed, changed and deleted', async () => {
  const made = await create('my.dingtalk', { description: 'd' })
  const arn = 'acs:eventbridge:cn-hangzhou:123456789012:eventbus/my-bus/eventsource/my.dingtalk'
  expect(made.eventSourceARN).toBe(arn)
  const ctime = Date.parse('2026-01-01T00:00:00Z')
  const described = { name: 'my.dingtalk', description: 'd', arn, status: 'Activated', ctime, eventBusName: 'my-bus' }
  expect(await list()).toMatchObject({ total: 1, eventSources: [described] })
  await update('my.dingtalk', { description: 'changed' })
  expect(await list()).toMatchObject({ eventSources: [{ ...described, description: 'changed' }] })
  await remove('my.dingtalk')
  expect(await list()).toMatchObject({ total: 0, eventSources: [] })
})

test('an HTTP source is kept as it was made, and has no URL, for nobody would answer it', async () => {
  await createHttp({ securityConfig: 'ip', ip: ['10.0.0.0/8', '192.0.2.1'] })
  const parameters = { ...none, securityConfig: 'ip', ip: ['10.0.0.0/8', '192.0.2.1'], referer: [] }
  const [source] = (await list()).eventSources ?? []
  expect(source?.sourceHttpEventResponse).toMatchObject({ ...parameters, publicWebHookUrl: [], vpcWebHookUrl: [] })

  const changed = new SourceHttpEventParameters({ ...none, securityConfig: 'referer', referer: ['example.com'] })
  await update('web', { sourceHttpEventParameters: changed })
  const [after] = (await list()).eventSources ?? []
  expect(after?.sourceHttpEventResponse).toMatchObject({ securityConfig: 'referer', ip: [], referer: ['example.com'] })
})

test('names in any case are those of the documents', async () => {
  await createHttp({ type: 'http&https', method: ['post', 'Get'], securityConfig: 'None' })
  const [source] = (await list()).eventSources ?? []
  expect(source?.sourceHttpEventResponse).toMatchObject({
    type: 'HTTP&HTTPS',
    method: ['POST', 'GET'],
    securityConfig: 'none',
  })
})

test('sources come in pages', async () => {
  for (const name of ['a', 'b', 'c']) await create(name)
  const first = await list({ limit: 2 })
  const second = await list({ limit: 2, nextToken: first.nextToken })
  expect([first, second].map(({ eventSources }) => eventSources?.map(({ name }) => name))).toEqual([['a', 'b'], ['c']])
  expect(second.total).toBe(3)
  expect(second.nextToken).toBeUndefined()
})

test('there are no sources of cloud services, and none of partners', async () => {
  const official = await emulator.sdk().listAliyunOfficialEventSources(new ListAliyunOfficialRequest({ limit: 10 }))
  expect(official).toMatchObject({ eventSourceList: [], total: 0 })
  const partners = await emulator.sdk().listPartnerEventSources(new ListPartnerEventSourcesRequest({ tag: 'x' }))
  expect(partners).toMatchObject({ eventSources: [] })
})

const six = (item: string) => Array.from({ length: 6 }, () => item)

test.each<[string, string, () => Promise<unknown>]>([
  ['on a bus that is not there', 'EventBusNotExist', () => create('s', { eventBusName: 'nowhere' })],
  ['a name that is there', 'EventSourceAlreadyExist', () => create('s').then(() => create('s'))],
  ['a name with a slash', 'EventSourceNameInvalid', () => create('a/b')],
  ['an empty name', 'EventSourceNameInvalid', () => create('')],
  ['a reserved name', 'EventSourceNameInvalid', () => create('eventbridge-reserved-s')],
  ['to change one that is not there', 'EventSourceNotExist', () => update('s', {})],
  ['to delete one that is not there', 'EventSourceNotExist', () => remove('s')],
  ['to list on a bus that is not there', 'EventBusNotExist', () => list({ eventBusName: 'nowhere' })],
  ['a page of none', 'LimitSizeInvalid', () => list({ limit: 0 })],
  ['a token that nobody gave', 'NextTokenInvalid', () => list({ nextToken: 'x' })],
  [
    'a source that would fetch messages',
    'EventSourceTypeInvalid',
    () => emulator.call('v2/createEventSource', { EventBusName: 'my-bus', SourceMNSParameters: {} }),
  ],
  [
    'to make it one',
    'EventSourceTypeInvalid',
    () => emulator.call('v2/updateEventSource', { EventBusName: 'my-bus', SourceRabbitMQParameters: {} }),
  ],
  ['no type', 'HttpSourceParametersEmpty', () => createHttp({ type: '' })],
  ['another type', 'HttpSourceParametersInvalid', () => createHttp({ type: 'FTP' })],
  ['no method', 'HttpSourceParametersEmpty', () => createHttp({ method: [] })],
  ['an empty method', 'HttpSourceParametersEmpty', () => createHttp({ method: [''] })],
  ['another method', 'HttpSourceParametersInvalid', () => createHttp({ method: ['POST', 'SEND'] })],
  ['no security', 'HttpSourceParametersEmpty', () => createHttp({ securityConfig: '' })],
  ['another security', 'HttpSourceParametersInvalid', () => createHttp({ securityConfig: 'token' })],
  ['addresses without need', 'HttpSourceParametersInvalid', () => createHttp({ ip: ['10.0.0.1'] })],
  ['domains without need', 'HttpSourceParametersInvalid', () => createHttp({ referer: ['example.com'] })],
  ['no address', 'HttpSourceParametersInvalid', () => createHttp({ securityConfig: 'ip' })],
  ['no domain', 'HttpSourceParametersInvalid', () => createHttp({ securityConfig: 'referer', referer: [] })],
  ['a bad address', 'HttpSourceParametersInvalid', () => createHttp({ securityConfig: 'ip', ip: ['10.0.0'] })],
  ['a bad block', 'HttpSourceParametersInvalid', () => createHttp({ securityConfig: 'ip', ip: ['10.0.0.0/33'] })],
  ['IPv6', 'HttpSourceParametersInvalid', () => createHttp({ securityConfig: 'ip', ip: ['::1'] })],
  ['six addresses', 'ExceedHttpSourceParametersCount', () => createHttp({ securityConfig: 'ip', ip: six('10.0.0.1') })],
  [
    'six domains',
    'ExceedHttpSourceParametersCount',
    () => createHttp({ securityConfig: 'referer', referer: six('example.com') }),
  ],
  ['an empty domain', 'HttpSourceParametersEmpty', () => createHttp({ securityConfig: 'referer', referer: [' '] })],
  [
    'a domain of 257',
    'HttpSourceParametersInvalid',
    () => createHttp({ securityConfig: 'referer', referer: ['x'.repeat(257)] }),
  ],
])('refused: %s: %s', async (_, code, run) => {
  await expect(run()).rejects.toMatchObject({ code, data: { code } })
})
