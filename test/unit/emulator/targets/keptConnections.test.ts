import dns from 'node:dns'
import http, { type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { compileApiDestinationTarget } from '../../../../emulator/targets/apiDestinationTarget'
import { compileDingtalkTarget } from '../../../../emulator/targets/dingtalkTarget'
import { compileFunctionTarget } from '../../../../emulator/targets/functionTarget'
import { createHttpInvoke } from '../../../../emulator/targets/httpInvoke'
import { compileHttpTarget } from '../../../../emulator/targets/httpTarget'
import { type Agents, createAgents } from '../../../../emulator/targets/post'
import type { Connections, Target } from '../../../../emulator/targets/target'
import { waitFor } from '../../../support/waitFor'

let agents: Agents
let server: http.Server
let port: number
/** every connection that the server got */
let sockets: Socket[]
let requests: number
let listener: RequestListener

beforeEach(async () => {
  agents = createAgents()
  sockets = []
  requests = 0
  listener = (_, res) => res.end('{"errcode":0}')
  server = http.createServer(async (req, res) => {
    await req.toArray()
    requests++
    listener(req, res)
  })
  server.on('connection', (socket) => sockets.push(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterEach(async () => {
  jest.restoreAllMocks()
  agents.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const body = { ResourceKey: 'Body', Form: 'CONSTANT', Value: '{}' }
const constant = (ResourceKey: string, Value: string) => ({ ResourceKey, Form: 'CONSTANT', Value })
const connections = (): Connections => ({
  invoke: createHttpInvoke(new Map([['f', new URL(url())]]), { timeoutMs: 60_000 }),
  apiDestination: () => ({ endpoint: url(), method: 'PUT' }),
  agents,
})
const url = (host = '127.0.0.1') => `http://${host}:${port}/x`
const httpTarget = (host?: string, others: Partial<Connections> = {}) =>
  compileHttpTarget('http', url(host), [body], { ...connections(), ...others })

const kinds: [string, () => Pick<Target, 'deliver'>][] = [
  ['http', httpTarget],
  [
    'acs.dingtalk',
    () => compileDingtalkTarget(url(), [body, constant('URL', url()), constant('SecretKey', 's')], connections()),
  ],
  [
    'acs.api.destination',
    () => compileApiDestinationTarget('acs:api-destination:r:1:name/users', [constant('Name', 'users')], connections()),
  ],
  ['acs.fc.function over HTTP', () => compileFunctionTarget('acs:fc:r:1:functions/f', [body], connections())],
]

test.each(kinds)('%s: many deliveries go over one connection, which is closed at the end', async (_, compile) => {
  const target = compile()
  for (let count = 0; count < 20; count++) expect(await target.deliver('{}')).not.toHaveProperty('error')
  expect([sockets.length, requests]).toEqual([1, 20])
  agents.close()
  await waitFor(() => sockets.every(({ destroyed }) => destroyed))
})

test('deliveries at once have a connection each, and use them again', async () => {
  const target = httpTarget()
  for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 10 }, () => target.deliver('{}')))
  expect(requests).toBe(50)
  expect(sockets.length).toBeLessThanOrEqual(10)
})

const halfClose = (socket: Socket) => void socket.end()

test.each<[string, (socket: Socket) => void]>([
  ['ends', halfClose],
  ['destroys', (socket) => socket.destroy()],
  ['resets', (socket) => socket.resetAndDestroy()],
])('a server that %s a connection between two deliveries fails none', async (_, close) => {
  const target = httpTarget()
  for (let count = 1; count <= 10; count++) {
    expect(await target.deliver('{}')).toEqual({ answer: 'HTTP 200' })
    // not waited for: that the connection is gone is known to the other side before or after the next delivery
    for (const socket of sockets) close(socket)
  }
  // one that has only ended its half may have read the request, which comes twice then
  if (close !== halfClose) expect(requests).toBe(10)
})

test('a kept connection that dies under a request is made anew, once; a new one that dies is a failure', async () => {
  const target = httpTarget()
  await target.deliver('{}')
  listener = (req) => req.socket.destroy()
  await expect(target.deliver('{}')).rejects.toThrow(/^no answer: ECONNRESET$/)
  expect(requests).toBe(3)
  await expect(target.deliver('{}')).rejects.toThrow(/^no answer: ECONNRESET$/)
  expect(requests).toBe(4)
})

test('an answer that breaks off is a failure at once', async () => {
  const target = httpTarget()
  await target.deliver('{}')
  listener = (_, res) => {
    res.writeHead(200, { 'content-length': 100 })
    res.write('x', () => res.socket?.destroy())
  }
  await expect(target.deliver('{}')).rejects.toThrow(/^no answer: ECONNRESET$/)
  expect(requests).toBe(2)
})

test.each([
  ['with its name', 'Upgrade: x\r\nConnection: upgrade\r\n'],
  ['without', ''],
])(
  'an answer that would go on in another protocol, %s, is a failure at once, also on a kept connection',
  async (_, name) => {
    const target = httpTarget()
    const switches: RequestListener = (req) => req.socket.write(`HTTP/1.1 101 Switching Protocols\r\n${name}\r\n`)
    listener = switches
    await expect(target.deliver('{}')).rejects.toThrow(/^no answer: closed$/)
    listener = (_, res) => res.end()
    await target.deliver('{}')
    listener = switches
    await expect(target.deliver('{}')).rejects.toThrow(/^no answer: closed$/)
    expect(requests).toBe(3)
  },
)

test('what is cut off is not sent again', async () => {
  const stop = new AbortController()
  const target = httpTarget('127.0.0.1', { signal: stop.signal })
  await target.deliver('{}')
  listener = () => stop.abort()
  await expect(target.deliver('{}')).rejects.toThrow(/^cut off, as the emulator stops$/)
  expect(requests).toBe(2)
})

test('a name is looked up for each new connection, and one that leads elsewhere by then is refused', async () => {
  const lookup = jest.spyOn(dns, 'lookup')
  const leadTo = (address: string) =>
    lookup.mockImplementation(((_: string, __: object, callback: (...found: unknown[]) => void) =>
      callback(null, [{ address, family: 4 }])) as unknown as typeof dns.lookup)
  leadTo('127.0.0.1')
  const target = httpTarget('app.test')
  await target.deliver('{}')
  await target.deliver('{}')
  expect(lookup).toHaveBeenCalledTimes(1)
  leadTo('192.0.2.1')
  for (const socket of sockets) socket.destroy()
  await expect(target.deliver('{}')).rejects.toThrow(/its host is not this machine/)
  expect(requests).toBe(2)
})
