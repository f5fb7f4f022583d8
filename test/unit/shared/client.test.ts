import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createEventBridgeClient, type EventBridgeClient } from '../../../shared/eventbridge/client'
import { EventBridgeUnavailable, EventInvalid } from '../../../shared/eventbridge/errors'
import { startHearing } from '../../support/startHearing'
import { waitFor } from '../../support/waitFor'

type Reply = (req: IncomingMessage, res: ServerResponse, attempt: number) => void

const credentials = { accessKeyId: 'AK', accessKeySecret: 'SK' }
const accepted = { RequestId: 'R', FailedEntryCount: 0, EntryList: [{ EventId: 'e', TraceId: 't' }] }
let server: http.Server
let client: EventBridgeClient
let attempts: number
let reply: Reply
let seen: { headers: http.IncomingHttpHeaders; body: string; socket: unknown }[]

beforeEach(async () => {
  attempts = 0
  seen = []
  server = http.createServer((req, res) => {
    let body = ''
    req.setEncoding('utf8')
    req.on('data', (chunk) => {
      body += chunk
    })
    req.on('end', () => {
      seen.push({ headers: req.headers, body, socket: req.socket })
      reply(req, res, ++attempts)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  client = createEventBridgeClient(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
})

afterEach(() => {
  jest.restoreAllMocks()
  client.close()
  server.closeAllConnections()
  server.close()
})

const json =
  (status: number, body: unknown): Reply =>
  (_, res) =>
    res.writeHead(status).end(JSON.stringify(body))
const failedBy = (ErrorCode: string) => ({
  RequestId: 'R',
  FailedEntryCount: 1,
  EntryList: [{ EventId: 'e', ErrorCode }],
})
const put = (budgetMs = 30_000) =>
  client.putEvents(['{"id":"e"}'], { credentials, deadline: performance.now() + budgetMs })

test('events go out as one batch, on one kept-alive connection', async () => {
  reply = json(200, accepted)
  expect(
    await client.putEvents(['{"id":"a"}', '{"n":1e400}'], { credentials, deadline: performance.now() + 5_000 }),
  ).toEqual(accepted)
  await put()
  expect(seen.map(({ body }) => body)).toEqual(['[{"id":"a"},{"n":1e400}]', '[{"id":"e"}]'])
  expect(seen[0]?.headers['content-type']).toBe('application/cloudevents-batch+json; charset=utf-8')
  expect(seen[0]?.headers).toMatchObject({
    accept: 'application/json',
    'x-acs-signature-method': 'HMAC-SHA1',
    'x-acs-signature-version': '1.0',
    'x-eventbridge-version': '2015-06-06',
  })
  expect(seen[0]?.headers.authorization).toMatch(/^acs:AK:[A-Za-z0-9+/]{27}=$/)
  expect(seen[0]?.socket).toBe(seen[1]?.socket)
})

test('an STS token goes out with its two signed headers', async () => {
  reply = json(200, accepted)
  await client.putEvents(['{}'], {
    credentials: { ...credentials, securityToken: 'STS' },
    deadline: performance.now() + 5_000,
  })
  expect(seen[0]?.headers).toMatchObject({ 'x-acs-accesskey-id': 'AK', 'x-acs-security-token': 'STS' })
})

test('once it is closed, so is its connection', async () => {
  reply = json(200, accepted)
  await put()
  client.close()
  await waitFor(() => seen.every(({ socket }) => (socket as Socket).destroyed))
})

test('a batch accepted in part does not throw: the caller looks at each entry', async () => {
  reply = json(200, failedBy('EventBusNotExist'))
  expect(await put()).toEqual(failedBy('EventBusNotExist'))
  expect(attempts).toBe(1)
})

const hangUp: Reply = (req) => req.socket.destroy()
const resetMidway: Reply = (req, res) => {
  res.writeHead(200, { 'content-length': 1000 }).write('{')
  setImmediate(() => req.socket.destroy())
}

test.each<[string, Reply]>([
  ['a reset connection', hangUp],
  ['a connection that breaks off in the answer', resetMidway],
  ['500', json(500, { code: 'InternalError', message: 'm', requestId: 'r' })],
  ['500 with a code that is final in a 4xx', json(500, { code: 'EventBusNotExist', message: 'm', requestId: 'r' })],
  ['502 with the answer of a 200', json(502, accepted)],
  ['503 of a load balancer, in HTML', (_, res) => res.writeHead(503).end('<html>')],
  ['429', json(429, { code: 'TooManyRequests', message: 'm', requestId: 'r' })],
  ['an event that the service itself failed on', json(200, failedBy('InternalError'))],
  ['an event that was throttled', json(200, failedBy('TooManyRequests'))],
  [
    'one of two that was throttled',
    json(200, { RequestId: 'R', FailedEntryCount: 1, EntryList: [{ EventId: 'e' }, { ErrorCode: 'TooManyRequests' }] }),
  ],
])('%s is tried again', async (_, first) => {
  reply = (req, res, attempt) => (attempt === 1 ? first(req, res, attempt) : json(200, accepted)(req, res, attempt))
  expect(await put()).toEqual(accepted)
  expect(attempts).toBe(2)
})

test.each<[string, Reply]>([
  ['a reset connection', hangUp],
  ['500', json(500, { code: 'InternalError', message: 'm', requestId: 'r' })],
])('%s three times is given up', async (_, always) => {
  reply = always
  await expect(put()).rejects.toThrow(EventBridgeUnavailable)
  expect(attempts).toBe(3)
})

test('an answer without an end is not read to its end, and its connection is closed', async () => {
  reply = (_, res) => {
    const more = () => {
      while (res.write('x'.repeat(65_536)));
      res.once('drain', more)
    }
    res.writeHead(200)
    more()
  }
  await expect(put(600_000)).rejects.toMatchObject({ name: 'EventBridgeUnavailable', code: 'AnswerTooLarge' })
  await waitFor(() => seen.every(({ socket }) => (socket as Socket).destroyed))
  expect(attempts).toBe(1)
})

describe('a kept-alive connection on which nothing comes back', () => {
  /** Answers the first request of each connection, and swallows every later one, as a gateway that has forgotten it. */
  const blackHole: Reply = (req, res, attempt) => {
    const isFirst = seen.filter(({ socket }) => socket === req.socket).length === 1
    if (isFirst) json(200, accepted)(req, res, attempt)
  }

  test('gets a part of the time, then a fresh one is used', async () => {
    reply = blackHole
    await put()
    expect(await put(1_600)).toEqual(accepted)
    expect(attempts).toBe(3)
    const [first, silent, fresh] = seen.map(({ socket }) => socket)
    expect(silent).toBe(first)
    expect(fresh).not.toBe(first)
  })

  test('so does one that breaks off in the middle of an answer', async () => {
    reply = (req, res, attempt) =>
      attempt === 2
        ? void res.writeHead(200, { 'content-length': 99 }).write('{')
        : json(200, accepted)(req, res, attempt)
    await put()
    expect(await put(1_600)).toEqual(accepted)
    expect(attempts).toBe(3)
  })

  test('every time that it happens', async () => {
    reply = blackHole
    for (let calls = 0; calls < 3; calls++) expect(await put(1_200)).toEqual(accepted)
    expect(attempts).toBe(5)
  })

  test('a fresh one on which nothing comes back either is not tried again', async () => {
    reply = (req, res, attempt) => (attempt === 1 ? json(200, accepted)(req, res, attempt) : undefined)
    await put()
    await expect(put(600)).rejects.toMatchObject({ name: 'EventBridgeUnavailable', code: 'Timeout' })
    expect(attempts).toBe(3)
  })
})

test('what comes back failed three times is what the caller gets', async () => {
  reply = json(200, failedBy('InternalError'))
  expect(await put()).toEqual(failedBy('InternalError'))
  expect(attempts).toBe(3)
})

test('it pauses before the third try', async () => {
  const times: number[] = []
  reply = (req, res, attempt) => {
    times.push(performance.now())
    json(500, {})(req, res, attempt)
  }
  await expect(put()).rejects.toThrow(EventBridgeUnavailable)
  const [, second = 0, third = 0] = times
  // half of the longest pause; a slow machine makes it longer, and none makes it shorter
  expect(third - second).toBeGreaterThan(70)
})

test.each([
  [1, 45],
  [2, 195],
])('after %i tries none begins that could not end before the deadline', async (tries, budgetMs) => {
  jest.spyOn(Math, 'random').mockReturnValue(1)
  reply = json(500, { code: 'InternalError', message: 'm', requestId: 'r' })
  await expect(put(budgetMs)).rejects.toThrow(EventBridgeUnavailable)
  expect(attempts).toBeLessThanOrEqual(tries)
})

test.each<[string, Reply, string]>([
  ['403', json(403, { code: 'SignatureDoesNotMatch', message: 'm', requestId: 'r' }), 'SignatureDoesNotMatch'],
  ['409', json(409, { code: 'EventBusNotExist', message: 'm', requestId: 'r' }), 'EventBusNotExist'],
  ['200 that hides an error', json(200, { Code: 'EventBusNotExist', Success: false }), 'EventBusNotExist'],
  ['200 in HTML', (_, res) => res.writeHead(200).end('<html>'), 'Http200'],
  ['200 without entries', json(200, { RequestId: 'R' }), 'Http200'],
  ['200 with a list for an answer', json(200, [{ EventId: 'e' }]), 'Http200'],
  ['200 with null', json(200, null), 'Http200'],
  ['302', (_, res) => res.writeHead(302, { location: '/' }).end(), 'Http302'],
])('%s is not tried again', async (_, answer, code) => {
  reply = answer
  await expect(put()).rejects.toMatchObject({ name: 'EventBridgeUnavailable', code })
  expect(attempts).toBe(1)
})

test.each(['EventSizeExceed', 'EventInvalid', 'JsonAttributeInvalid'])('%s is the fault of the event', async (code) => {
  reply = json(409, { code, message: 'm', requestId: 'r' })
  await expect(put()).rejects.toThrow(EventInvalid)
  expect(attempts).toBe(1)
})

test.each([
  ['a gateway that throttles', 429, 'TooManyRequests'],
  ['one that is down', 502, 'Http502'],
])('%s, in HTML, is known by its status', async (_, status, code) => {
  reply = (_req, res) => res.writeHead(status).end('<html>')
  await expect(put()).rejects.toMatchObject({ name: 'EventBridgeUnavailable', code })
  expect(attempts).toBe(3)
})

test('to an https endpoint nothing is said in plain text', async () => {
  const hearing = await startHearing()
  client.close()
  client = createEventBridgeClient(new URL(`https://127.0.0.1:${hearing.port}`))
  await expect(put()).rejects.toThrow(EventBridgeUnavailable)
  hearing.close()
  expect(new Set(hearing.firstBytes)).toEqual(new Set([22]))
})

test('an EventBridge that hangs is given up at the deadline, and not tried again', async () => {
  reply = () => {}
  await expect(put(60)).rejects.toMatchObject({ name: 'EventBridgeUnavailable', code: 'Timeout' })
  expect(attempts).toBeLessThanOrEqual(1)
})

test('an answer that trickles is given up at the deadline', async () => {
  reply = (_, res) => res.writeHead(200).write('{')
  await expect(put(100)).rejects.toThrow(EventBridgeUnavailable)
})

test('no connection at all', async () => {
  server.close()
  await expect(put()).rejects.toMatchObject({ name: 'EventBridgeUnavailable', code: 'ECONNREFUSED' })
})

test('errors name no secret', async () => {
  reply = json(403, { code: 'SignatureDoesNotMatch', message: 'AK SK STS', requestId: 'r' })
  const error: unknown = await put().catch((thrown: unknown) => thrown)
  expect(String(error)).not.toMatch(/SK|STS/)
})
