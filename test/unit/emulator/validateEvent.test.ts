import { defaultLimits } from '../../../emulator/api/limits'
import { validateEvent } from '../../../emulator/api/validateEvent'

type Json = Record<string, unknown>

const valid: Json = {
  id: 'e-1',
  source: 'my.dingtalk',
  specversion: '1.0',
  type: 'eventbridge:Events:HTTPEvent',
  subject: 'acs:eventbridge:cn-hangzhou:123456789012:eventbus/demo/eventsource/my.dingtalk',
  time: '2026-01-31T12:00:00.000+08:00',
  datacontenttype: 'application/json',
  aliyuneventbusname: 'demo',
  data: { name: 'Li Lei' },
}
const with_ = (changes: Json): Json => ({ ...valid, ...changes })
const without = (name: string): Json => Object.fromEntries(Object.entries(valid).filter(([key]) => key !== name))
const codeOf = (event: unknown) => validateEvent(event, 100, defaultLimits)?.code

test('the limits are those of the documents', () => {
  expect(defaultLimits).toEqual({
    eventBytes: 262_144,
    eventsPerBatch: 16,
    batchBytes: 1_048_576,
    customBuses: 50,
    rulesPerBus: 50,
    targetsPerRule: 5,
    httpSourceList: 5,
    pageSize: 100,
  })
})

