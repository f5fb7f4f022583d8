import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { register, StreamRefused } from '../../../../cli/listen/register'
import { systemClock } from '../../../../shared/clock'
import { createExchange } from '../../../../shared/dingtalk/directory/exchange'
import { readBody } from '../../../../shared/readBody'

const app = { appKey: 'dingabcdefgh', appSecret: 's-e-c-r-e-t' }
const exchange = createExchange(systemClock)
let answer = { status: 200, text: '' }
let asked: { method: string | undefined; url: string | undefined; body: unknown }[] = []
let gateway: http.Server
let endpoint: string

beforeAll(async () => {
  gateway = http.createServer(async (req, res) => {
    const body = JSON.parse(String(await readBody(req, 10_000)))
    asked.push({ method: req.method, url: req.url, body })
    res.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text)
  })
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
})
beforeEach(() => {
  asked = []
})
afterAll(() => {
  exchange.close()
  gateway.close()
})

const ask = (status: number, body: unknown, place = endpoint) => {
  answer = { status, text: typeof body === 'string' ? body : JSON.stringify(body) }
  return register({ ...app, endpoint: place }, exchange)
}
const WSS = 'wss://wss-open-connection.dingtalk.com:443/connect'

test('asks for all events, and gives the address with the ticket in it', async () => {
  const url = await ask(200, { endpoint: WSS, ticket: 'a+b/c=&d' }, `${endpoint}/`)
  expect(url.href).toBe('wss://wss-open-connection.dingtalk.com/connect?ticket=a%2Bb%2Fc%3D%26d')
  expect(asked).toEqual([
    {
      method: 'POST',
      url: '/v1.0/gateway/connections/open',
      body: {
        clientId: app.appKey,
        clientSecret: app.appSecret,
        subscriptions: [{ type: 'EVENT', topic: '*' }],
        ua: 'listen',
      },
    },
  ])
})

const denied = { requestid: 'E6', code: 'authFailed', message: `鉴权失败 ${app.appSecret}` }
const keys = /^DingTalk’s gateway refuses .*DINGTALK_APP_KEY or DINGTALK_APP_SECRET is wrong\. .*凭证与基础信息/
const mode = /^DingTalk’s gateway refuses .*published, and takes its events by Stream .*Stream 模式推送/
const page = '<html><body>s-e-c-r-e-t</body></html>'

test.each<[string, number, unknown, RegExp, 'final' | 'passing']>([
  ['wrong keys', 401, denied, keys, 'final'],
  ['wrong keys, by another status', 400, { ...denied, code: 'invalidClientIdOrSecret' }, keys, 'final'],
  ['401 without a code', 401, {}, keys, 'final'],
  ['400', 400, { code: 'InvalidParameter', message: 'x' }, mode, 'final'],
  ['403', 403, { code: 'Forbidden.NotAllowed', message: 'x' }, mode, 'final'],
  ['404', 404, { code: 'InvalidAction.NotFound', message: 'x' }, mode, 'final'],
  ['an address that is not allowed', 403, { code: 'Forbidden.AccessDenied.IpNotInWhiteList' }, /服务器出口IP/, 'final'],
  ['too many calls', 429, {}, /\(429\): too many calls\.$/, 'passing'],
  ['its limit', 403, { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' }, /: too many calls\.$/, 'passing'],
  ['500', 500, { code: 'ServiceUnavailable' }, /\(500 ServiceUnavailable\)\.$/, 'passing'],
  ['a code that is text', 500, { code: `secret ${app.appSecret}` }, /connection \(500\)\.$/, 'passing'],
  ['a code that is none', 500, { code: { a: 1 } }, /connection \(500\)\.$/, 'passing'],
  ['a page', 200, page, /not where to connect/, 'passing'],
  ['a page with 403', 403, page, /^403 and no JSON, which is not DingTalk’s gateway: a proxy,/, 'passing'],
  ['a page with 502', 502, page, /^502 and no JSON/, 'passing'],
  ['no ticket', 200, { endpoint: WSS }, /not where to connect/, 'passing'],
  ['an empty ticket', 200, { endpoint: WSS, ticket: '' }, /not where to connect/, 'passing'],
  ['a ticket that is no text', 200, { endpoint: WSS, ticket: 1 }, /not where to connect/, 'passing'],
  ['no address', 200, { ticket: 't' }, /not where to connect/, 'passing'],
  ['an address that is none', 200, { endpoint: 'nowhere', ticket: 't' }, /not where to connect/, 'passing'],
  ['an address in plain text', 200, { endpoint: 'ws://example.org/', ticket: 't' }, /not where to connect/, 'passing'],
  ['an address of the web', 200, { endpoint: 'https://example.org/', ticket: 't' }, /not where to connect/, 'passing'],
  ['a list', 200, [], /not where to connect/, 'passing'],
  ['null', 200, 'null', /not where to connect/, 'passing'],
])('refused by %s', async (_, status, body, message, kind) => {
  const error = await ask(status, body).catch((thrown: unknown) => thrown as StreamRefused)
  expect(error).toBeInstanceOf(StreamRefused)
  expect(error).toMatchObject({ message: expect.stringMatching(message), isFinal: kind === 'final' })
  expect(String(error)).not.toMatch(/s-e-c-r-e-t|dingabc|ticket=/)
})

test('where nobody answers', async () => {
  const gone = http.createServer()
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
  const { port } = gone.address() as AddressInfo
  await new Promise((resolve) => gone.close(resolve))
  await expect(ask(200, {}, `http://127.0.0.1:${port}`)).rejects.toMatchObject({
    name: 'StreamRefused',
    message: `No answer from 127.0.0.1:${port} (ECONNREFUSED).`,
    isFinal: false,
  })
})

test('a gateway that goes on in another protocol has not answered', async () => {
  const switching = net.createServer((socket) => {
    socket.once('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    )
  })
  await new Promise<void>((resolve) => switching.listen(0, '127.0.0.1', resolve))
  const { port } = switching.address() as AddressInfo
  await expect(register({ ...app, endpoint: `http://127.0.0.1:${port}` }, exchange)).rejects.toThrow(/Http101/)
  switching.close()
})
