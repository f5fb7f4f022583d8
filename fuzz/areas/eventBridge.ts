import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sign, stringToSign } from '../../shared/eventbridge/signature'
import { LOCAL } from '../../shared/localAccount'
import type { Area } from '../area'
import { bodies, openApiCalls } from '../corpus/corpus'
import { hostileText } from '../draw/hostile'
import { mutatedBytes } from '../draw/mutate'
import type { Answered, Sent } from '../harness/request'
import { SECRETS } from '../harness/secrets'
import { openServer, wellFormed } from './eventBridgeServer'

/** Its codes: https://help.aliyun.com/zh/eventbridge/error-codes, and 413 of a body that is too long. */
const ANSWERS = new Set([200, 400, 403, 404, 405, 409, 413, 415])

const events = bodies.map((body, n) => [
  {
    ...{
      id: `fuzz-${n}`,
      source: 'my.source',
      specversion: '1.0',
      type: 'my.type',
      datacontenttype: 'application/json',
    },
    ...{ time: '2026-01-01T00:00:00Z', subject: 's', aliyuneventbusname: 'fuzz', data: { body } },
  },
])
const operations = [...new Set(openApiCalls.map(({ operation }) => operation))]
const bodiesOf = (operation: string) =>
  openApiCalls.filter((call) => call.operation === operation).map(({ body }) => body)

const BATCH = 'application/cloudevents-batch+json; charset=utf-8'

const call = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      operation: fc.constant('putEvents'),
      body: mutatedBytes([...events, ...bodiesOf('putEvents'), events.slice(0, 16).flat(), events.slice(0, 17).flat()]),
    }),
  },
  {
    weight: 5,
    arbitrary: fc
      .constantFrom(...operations)
      .chain((operation) => fc.record({ operation: fc.constant(operation), body: mutatedBytes(bodiesOf(operation)) })),
  },
)

const request = fc.record({
  call,
  type: fc.oneof(
    { weight: 8, arbitrary: fc.constant('') },
    fc.constantFrom('application/json', 'application/cloudevents+json', 'text/plain', BATCH, 'a/b; charset=utf-16'),
  ),
  signature: fc.constantFrom('right', 'right', 'right', 'right', 'right', 'right', 'wrong', 'none', 'odd'),
  header: fc.option(hostileText, { freq: 8 }),
  method: fc.oneof({ weight: 15, arbitrary: fc.constant('POST') }, fc.constantFrom('GET', 'PUT', 'DELETE', 'OPTIONS')),
  query: fc.oneof({ weight: 15, arbitrary: fc.constant('') }, hostileText),
})

type Request = typeof request extends fc.Arbitrary<infer T> ? T : never

/** EventBridge's API as the official SDK speaks it. */
export const eventBridge: Area = {
  name: 'eventbridge',
  requests: 50_000,
  open: (options) => openServer(options, { input: request, toRequest, checkAnswer, clear }),
}

function toRequest({ call: { operation, body }, type, signature, header, method, query }: Request) {
  const usual = operation === 'putEvents' ? BATCH : 'application/json; charset=utf-8'
  const path = `/openapi/${operation}${query === '' ? '' : `?q=${encodeURIComponent(wellFormed(query))}`}`
  const more = header === null ? {} : { 'x-acs-odd': inHeader(header), 'x-eventbridge-version': inHeader(header) }
  return { name: operation, ...signed({ method, path, body, type: type || usual, more, signature }) }
}

/** A header can have no others; those that can not are sent over a socket as they are. */
function inHeader(text: string): string {
  return Buffer.from(text.replace(/[^\t\x20-\x7e\x80-\uffff]/g, ' '))
    .toString('latin1')
    .slice(0, 4_000)
}

interface ToSign {
  method: string
  path: string
  body: Buffer
  type: string
  more?: Record<string, string>
  signature: string
}

function signed({ method, path, body, type, more = {}, signature }: ToSign): Sent {
  const headers: Record<string, string> = {
    ...{ date: new Date().toUTCString(), 'content-type': type, accept: 'application/json' },
    ...{
      'x-acs-signature-method': 'HMAC-SHA1',
      'x-acs-signature-version': '1.0',
      'x-acs-signature-nonce': randomUUID(),
    },
    ...more,
  }
  const { pathname, searchParams } = new URL(path, 'http://localhost')
  const query = [...searchParams].map(([name, value]) => `${name}=${value}`).join('&')
  const mac = sign(stringToSign(method, headers, query === '' ? pathname : `${pathname}?${query}`), SECRETS.accessKey)
  const authorizations: Record<string, string | undefined> = {
    right: `acs:${LOCAL.accessKeyId}:${mac}`,
    wrong: `acs:${LOCAL.accessKeyId}:${mac.slice(1)}`,
    odd: `acs:${'a'.repeat(500)}::${mac}`,
  }
  const authorization = authorizations[signature]
  return { method, path, body, headers: { ...headers, ...(authorization !== undefined && { authorization }) } }
}

function checkAnswer({ status, text }: Answered): void {
  if (!ANSWERS.has(status)) throw new Error(`it answered ${status}: ${text.slice(0, 300)}`)
  const answer = JSON.parse(text) as Record<string, unknown>
  if (status !== 200 && typeof answer['code'] !== 'string') throw new Error('the refusal has no code')
}

/** Buses with their rules, and the rules of the bus of the file. */
async function clear(send: (request: Sent) => Promise<Answered>): Promise<void> {
  const run = async (operation: string, given: object) => {
    const body = Buffer.from(JSON.stringify(given))
    const answer = await send(
      signed({ method: 'POST', path: `/openapi/${operation}`, body, type: 'application/json', signature: 'right' }),
    )
    return JSON.parse(answer.text) as Record<string, Record<string, string>[] | undefined>
  }
  const { EventBuses = [] } = await run('listEventBuses', { Limit: 100 })
  for (const { EventBusName = '' } of EventBuses) {
    const { Rules = [] } = await run('listRules', { EventBusName, Limit: 100 })
    for (const { RuleName } of Rules) await run('deleteRule', { EventBusName, RuleName })
    if (EventBusName !== 'fuzz' && EventBusName !== 'default') await run('deleteEventBus', { EventBusName })
  }
  const { EventSourceList = [] } = await run('v2/listUserDefinedEventSources', { EventBusName: 'fuzz', Limit: 100 })
  for (const { Name: EventSourceName } of EventSourceList) {
    await run('v2/deleteEventSource', { EventBusName: 'fuzz', EventSourceName })
  }
}