describe('accepted', () => {
  test.each<[what: string, event: Json]>([
    ['a whole event', valid],
    ['the required attributes alone', { id: '1', source: 's', specversion: '1.0', type: 't', aliyuneventbusname: 'b' }],
    ['specversion 0.3', with_({ specversion: '0.3' })],
    ['an id of 128 characters', with_({ id: 'a'.repeat(128) })],
    ['a UUID', with_({ id: '7adc8c1a-645d-4476-bdef-5d6fb57f0000' })],
    ['an id that starts with a digit', with_({ id: '0-' })],
    ['a source of 128 characters', with_({ source: 'a'.repeat(128) })],
    ['a source with colons', with_({ source: 'acs:aliyuncvc' })],
    ['a source that is a URL', with_({ source: 'https://example.com/a?b=c#d' })],
    ['a source beyond ASCII', with_({ source: '人事' })],
    ['a type of 64 characters', with_({ type: 'a'.repeat(64) })],
    ['a subject of 512 characters', with_({ subject: 'é'.repeat(512) })],
    ['a subject that is empty', with_({ subject: '' })],
    ['no subject', without('subject')],
    ['no time', without('time')],
    ['the time of the SDKs’ samples', with_({ time: '2020-08-24T13:54:05.965Asia/Shanghai' })],
    ['a time without milliseconds in a zone', with_({ time: '2020-08-24T13:54:05Asia/Shanghai' })],
    ['a zone of three names', with_({ time: '2020-08-24T13:54:05.965America/Argentina/Buenos_Aires' })],
    ['a zone with digits', with_({ time: '2020-08-24T13:54:05.965Etc/GMT-8' })],
    ['the zone UTC', with_({ time: '2020-08-24T13:54:05.965UTC' })],
    ['no data', without('data')],
    ['no datacontenttype', without('datacontenttype')],
    [
      'optional attributes that are null',
      with_({ subject: null, time: null, datacontenttype: null, dataschema: null }),
    ],
    ['a dataschema', with_({ dataschema: 'http://example.com/test.json' })],
    ['data null', with_({ data: null })],
    ['data 0', with_({ data: 0 })],
    ['data text', with_({ data: 'not json' })],
    ['data list', with_({ data: [] })],
    ['data_base64 empty', { ...without('data'), data_base64: '' }],
    ['data_base64 null beside data', with_({ data_base64: null })],
    ['the extensions of the service', with_({ aliyunregionid: 'cn-hangzhou', aliyunoriginalaccountid: '1' })],
    ['a traceparent', with_({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' })],
  ])('%s', (_what, event) => {
    expect(validateEvent(event, 100, defaultLimits)).toBeUndefined()
  })
})

describe('refused', () => {
  test.each<[what: string, event: unknown, code: string]>([
    ['null', null, 'EventInvalid'],
    ['a list', [valid], 'EventInvalid'],
    ['a text', 'x', 'EventInvalid'],
    ['undefined', undefined, 'EventInvalid'],
    ['no id', without('id'), 'EventIdEmpty'],
    ['id null', with_({ id: null }), 'EventIdEmpty'],
    ['id empty', with_({ id: '' }), 'EventIdEmpty'],
    ['an id of 129 characters', with_({ id: 'a'.repeat(129) }), 'EventInvalid'],
    ['an id with a dot', with_({ id: 'a.b' }), 'EventInvalid'],
    ['an id with an underscore', with_({ id: 'a_b' }), 'EventInvalid'],
    ['an id that starts with a hyphen', with_({ id: '-a' }), 'EventInvalid'],
    ['an id with a line end', with_({ id: 'a\n' }), 'EventInvalid'],
    ['no source', without('source'), 'EventSourceInvalid'],
    ['source empty', with_({ source: '' }), 'EventSourceInvalid'],
    ['source number', with_({ source: 1 }), 'EventSourceInvalid'],
    ['a source of 129 characters', with_({ source: 'a'.repeat(129) }), 'EventSourceInvalid'],
    ['a source with a space', with_({ source: 'my source' }), 'EventSourceInvalid'],
    ['a source with a quote', with_({ source: 'my"source' }), 'EventSourceInvalid'],
    ['no type', without('type'), 'EventTypeInvalid'],
    ['type empty', with_({ type: '' }), 'EventTypeInvalid'],
    ['type object', with_({ type: {} }), 'EventTypeInvalid'],
    ['a type of 65 characters', with_({ type: 'a'.repeat(65) }), 'EventTypeInvalid'],
    ['no specversion', without('specversion'), 'EventSpecversionInvalid'],
    ['specversion 0.2', with_({ specversion: '0.2' }), 'EventSpecversionInvalid'],
    ['specversion number', with_({ specversion: 1.0 }), 'EventSpecversionInvalid'],
    ['a subject of 513 characters', with_({ subject: 'a'.repeat(513) }), 'EventSubjectInvalid'],
    ['subject number', with_({ subject: 5 }), 'EventSubjectInvalid'],
    ['time number', with_({ time: 1590592527490 }), 'EventInvalid'],
    ['time empty', with_({ time: '' }), 'EventInvalid'],
    ['no such zone', with_({ time: '2020-08-24T13:54:05.965Asia/Shanghigh' }), 'EventInvalid'],
    ['a zone in lower case', with_({ time: '2020-08-24T13:54:05.965asia/shanghai' }), 'EventInvalid'],
    ['a zone and an offset', with_({ time: '2020-08-24T13:54:05.965+08:00Asia/Shanghai' }), 'EventInvalid'],
    ['a zone behind a Z', with_({ time: '2020-08-24T13:54:05.965ZAsia/Shanghai' }), 'EventInvalid'],
    ['a zone behind a space', with_({ time: '2020-08-24T13:54:05.965 Asia/Shanghai' }), 'EventInvalid'],
    ['a day that is none in a zone', with_({ time: '2020-02-30T13:54:05.965Asia/Shanghai' }), 'EventInvalid'],
    ['a time without a zone', with_({ time: '2020-08-24T13:54:05.965' }), 'EventInvalid'],
    ['a date in a zone', with_({ time: '2020-08-24Asia/Shanghai' }), 'EventInvalid'],
    ['a content type without a slash', with_({ datacontenttype: 'json' }), 'EventContentTypeInvalid'],
    ['content type empty', with_({ datacontenttype: '' }), 'EventContentTypeInvalid'],
    ['content type number', with_({ datacontenttype: 1 }), 'EventContentTypeInvalid'],
    ['dataschema empty', with_({ dataschema: '' }), 'EventInvalid'],
    ['a dataschema with a space', with_({ dataschema: 'http://example.com/a b' }), 'EventInvalid'],
    ['data and data_base64', with_({ data_base64: 'aGk=' }), 'EventInvalid'],
    ['data_base64 that is none', { ...without('data'), data_base64: 'a b' }, 'EventInvalid'],
    ['data_base64 without padding', { ...without('data'), data_base64: 'aGk' }, 'EventInvalid'],
    ['data_base64 number', { ...without('data'), data_base64: 5 }, 'EventInvalid'],
    ['no bus', without('aliyuneventbusname'), 'EventBusEmpty'],
    ['bus empty', with_({ aliyuneventbusname: '' }), 'EventBusEmpty'],
    ['bus null', with_({ aliyuneventbusname: null }), 'EventBusEmpty'],
    ['bus number', with_({ aliyuneventbusname: 1 }), 'EventBusEmpty'],
    ['an extension in upper case', with_({ Data: 'x' }), 'EventExtensionsAttributeInvalid'],
    ['an extension with a hyphen', with_({ 'a-b': 'x' }), 'EventExtensionsAttributeInvalid'],
    ['an extension without a name', with_({ '': 'x' }), 'EventExtensionsAttributeInvalid'],
  ])('%s: %s', (_what, event, code) => {
    expect(codeOf(event)).toBe(code)
  })

  test('the size of the JSON text, in bytes, by the limits given', () => {
    expect(validateEvent(valid, 262_144, defaultLimits)).toBeUndefined()
    expect(validateEvent(valid, 262_145, defaultLimits)).toEqual({
      code: 'EventSizeExceed',
      message: 'The single event entry size[262145] exceed the limit [262144]!',
    })
    expect(codeOf(valid)).toBeUndefined()
    expect(validateEvent(valid, 100, { ...defaultLimits, eventBytes: 99 })?.code).toBe('EventSizeExceed')
  })

  test('no message repeats a value of the event', () => {
    const secret = 'private 3f2a'
    for (const attribute of [...Object.keys(valid), 'dataschema']) {
      const message = validateEvent(with_({ [attribute]: secret.repeat(50) }), 100, defaultLimits)?.message ?? ''
      expect(message).not.toContain(secret)
    }
  })
})

describe('time', () => {
  test.each([
    '2026-01-31T12:00:00Z',
    '2026-01-31t12:00:00z',
    '2026-01-31T12:00:00+08:00',
    '2026-01-31T23:59:59.123456789-11:30',
    '2024-02-29T00:00:00Z',
  ])('%s is of RFC 3339', (time) => {
    expect(codeOf(with_({ time }))).toBeUndefined()
  })

  test.each([
    '2026-01-31',
    '2026-01-31T12:00Z',
    '2026-01-31T12:00:00',
    '2026-01-31 12:00:00Z',
    '2026-01-31T12:00:00.Z',
    '2026-01-31T12:00:00+0800',
    '2026-01-31T12:00:00+24:00',
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31T12:00:60Z',
    '2026-13-01T12:00:00Z',
    '2026-00-01T12:00:00Z',
    '2026-02-30T12:00:00Z',
    '2025-02-29T12:00:00Z',
    '2026-04-31T12:00:00Z',
    '2026-01-32T12:00:00Z',
    '2026-01-00T12:00:00Z',
    '26-01-31T12:00:00Z',
    '2026-01-31T12:00:00Z\n',
    'Sat, 31 Jan 2026 12:00:00 GMT',
  ])('%j is not', (time) => {
    expect(codeOf(with_({ time }))).toBe('EventInvalid')
  })
})

/** What @alicloud/eventbridge 1.3.2 put on the wire for these inputs, captured; the bus added where the capture had none. */
describe('events as the official SDK sends them', () => {
  const sent = {
    source: 'my.source',
    specversion: '1.0',
    type: 'eventbridge:Events:HTTPEvent',
    datacontenttype: 'application/json; charset=utf-8',
    subject: 's/é',
    time: '2024-01-01T00:00:00.000Z',
    aliyuneventbusname: 'myBus',
  }
  test.each<[what: string, event: Json, code: string | undefined]>([
    ['JSON', { ...sent, id: 'id-1', data: { a: 1 } }, undefined],
    ['text/plain', { ...sent, id: 'id-2', datacontenttype: 'text/plain', data_base64: 'aMOp' }, undefined],
    ['a text that is not JSON', { ...sent, id: 'id-3', data: 'not json' }, undefined],
    ['the number 0', { ...sent, id: 'id-4', data: 0 }, undefined],
    ['no data', { ...sent, id: 'id-5' }, undefined],
    ['an empty Buffer', { ...sent, id: 'id-6', data: '' }, undefined],
    [
      '+json',
      { ...sent, id: 'id-7', datacontenttype: 'application/vnd.x+json', data_base64: 'eyJhIjoxfQ==' },
      undefined,
    ],
    ['extensions of other types', { ...sent, id: 'id-8', data: { a: 1 }, n: 5, b: true, o: { x: 1 } }, undefined],
    ['the extension Data', { ...sent, id: 'id-8', data: { a: 1 }, Data: 'x' }, 'EventExtensionsAttributeInvalid'],
    ['an id from the extensions', { ...sent, id: 'overridden!', data: { a: 1 } }, 'EventInvalid'],
  ])('%s', (_what, event, code) => {
    expect(codeOf(event)).toBe(code)
  })
})
