import { HTTP, CloudEvent as StandardEvent } from 'cloudevents'
import { emulators, type TestEmulator } from '../../support/emulator'
import { signedPost } from '../../support/signedPost'

const startEmulator = emulators()
let emulator: TestEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

const attributes = { specversion: '1.0', id: 'e', source: 'my.source', type: 'my.type', aliyuneventbusname: 'my-bus' }
const binary = {
  'ce-specversion': '1.0',
  'ce-id': 'e',
  'ce-source': 'my.source',
  'ce-type': 'my.type',
  'ce-aliyuneventbusname': 'my-bus',
}
const structured = { 'content-type': 'application/cloudevents+json' }
const batch = { 'content-type': 'application/cloudevents-batch+json' }

const post = (headers: Record<string, string>, body: string | Buffer) =>
  signedPost(emulator.port, '/openapi/putEvents', headers, body)

/** The newest event, as it was accepted. */
async function accepted(): Promise<Record<string, unknown>> {
  const answer = await emulator.call('queryEventsByEventIds', { EventBusName: 'my-bus', EventIds: ['e'] })
  return JSON.parse((answer['EventMap'] as { e: string }).e)
}

test.each([
  [400, 200],
  [600, 409],
])('data of %i levels: %i', async (levels, status) => {
  const data = `${'['.repeat(levels)}${']'.repeat(levels)}`
  const body = JSON.stringify({ ...attributes, data: 0 }).replace('"data":0', `"data":${data}`)
  expect((await post(structured, body)).status).toBe(status)
})

test.each<[string, Record<string, string>, string | Buffer, object]>([
  ['a structured event', structured, JSON.stringify({ ...attributes, data: { a: 1 } }), { data: { a: 1 } }],
  [
    'a structured event in capitals and with a charset',
    { 'content-type': 'Application/CloudEvents+JSON; charset=utf-8' },
    JSON.stringify({ ...attributes, data: 'structured' }),
    { data: 'structured' },
  ],
  ['a batch of one', batch, JSON.stringify([{ ...attributes, data: 0 }]), { data: 0 }],
  [
    'a binary event with JSON',
    { ...binary, 'content-type': 'application/json; charset=utf-8' },
    '{"b":[1]}',
    { datacontenttype: 'application/json; charset=utf-8', data: { b: [1] } },
  ],
  [
    'a binary event with another JSON',
    { ...binary, 'content-type': 'application/vnd.x+json' },
    '"x"',
    { datacontenttype: 'application/vnd.x+json', data: 'x' },
  ],
  [
    'a binary event with bytes',
    { ...binary, 'content-type': 'application/octet-stream' },
    Buffer.from([0, 255]),
    { datacontenttype: 'application/octet-stream', data_base64: 'AP8=' },
  ],
  [
    'a binary event with a percent-encoded attribute',
    { ...binary, 'content-type': 'application/json', 'ce-subject': '%E5%B0%8F%E6%98%8E%20%22%25' },
    '1',
    { subject: '小明 "%', data: 1 },
  ],
])('%s', async (_, headers, body, expected) => {
  const response = await post(headers, body)
  expect(await response.json()).toMatchObject({ FailedEntryCount: 0, EntryList: [{ EventId: 'e' }] })
  expect(await accepted()).toMatchObject({ ...attributes, ...expected })
})

test('a binary event without a body has no data', async () => {
  await post({ ...binary, 'content-type': 'application/json' }, '')
  expect(Object.keys(await accepted())).toEqual(expect.not.arrayContaining(['data', 'data_base64']))
})

test('integers of a binary event keep their digits', async () => {
  await post({ ...binary, 'content-type': 'application/json' }, '{"order":176292748870660512}')
  const answer = await emulator.call('queryEventsByEventIds', { EventBusName: 'my-bus', EventIds: ['e'] })
  expect(JSON.stringify(answer)).toContain('176292748870660512')
})

test.each(['binary', 'structured'] as const)('what the cloudevents package sends as %s', async (mode) => {
  const event = new StandardEvent({ ...attributes, time: '2026-01-01T00:00:00.000Z', data: { mode } })
  const { headers, body } = HTTP[mode](event)
  const response = await post(headers as Record<string, string>, String(body))
  expect(response.status).toBe(200)
  expect(await accepted()).toMatchObject({ ...attributes, time: '2026-01-01T00:00:00.000Z', data: { mode } })
})

test.each<[string, Record<string, string>, string, string]>([
  ['plain JSON without ce-* headers', { 'content-type': 'application/json' }, '{}', 'EventContentTypeInvalid'],
  ['text', { 'content-type': 'text/plain' }, 'x', 'EventContentTypeInvalid'],
  ['a batch that is no list', batch, '{}', 'JsonAttributeInvalid'],
  ['a batch that is no JSON', batch, '[', 'JsonAttributeInvalid'],
  ['a structured event that is no JSON', structured, '{', 'JsonAttributeInvalid'],
  ['binary JSON that is none', { ...binary, 'content-type': 'application/json' }, '{', 'JsonAttributeInvalid'],
  [
    'a broken percent-encoding',
    { ...binary, 'content-type': 'text/plain', 'ce-subject': '%E5%B0' },
    '',
    'EventInvalid',
  ],
])('refused: %s', async (_, headers, body, code) => {
  const response = await post(headers, body)
  expect(response.status).toBe(409)
  expect(await response.json()).toEqual({ code, message: expect.any(String), requestId: expect.any(String) })
})

test('an event that is invalid is an entry that failed, in every mode', async () => {
  const answers = await Promise.all([
    post(structured, '{}'),
    post(batch, '[{}]'),
    post({ 'ce-specversion': '2.0', 'content-type': 'application/json' }, '{}'),
  ])
  for (const answer of answers) {
    expect(await answer.json()).toMatchObject({
      FailedEntryCount: 1,
      EntryList: [{ ErrorCode: 'EventSpecversionInvalid' }],
    })
  }
})
