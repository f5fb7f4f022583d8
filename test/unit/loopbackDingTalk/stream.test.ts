import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import WebSocket from 'ws'
import { startTestDingTalk, type TestDingTalk } from '../../support/dingtalk'
import { temporaryFolder } from '../../support/temporaryFolder'
import { waitFor } from '../../support/waitFor'

const folder = temporaryFolder()
let dingtalk: TestDingTalk
// one of a test's own: what it has not acknowledged comes again
const start = () => startTestDingTalk({ folder: fs.mkdtempSync(path.join(folder, 'dingtalk-')) })
beforeEach(async () => {
  dingtalk = await start()
})
afterEach(() => dingtalk.close())

const counts = async () => (await dingtalk.control('counts')).body['stream'] as Record<string, number>
const callbacks = async () => (await dingtalk.control('counts')).body['callbacks'] as Record<string, number>

/** Asks for a ticket. */
async function ask(keys: Record<string, unknown> = {}) {
  const { appKey: clientId, appSecret: clientSecret } = dingtalk
  const body = JSON.stringify({ clientId, clientSecret, subscriptions: [{ type: 'EVENT', topic: '*' }], ...keys })
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${dingtalk.url}/api/v1.0/gateway/connections/open`, { method: 'POST', headers, body })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

async function address(): Promise<string> {
  const { endpoint = '', ticket = '' } = (await ask()).body
  return `${endpoint}?ticket=${encodeURIComponent(ticket)}`
}

interface Received {
  type: string
  headers: Record<string, string>
  data: string
}
interface Client {
  socket: WebSocket
  received: Received[]
  answer(at: number, data: unknown): void
}
async function connect(): Promise<Client> {
  const socket = new WebSocket(await address())
  const received: Received[] = []
  socket.on('message', (bytes) => received.push(JSON.parse(String(bytes))))
  socket.on('error', () => {})
  await once(socket, 'open')
  const answer = (at: number, data: unknown) =>
    socket.send(
      JSON.stringify({
        code: 200,
        headers: { messageId: received[at]?.headers['messageId'] },
        data: JSON.stringify(data),
      }),
    )
  return { socket, received, answer }
}

/** With what status an address is refused. */
async function refused(place: string): Promise<number | undefined> {
  const socket = new WebSocket(place)
  socket.on('error', () => {})
  const [, response] = await once(socket, 'unexpected-response')
  socket.terminate()
  return response.statusCode
}

async function hire(userid: string): Promise<void> {
  await dingtalk.control('hire', { userid, active: true })
  await dingtalk.clock.advance(0)
}

describe('a ticket', () => {
  test.each<[string, Record<string, unknown>]>([
    ['another secret', { clientSecret: 'x' }],
    ['another key', { clientId: 'dingother' }],
    ['no secret', { clientSecret: undefined }],
    ['a secret that is no text', { clientSecret: { $ne: 1 } }],
  ])('is not given for %s', async (_, keys) => {
    const { status, body } = await ask(keys)
    // https://github.com/zfanswer/dify-on-dingtalk/issues/28 has such an answer
    expect([status, body]).toEqual([
      401,
      { requestid: expect.stringMatching(/^[\dA-F-]{36}$/), code: 'authFailed', message: '鉴权失败' },
    ])
  })

  test('is good once', async () => {
    const place = await address()
    const first = new WebSocket(place)
    await once(first, 'open')
    expect(await refused(place)).toBe(401)
    first.terminate()
  })

  test('is good for 90 s', async () => {
    const [place, late] = [await address(), await address()]
    await dingtalk.clock.advance(89_999)
    const socket = new WebSocket(place)
    await once(socket, 'open')
    socket.terminate()
    await dingtalk.clock.advance(1)
    expect(await refused(late)).toBe(401)
  })

  test.each([['?ticket='], ['?ticket=x'], ['']])('without it an address is refused: %j', async (query) => {
    const { endpoint = '' } = (await ask()).body
    expect(await refused(endpoint + query)).toBe(401)
  })
})

test('an event has its head in the headers, as text, and its fields as text of JSON', async () => {
  const { received, answer } = await connect()
  await hire('frame-1')
  await waitFor(() => received.length > 0)
  const now = String(dingtalk.clock.now())
  expect(received[0]).toEqual({
    specVersion: '1.0',
    type: 'EVENT',
    headers: {
      topic: '*',
      messageId: expect.any(String),
      contentType: 'application/json',
      time: now,
      eventType: 'user_add_org',
      eventId: expect.stringMatching(/^[\da-f]{32}$/),
      eventCorpId: 'dinga1b2c3d4e5f60718',
      eventBornTime: now,
      eventUnifiedAppId: expect.any(String),
    },
    data: JSON.stringify({ timeStamp: now, userId: ['frame-1'] }),
  })
  answer(0, { status: 'SUCCESS' })
  await waitFor(async () => (await counts())['acknowledged'] === 1)
})

test.each<[string, (client: Client) => void, 'in time' | 'late']>([
  ['LATER', ({ answer }) => answer(0, { status: 'LATER' }), 'in time'],
  ['data that are no JSON', ({ answer }) => answer(0, 'SUCCESS'), 'in time'],
  ['nothing', () => {}, 'late'],
  ['an answer to another one', ({ socket }) => socket.send('{"headers":{"messageId":"x"}}'), 'late'],
  ['no JSON', ({ socket }) => socket.send('{'), 'late'],
])('one that is answered with %s comes again after 10 s', async (_, act, when) => {
  const client = await connect()
  await dingtalk.control('create-department', { name: '甲' })
  await dingtalk.clock.advance(0)
  await waitFor(() => client.received.length === 1)
  act(client)
  // 3 s it waits for the answer
  if (when === 'late') await dingtalk.clock.advance(3_000)
  await waitFor(async () => {
    await dingtalk.clock.advance(10_000)
    return client.received.length === 2
  })
  expect(client.received[1]?.headers['eventId']).toBe(client.received[0]?.headers['eventId'])
  client.answer(1, { status: 'SUCCESS' })
  await waitFor(async () => (await callbacks())['delivered'] === 1)
  expect((await callbacks())['waiting']).toBe(0)
})

test('one whose connection is lost goes to another', async () => {
  const first = await connect()
  await dingtalk.control('create-department', { name: '甲' })
  await dingtalk.clock.advance(0)
  await waitFor(() => first.received.length === 1)
  first.socket.terminate()
  await waitFor(async () => (await counts())['connections'] === 0)
  const second = await connect()
  await dingtalk.clock.advance(10_000)
  await waitFor(() => second.received.length === 1)
  second.answer(0, { status: 'SUCCESS' })
  expect(second.received[0]?.headers['eventId']).toBe(first.received[0]?.headers['eventId'])
})

test('it pings every 30 s, and counts the answers that are what it sent', async () => {
  const { received, answer } = await connect()
  await dingtalk.clock.advance(30_000)
  await waitFor(() => received.length === 1)
  expect(received[0]).toMatchObject({ type: 'SYSTEM', headers: { topic: 'ping' } })
  answer(0, JSON.parse(received[0]?.data ?? ''))
  await waitFor(async () => (await counts())['pongs'] === 1)
  await dingtalk.clock.advance(30_000)
  await waitFor(() => received.length === 2)
  answer(1, { opaque: 'another' })
  await waitFor(async () => (await counts())['pings'] === 2)
  expect((await counts())['pongs']).toBe(1)
})

test('one that it moves gets no more events, and is closed 10 s later', async () => {
  const { socket, received } = await connect()
  await dingtalk.control('stream', { act: 'disconnect' })
  await waitFor(() => received.length === 1)
  expect(received[0]).toMatchObject({ type: 'SYSTEM', headers: { topic: 'disconnect' } })
  expect((await counts())['connections']).toBe(0)
  await hire('moved-1')
  const closed = once(socket, 'close')
  await dingtalk.clock.advance(10_000)
  await closed
  expect(received).toHaveLength(1)
})

test.each([['{"act":"explode"}'], ['{}'], ['{"act":"send","text":1}'], ['[]']])('%s is no act', async (body) => {
  expect((await dingtalk.control('stream', JSON.parse(body))).status).toBe(400)
})

test('a frame that is too long closes its connection, and no other', async () => {
  const [one, other] = [await connect(), await connect()]
  const closed = once(one.socket, 'close')
  one.socket.send('x'.repeat(2 * 1024 ** 2))
  await closed
  await waitFor(async () => (await counts())['connections'] === 1)
  expect(other.socket.readyState).toBe(WebSocket.OPEN)
})

test('when it stops nothing stays open', async () => {
  const { socket } = await connect()
  const closed = once(socket, 'close')
  const stopped = dingtalk
  dingtalk = await start()
  await stopped.close()
  await closed
  expect(stopped.clock.waiting()).toBe(0)
})
