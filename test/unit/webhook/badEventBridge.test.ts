import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readConfig } from '../../../functions/webhook/config'
import { createWebhook } from '../../../functions/webhook/webhook'
import { createEventBridgeClient, type EventBridgeClient } from '../../../shared/eventbridge/client'
import { mountHttp } from '../../../shared/fc/mountHttp'
import { seedBody } from '../../fixtures/seedBody'
import { fcContext, fcHttpEvent } from '../../support/fcEvent'
import { keptLog } from '../../support/logs'

type Behaviour = (req: IncomingMessage, res: ServerResponse, attempt: number) => void

const credentials = { accessKeyId: 'AK', accessKeySecret: 'planted' }
let server: http.Server
let client: EventBridgeClient
let behave: Behaviour
let attempts: number

beforeEach(async () => {
  attempts = 0
  server = http.createServer((req, res) => behave(req, res, ++attempts))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  client = createEventBridgeClient(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
})

afterEach(() => {
  client.close()
  server.closeAllConnections()
  server.close()
})

/** @param budgetMs how long it may take: all of it where EventBridge says nothing, and else what a slow machine needs */
async function post(budgetMs = 30_000) {
  const log = keptLog()
  const webhook = createWebhook({
    config: readConfig({ EVENT_BUS_NAME: 'dingtalk' }),
    putEvents: (events) => client.putEvents(events, { credentials, deadline: performance.now() + budgetMs }),
    now: () => new Date(),
    log,
  })
  const response = await mountHttp(webhook)(fcHttpEvent({ body: seedBody }), fcContext)
  return { ...response, log }
}

const json =
  (status: number, body: unknown): Behaviour =>
  (_, res) =>
    res.writeHead(status).end(JSON.stringify(body))
const accepted = { RequestId: 'R', FailedEntryCount: 0, EntryList: [{ EventId: 'e', TraceId: 't' }] }
const failed = (code: string) => ({
  RequestId: 'R',
  FailedEntryCount: 1,
  EntryList: [{ EventId: 'e', TraceId: 't', ErrorCode: code, ErrorMessage: 'm' }],
})
const error = (code: string) => ({ code, message: 'm', requestId: 'r' })
const hang: Behaviour = () => {}
const reset: Behaviour = (req) => req.socket.resetAndDestroy()
const switches: Behaviour = (req) =>
  req.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
const trickle: Behaviour = (_, res) => res.writeHead(200).write('{"RequestId":')

test.each<[string, number, number, Behaviour]>([
  ['hangs', 503, 1, hang],
  ['trickles', 503, 1, trickle],
  ['resets, always', 503, 3, reset],
  ['resets, then takes the event', 200, 2, (req, res, n) => (n === 1 ? reset : json(200, accepted))(req, res, n)],
  ['resets, then hangs', 503, 2, (req, res, n) => (n === 1 ? reset : hang)(req, res, n)],
  ['is throttled, always', 503, 3, json(429, error('TooManyRequests'))],
  [
    'is throttled, then takes the event',
    200,
    2,
    (req, res, n) => json(n === 1 ? 429 : 200, n === 1 ? error('TooManyRequests') : accepted)(req, res, n),
  ],
  ['fails, always', 503, 3, json(500, error('InternalError'))],
  ['fails on the event, always', 503, 3, json(200, failed('InternalError'))],
  [
    'fails on the event, then takes it',
    200,
    2,
    (req, res, n) => json(200, n === 1 ? failed('InternalError') : accepted)(req, res, n),
  ],
  ['fails in HTML, always', 503, 3, (_, res) => res.writeHead(503).end('<html>Service Unavailable</html>')],
  ['answers 200 in HTML', 503, 1, (_, res) => res.writeHead(200).end('<html>')],
  ['answers 200 with nothing', 503, 1, (_, res) => res.writeHead(200).end()],
  ['goes on in another protocol', 503, 1, switches],
  ['refuses our signature', 503, 1, json(403, error('SignatureDoesNotMatch'))],
  ['has no such bus', 503, 1, json(200, failed('EventBusNotExist'))],
  ['hides a failure in a 200', 503, 1, json(200, { Code: 'EventBusNotExist', Success: false })],
  ['says that the event is too large', 400, 1, json(200, failed('EventSizeExceed'))],
])('an EventBridge that %s: %i after %i tries, in fixed words', async (name, status, tries, behaviour) => {
  behave = behaviour
  const { statusCode, body, log } = await post(/hangs|trickles/.test(name) ? 800 : undefined)
  expect(statusCode).toBe(status)
  expect(attempts).toBe(tries)
  if (status === 503) {
    expect(JSON.parse(body)).toEqual({
      code: 'ServiceUnavailable',
      message: 'The event was not accepted. Send it again.',
      requestId: 'request-1',
    })
  }
  expect(log.lines).toHaveLength(1)
  expect(log.text()).not.toMatch(/planted|小明/)
})

test('the budget of the request is the deadline of the call', async () => {
  behave = hang
  const webhook = createWebhook({
    config: readConfig({ EVENT_BUS_NAME: 'dingtalk', REQUEST_BUDGET_MS: '200' }),
    putEvents: (events, _, deadline) => client.putEvents(events, { credentials, deadline }),
    now: () => new Date(),
    log: keptLog(),
  })
  // with any other deadline this would hang until the test's own time limit
  expect(await mountHttp(webhook)(fcHttpEvent({ body: seedBody }), fcContext)).toMatchObject({ statusCode: 503 })
})

test('a connection that died silently while the instance was frozen does not eat the budget of the request', async () => {
  const known = new Set<unknown>()
  behave = (req, res, n) => {
    if (!known.has(req.socket)) json(200, accepted)(req, res, n)
    known.add(req.socket)
  }
  expect(await post()).toMatchObject({ statusCode: 200 })
  expect(await post(1_600)).toMatchObject({ statusCode: 200 })
  expect(attempts).toBe(3)
})

test('an EventBridge that nobody is: 503', async () => {
  server.close()
  expect(await post()).toMatchObject({ statusCode: 503 })
})
