import fs from 'node:fs'
import path from 'node:path'
import { sign } from '../../../shared/eventbridge/signature'
import { accessKey, emulators, type TestEmulator } from '../../support/emulator'
import { exchangeRaw } from '../../support/rawHttp'
import { story } from '../../support/story'

/** What went over the wire when the official SDK called a server that answered something. */
interface Capture {
  requests: [{ method: string; url: string; rawHeaders: string[]; stringToSign: string; bodyText: string }]
  /** what the SDK made of the answer */
  result?: Record<string, unknown>
  error?: { code: string; data: Record<string, unknown> }
}

const folder = path.join(__dirname, '../../fixtures/sdk-captures')
const read = (name: string): Capture => JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8'))

/**
 * The request's very bytes: its headers in their order and case, its body in chunks, as the SDK sends it. The secret of
 * the captures is not on record, so what the SDK signed is signed again, with ours.
 */
function bytesOf({ requests: [{ method, url, rawHeaders, stringToSign, bodyText }] }: Capture): Buffer {
  const signature = sign(stringToSign, accessKey.accessKeySecret)
  const lines = [`${method} ${url} HTTP/1.1`]
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at)
    lines.push(`${name}: ${name === 'authorization' ? value.replace(/:[^:]+$/, `:${signature}`) : value}`)
  }
  const body = Buffer.from(bodyText)
  const chunk = [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), ...chunk])
}

/** The shape of a value: the types of its fields by their names, without case; of a list, its first element's. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name.toLowerCase(), shapeOf(field)]))
}

const startEmulator = emulators()
let emulator: TestEmulator

beforeAll(async () => {
  emulator = await startEmulator({ accountId: '1234567890' })
})

const ids = { RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/), ResourceOwnerAccountId: '1234567890' }
const busArn = 'acs:eventbridge:cn-hangzhou:1234567890:eventbus/myBus'
const invalid = (code: string) => ({ ErrorCode: code, TraceId: expect.any(String) })
const taken = { EventId: expect.any(String), TraceId: expect.any(String) }

// in this order: each finds what those before it made
const step = story()

step.each<[string, number, object]>([
  ['createEventBus', 200, { ...ids, EventBusARN: busArn }],
  ['error-409', 409, { code: 'EventBusAlreadyExist', message: 'The event bus [myBus] already existed!' }],
  ['getEventBus', 200, { ...ids, EventBusName: 'myBus', EventBusARN: busArn, Description: 'd', Tags: { k: 'v' } }],
  ['createRule', 200, { ...ids, RuleARN: `${busArn}/rule/r1` }],
  ['listRules', 200, { ...ids, Total: 1, Rules: [{ RuleName: 'r1', Targets: [{ Id: 't1' }] }] }],
  [
    'createTargets',
    200,
    { ...ids, ErrorEntriesCount: 1, ErrorEntries: [{ EntryId: 't1', ErrorCode: 'EventRuleTargetIdDuplicate' }] },
  ],
  ['createEventSource-http', 200, { ...ids, EventSourceARN: `${busArn}/eventsource/web` }],
  ['testEventPattern', 200, { ...ids, Result: true }],
  ['putEvents-sts', 200, { ...ids, FailedEntryCount: 0, EntryList: [{ EventId: 'id-1' }] }],
  [
    'putEvents',
    200,
    {
      ...ids,
      FailedEntryCount: 1,
      EntryList: [taken, taken, taken, taken, taken, taken, taken, invalid('EventInvalid')],
    },
  ],
  ['queryEventTraces', 200, { EventTraceList: expect.arrayContaining([expect.objectContaining({ EventId: 'id-1' })]) }],
  ['queryEventByEventId', 200, { TracedEvents: [], Total: 0 }],
  ['queryEventsByPeriod', 200, { TracedEvents: [], Total: 0 }],
])('%s, byte for byte', async (name, status, expected) => {
  const capture = read(name)
  const answer = await exchangeRaw(emulator.port, bytesOf(capture))
  const body: unknown = JSON.parse(answer.body.toString())
  expect(answer.headers['content-type']).toBe('application/json')
  expect(answer.status).toBe(status)
  expect(body).toMatchObject(expected)
  expect(shapeOf(body)).toMatchObject(shapeOf(capture.error?.data ?? capture.result) as object)
})

step('every capture is replayed', () => {
  const files = fs.readdirSync(folder).map((file) => file.replace('.json', ''))
  expect(files).toHaveLength(13)
})

step.each([['createEventBus'], ['putEvents'], ['putEvents-sts']])(
  '%s with one byte of its headers changed',
  async (name) => {
    const request = bytesOf(read(name)).toString('latin1')
    const changed = request.replace(/x-acs-signature-nonce: ./, 'x-acs-signature-nonce: _')
    expect(changed).not.toBe(request)
    const answer = await exchangeRaw(emulator.port, Buffer.from(changed, 'latin1'))
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'SignatureDoesNotMatch' })
  },
)
