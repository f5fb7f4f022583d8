import dns from 'node:dns'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { compileHttpTarget } from '../../../../emulator/targets/httpTarget'
import type { DeliveryResult } from '../../../../emulator/targets/target'
import { freePort } from '../../../../shared/freePort'
import { startServer, type TestServer } from '../../../support/rawHttp'

interface Received {
  method: string | undefined
  url: string | undefined
  contentType: string | undefined
  body: string
}

let server: TestServer
let answer: (res: ServerResponse, req: IncomingMessage) => void
const received: Received[] = []

beforeAll(async () => {
  server = await startServer(async (req, res) => {
    const chunks = (await req.toArray()) as Buffer[]
    received.push({
      method: req.method,
      url: req.url,
      contentType: req.headers['content-type'],
      body: Buffer.concat(chunks).toString('utf8'),
    })
    answer(res, req)
  })
})

beforeEach(() => {
  received.length = 0
  answer = (res) => res.end()
})

afterAll(() => server.close())
afterEach(() => jest.restoreAllMocks())

const body = { ResourceKey: 'Body', Form: 'TEMPLATE', Value: '{"name":"$.data.name"}', Template: '{"text":"${name}"}' }
const eventText = '{"id":"e","data":{"name":"小明"}}'

function deliver(endpoint: string, connections: { allowedHosts?: string[]; signal?: AbortSignal } = {}) {
  const type = endpoint.startsWith('https:') ? 'https' : 'http'
  return compileHttpTarget(type, endpoint, [body], { invoke: async () => ({}), ...connections }).deliver(eventText)
}

const here = (path = '/hook?a=1&a=2') => `http://127.0.0.1:${server.port}${path}`

test('the body is made of the event and posted to the endpoint', async () => {
  expect(await deliver(here())).toEqual({ answer: 'HTTP 200' })
  expect(received).toEqual([
    { method: 'POST', url: '/hook?a=1&a=2', contentType: 'application/json; charset=utf-8', body: '{"text":"小明"}' },
  ])
})

test.each<[status: number, result: DeliveryResult]>([
  [200, { answer: 'HTTP 200' }],
  [204, { answer: 'HTTP 204' }],
  [301, { error: 'HTTP 301' }],
  [307, { error: 'HTTP 307' }],
  [404, { error: 'HTTP 404' }],
  [503, { error: 'HTTP 503' }],
])('status %i is %j; a redirect is not followed, and what else was answered is not kept', async (status, result) => {
  answer = (res) => {
    res.writeHead(status, { location: here('/elsewhere') })
    res.end(status === 204 ? undefined : 'something personal')
  }
  expect(await deliver(here())).toEqual(result)
  expect(received).toHaveLength(1)
})

test('a long answer is read to its end', async () => {
  answer = (res) => res.end('x'.repeat(5_000_000))
  expect(await deliver(here())).toEqual({ answer: 'HTTP 200' })
})

describe('no answer is a failure that says nothing of the URL', () => {
  test('nobody listens', async () => {
    await expect(deliver(`http://127.0.0.1:${await freePort()}/?token=T`)).rejects.toThrow(/^no answer: ECONNREFUSED$/)
  })

  test('the connection is reset, before the answer or in the middle of it', async () => {
    answer = (_, req) => req.socket.destroy()
    await expect(deliver(here())).rejects.toThrow(/^no answer: ECONNRESET$/)
    answer = (res) => {
      res.writeHead(200, { 'content-length': 100 })
      res.write('x', () => res.socket?.destroy())
    }
    await expect(deliver(here())).rejects.toThrow(/^no answer: ECONNRESET$/)
  })

  test('it does not speak TLS', async () => {
    await expect(deliver(here().replace('http:', 'https:'))).rejects.toThrow(/^no answer: \w+$/)
  })

  test('it is cut off when the emulator stops', async () => {
    const stop = new AbortController()
    answer = () => stop.abort()
    await expect(deliver(here(), { signal: stop.signal })).rejects.toThrow(/^cut off, as the emulator stops$/)
  })
})

describe('events are sent to this machine, and to the hosts that were allowed', () => {
  const refused = 'its host is not this machine, nor one of the hosts that events may be sent to'

  test.each([
    'http://192.0.2.1/',
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://0.0.0.0/',
    'http://3232235521/',
    'http://[2001:db8::1]/',
    'http://[::ffff:192.0.2.1]/',
    // the metadata of a machine at Alibaba Cloud, and ways to write such an address
    'http://100.100.100.200/latest/meta-data',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://169.254.43518/',
    'http://%31%36%39.254.169.254/',
    'http://１６９.254.169.254/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[::a9fe:a9fe]/',
    'http://[::]/',
    'http://[fe80::1]/',
    'http://127.0.0.1@192.0.2.1/',
    'http://192.0.2.1#@127.0.0.1/',
    'http://192.0.2.1\\@127.0.0.1/',
  ])('%s is refused when it is compiled', (endpoint) => {
    expect(() => deliver(endpoint)).toThrow(refused)
  })

  test.each<[string, string[]]>([
    ['http://192.0.2.1/', ['192.0.2.1']],
    ['http://[2001:db8::1]:8080/', ['2001:db8::1']],
    ['http://Intranet.example/', ['intranet.example']],
  ])('%s is taken when %j are allowed', (endpoint, allowedHosts) => {
    const compile = () => compileHttpTarget('http', endpoint, [body], { invoke: async () => ({}), allowedHosts })
    expect(compile).not.toThrow()
  })

  test('localhost, and a name that leads to this machine', async () => {
    expect(await deliver(here().replace('127.0.0.1', 'localhost'))).toEqual({ answer: 'HTTP 200' })
    resolveTo('127.0.0.1')
    expect(await deliver(here().replace('127.0.0.1', 'app.test'))).toEqual({ answer: 'HTTP 200' })
  })

  test.each([['192.0.2.1'], ['127.0.0.1', '192.0.2.1'], ['::ffff:192.0.2.1']])(
    'a name that leads to %s is refused',
    async (...addresses) => {
      resolveTo(...addresses)
      await expect(deliver(here().replace('127.0.0.1', 'app.test'))).rejects.toThrow(refused)
      expect(received).toEqual([])
    },
  )

  test('a name that is allowed is not looked at', async () => {
    // it leads here, but the guard does not take it for this machine
    resolveTo('0.0.0.0')
    const endpoint = here().replace('127.0.0.1', 'app.test')
    await expect(deliver(endpoint)).rejects.toThrow(refused)
    expect(await deliver(endpoint, { allowedHosts: ['app.test'] })).toEqual({ answer: 'HTTP 200' })
  })

  function resolveTo(...addresses: string[]): void {
    const list = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    jest
      .spyOn(dns, 'lookup')
      .mockImplementation(((_: string, __: object, callback: (...found: unknown[]) => void) =>
        callback(null, list)) as unknown as typeof dns.lookup)
  }
})
