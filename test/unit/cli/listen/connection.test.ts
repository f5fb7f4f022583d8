import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { connect } from '../../../../cli/listen/connection'
import type { Frame } from '../../../../cli/listen/frame'
import { manualClock } from '../../../support/manualClock'
import { waitFor } from '../../../support/waitFor'

const never = new AbortController().signal
let server: WebSocketServer
let url: URL
let answersPings = true
beforeAll(async () => {
  // what a test does not have answered is not: else ws answers every ping
  server = new WebSocketServer({ host: '127.0.0.1', port: 0, autoPong: false })
  await once(server, 'listening')
  url = new URL(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/connect?ticket=t-i-c-k-e-t`)
})
beforeEach(() => {
  answersPings = true
})
afterEach(async () => {
  for (const socket of server.clients) socket.terminate()
  await waitFor(() => server.clients.size === 0)
})
afterAll(() => void server.close())

interface Answer {
  code: number
  headers: { messageId: string }
  data: string
}

/** A connection, and its other end. */
async function open(take: (frame: Frame) => Promise<boolean> = async () => true) {
  const clock = manualClock()
  const told: string[] = []
  const coming = once(server, 'connection') as Promise<[WebSocket]>
  const connection = await connect(url, { take, tell: (line) => told.push(line), clock }, never)
  const [peer] = await coming
  const answers: Answer[] = []
  peer.on('message', (bytes) => answers.push(JSON.parse(String(bytes))))
  peer.on('error', () => {})
  peer.on('ping', () => answersPings && peer.pong())
  const answerTo = (id: string) => answers.find(({ headers }) => headers.messageId === id)
  let pings = 0
  /** Waits until all that was sent before has been read. */
  async function readAll(): Promise<void> {
    const id = `ping-${pings++}`
    peer.send(JSON.stringify({ type: 'SYSTEM', headers: { topic: 'ping', messageId: id }, data: `{"opaque":"${id}"}` }))
    await waitFor(() => answerTo(id) !== undefined)
    expect(answerTo(id)).toMatchObject({ code: 200, data: `{"opaque":"${id}"}` })
  }
  const push = (id: string, data: unknown = '{"userId":["0042"]}') => peer.send(event(id, data))
  const statusOf = (id: string) => {
    const answer = answerTo(id)
    return answer && (JSON.parse(answer.data) as { status: string }).status
  }
  return { connection, peer, clock, told, answers, answerTo, statusOf, readAll, push }
}

const event = (messageId: string, data: unknown) =>
  JSON.stringify({ specVersion: '1.0', type: 'EVENT', headers: { eventType: 'user_add_org', messageId }, data })

/** Promises that a test keeps when it wants to. */
function questions() {
  const asked: { id: string; answer(isTaken: boolean): void }[] = []
  const take = ({ messageId: id }: Frame) => new Promise<boolean>((answer) => asked.push({ id, answer }))
  return { asked, take }
}

test('an event is acknowledged when it has been taken, and not before', async () => {
  const { asked, take } = questions()
  const { push, readAll, answers, statusOf, connection } = await open(take)
  push('one')
  await readAll()
  expect(asked.map(({ id }) => id)).toEqual(['one'])
  expect(answers).toHaveLength(1)
  asked[0]?.answer(true)
  await waitFor(() => statusOf('one') !== undefined)
  expect(statusOf('one')).toBe('SUCCESS')
  await connection.close()
})

test.each<[string, () => Promise<boolean>]>([
  ['not taken', async () => false],
  ['lost by a fault', async () => Promise.reject(new Error('with a name in it: 林晓满'))],
])('an event that is %s is to come later', async (_, take) => {
  const { push, statusOf, told, connection } = await open(take)
  push('one')
  await waitFor(() => statusOf('one') !== undefined)
  expect(statusOf('one')).toBe('LATER')
  expect(told.join()).not.toContain('林晓满')
  await connection.close()
})

const deep = '['.repeat(200_000) + ']'.repeat(200_000)

test.each<[string, string | Buffer]>([
  ['nothing', ''],
  ['no JSON', '{"type":"EVENT",'],
  ['null', 'null'],
  ['a list', '[{}]'],
  ['a number', '1'],
  ['no fields', '{}'],
  ['no type', '{"headers":{"messageId":"m"}}'],
  ['a type that is none', '{"type":{"a":1},"headers":{"messageId":"m"}}'],
  ['an unknown type', '{"type":"NEWS","headers":{"messageId":"m"},"data":"{}"}'],
  [
    'a callback, which nobody asked for',
    '{"type":"CALLBACK","headers":{"topic":"/v1.0/im/bot/messages/get"},"data":"{}"}',
  ],
  ['an unknown topic of the system', '{"type":"SYSTEM","headers":{"topic":"x"}}'],
  ['a ping without an id', '{"type":"SYSTEM","headers":{"topic":"ping"}}'],
  ['no headers', '{"type":"EVENT","data":"{}"}'],
  ['headers that are a list', '{"type":"EVENT","headers":[1],"data":"{}"}'],
  ['headers that are text', '{"type":"EVENT","headers":"x","data":"{}"}'],
  ['an event without a name', '{"type":"EVENT","headers":{"messageId":"m"},"data":"{}"}'],
  ['a header that is an object', '{"type":"EVENT","headers":{"eventType":{"a":"b"}},"data":"{}"}'],
  ['an event without data', '{"type":"EVENT","headers":{"eventType":"user_add_org"}}'],
  ['data that are no JSON', event('m', '{x')],
  [
    'names that objects have',
    '{"__proto__":{"type":"EVENT"},"constructor":1,"type":"EVENT","headers":{"__proto__":1}}',
  ],
  ['nested deep', deep],
  ['data nested deep, as text', event('m', deep)],
  ['data nested deep', `{"type":"EVENT","headers":{"eventType":"user_add_org","messageId":"m"},"data":${deep}}`],
  ['headers nested deep', `{"type":"EVENT","headers":{"eventType":${deep}},"data":"{}"}`],
  ['a megabyte', event('m', JSON.stringify({ name: '满'.repeat(350_000) }))],
  ['bytes', Buffer.from([0, 255, 254, 0xed, 0xa0, 0x80])],
  ['an event as bytes', Buffer.from(event('m', '{}'))],
])('%s does no harm: the next event is taken', async (_, text) => {
  const { peer, push, readAll, statusOf, connection } = await open()
  peer.send(text)
  await readAll()
  push('next')
  await waitFor(() => statusOf('next') !== undefined)
  expect(statusOf('next')).toBe('SUCCESS')
  await connection.close()
})

test.each<[string, (peer: WebSocket) => void]>([
  ['a message of five megabytes', (peer) => peer.send('x'.repeat(5 * 1024 ** 2))],
  ['bytes that are no frame', (peer) => void rawSocket(peer).write(Buffer.from([0xff, 0xff, 0xff]))],
  ['text that is no UTF-8', (peer) => void rawSocket(peer).write(Buffer.from([0x81, 2, 0xff, 0xfe]))],
  ['its end', (peer) => peer.close(1001)],
  ['its loss', (peer) => peer.terminate()],
  ['half a frame, and its loss', (peer) => void rawSocket(peer).end(Buffer.from([0x81, 126, 1]))],
])('%s ends the connection, and nothing else', async (_, act) => {
  const { peer, clock, connection } = await open()
  act(peer)
  expect(await connection.over).toEqual({
    isMoved: false,
    reason: expect.stringMatching(/^the connection was lost \([\w]+\)$/),
  })
  await connection.closed
  expect(clock.waiting()).toBe(0)
})

/** What ws sends by. */
function rawSocket(peer: WebSocket): net.Socket {
  return (peer as unknown as { _socket: net.Socket })._socket
}

test('an event under way when the connection is lost does no harm', async () => {
  const { asked, take } = questions()
  const { peer, push, readAll, connection } = await open(take)
  push('one')
  await readAll()
  peer.terminate()
  await connection.over
  asked[0]?.answer(true)
  await connection.close()
  expect(asked).toHaveLength(1)
})

test('one that says that it is moved still brings what was under way, and is closed if nobody closes it', async () => {
  const { peer, push, statusOf, clock, answerTo, connection } = await open()
  peer.send('{"type":"SYSTEM","headers":{"topic":"disconnect","messageId":"m"},"data":"{}"}')
  expect(await connection.over).toMatchObject({ isMoved: true })
  push('one')
  await waitFor(() => statusOf('one') !== undefined)
  expect(answerTo('m')).toBeUndefined()
  await clock.advance(20_000)
  await connection.closed
  expect(clock.waiting()).toBe(0)
})

test('one that says nothing for 90 s is lost; one that answers is not', async () => {
  const { clock, readAll, connection } = await open()
  for (let times = 0; times < 5; times++) {
    await clock.advance(30_000)
    await readAll()
  }
  answersPings = false
  await clock.advance(90_000)
  expect(await connection.over).toMatchObject({ isMoved: false })
})

test('four events are under way at once, in order; a thousand wait, and the next is to come later', async () => {
  const { asked, take } = questions()
  const { push, readAll, statusOf, connection } = await open(take)
  for (let at = 0; at < 1_005; at++) push(String(at))
  await readAll()
  expect(asked.map(({ id }) => id)).toEqual(['0', '1', '2', '3'])
  expect([statusOf('1003'), statusOf('1004')]).toEqual([undefined, 'LATER'])
  asked[1]?.answer(true)
  await waitFor(() => asked.length === 5)
  expect(asked[4]?.id).toBe('4')

  const closing = connection.close()
  await waitFor(() => statusOf('1003') !== undefined)
  expect(statusOf('1003')).toBe('LATER')
  push('late')
  await waitFor(() => statusOf('late') !== undefined)
  expect([statusOf('late'), statusOf('0')]).toEqual(['LATER', undefined])
  for (const { answer } of asked) answer(true)
  await closing
  expect(asked).toHaveLength(5)
})

describe('that cannot be opened', () => {
  const options = { take: async () => true, tell: () => {}, clock: manualClock() }
  let other: net.Server
  const sockets: net.Socket[] = []
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy()
    other.close()
  })

  async function listen(onConnection: (socket: net.Socket) => void): Promise<URL> {
    other = net.createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => {})
      onConnection(socket)
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const place = new URL(url)
    place.port = String((other.address() as AddressInfo).port)
    return place
  }
  const answer = (status: string) => (socket: net.Socket) =>
    void socket.once('data', () => socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 2\r\n\r\n{}`))

  test.each<[string, (socket: net.Socket) => void, RegExp]>([
    ['401', answer('401 Unauthorized'), /\(401: the ticket was not taken\)\.$/],
    ['403', answer('403 Forbidden'), /\(403: the ticket was not taken\)\.$/],
    ['500', answer('500 Oops'), /\(500: the ticket was not taken\)\.$/],
    ['200, and no websocket', answer('200 OK'), /\(200: the ticket was not taken\)\.$/],
    ['a redirect', answer('302 Found\r\nlocation: ws://example.org/'), /\(302: the ticket was not taken\)\.$/],
    ['no HTTP', (socket) => void socket.end('SSH-2.0-x\r\n'), /\(HPE_INVALID_CONSTANT\)\.$/],
    ['its end', (socket) => void socket.end(), /\((ECONNRESET|closed)\)\.$/],
  ])('by %s it is refused in a line without its ticket', async (_, onConnection, message) => {
    const refusal = connect(await listen(onConnection), options, never)
    await expect(refusal).rejects.toMatchObject({ name: 'StreamRefused', message: expect.stringMatching(message) })
    await expect(refusal).rejects.not.toMatchObject({ message: expect.stringContaining('t-i-c-k-e-t') })
  })

  test('where nobody listens', async () => {
    const place = await listen(() => {})
    await new Promise((resolve) => other.close(resolve))
    await expect(connect(place, options, never)).rejects.toThrow(/\(ECONNREFUSED\)\.$/)
  })

  test('a silent one is given up when it is told to stop', async () => {
    const stop = new AbortController()
    const opening = connect(await listen(() => stop.abort()), options, stop.signal)
    await expect(opening).rejects.toMatchObject({ name: 'StreamRefused' })
  })
})
