import http from 'node:http'
import { doorOf } from '../../../emulator'
import { serve } from '../../../emulator/standalone/server'
import { listen, type Origin } from '../../../local/gateway/origin'
import { freePort } from '../../../shared/freePort'
import { UserError } from '../../../shared/userError'

let port: number
let origin: Origin

const door = (name: string) => (_: http.IncomingMessage, res: http.ServerResponse) => {
  res.end(name)
  return Promise.resolve()
}

const hint = (other: number) => `PORT=${other} npm start`
const eventBridge = {
  openApi: door('openApi'),
  popApi: door('pop'),
  queueApi: door('queues'),
  certificate: door('certificate'),
  tracePage: door('trace'),
  endStreams() {},
}

const doors = {
  eventBridge: (req: http.IncomingMessage) => doorOf(eventBridge, req),
  webhook: door('webhook'),
  invoke: door('invoke'),
  robot: door('robot'),
  organisation: door('organisation'),
  dingtalk: door('dingtalk'),
}

beforeAll(async () => {
  port = await freePort()
  origin = await listen(port, 'tunnel.example.org', hint)
  expect(await get('/')).toEqual([503, expect.stringContaining('Starting')])
  origin.open(doors)
})

afterAll(() => origin.close())

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () => resolve([response.statusCode ?? 0, body]))
    })
    request.on('error', reject)
    request.end()
  })
}

test.each([
  ['/', 200, 'trace'],
  ['/?x=1', 200, 'trace'],
  ['/?Action=ListEventBuses', 200, 'pop'],
  ['/trace/events?state=dead', 200, 'trace'],
  ['/webhook/putEvents?token=x', 200, 'webhook'],
  ['/webhook/other', 200, 'webhook'],
  ['/dingtalk/oapi/gettoken?appkey=x', 200, 'dingtalk'],
  ['/openapi/putEvents', 200, 'openApi'],
  ['/queues/hr-events/messages?waitseconds=1', 200, 'queues'],
  ['/x509_public_certificate_20260101_1a2b3c4d.pem', 200, 'certificate'],
  ['/openapi/v2/createEventSource', 200, 'openApi'],
  ['/2023-03-30/functions/x/invocations', 200, 'invoke'],
  ['/webhook/../openapi/putEvents', 200, 'webhook'],
  ['/webhook', 404, 'NotFound'],
  ['/favicon.ico', 404, 'NotFound'],
  ['/openapi', 404, 'NotFound'],
])('%s: %i %s', async (path, status, body) => {
  expect(await get(path)).toEqual([status, expect.stringContaining(body)])
})

test.each<[what: string, method: string, path: string, headers: Record<string, string>, body: object | RegExp]>([
  ['the old API', 'POST', '/putEvents', { 'x-eventbridge-version': '2015-06-06' }, { code: 'InvalidAction.NotFound' }],
  ['signed as the old API', 'POST', '/x/y', { authorization: 'acs:AKID:x' }, { code: 'InvalidAction.NotFound' }],
  ['the old API by its path', 'POST', '/openapi', {}, { code: 'InvalidAction.NotFound' }],
  ['the new API', 'POST', '/v1', { 'x-acs-action': 'ListRules' }, { Code: 'InvalidAction.NotFound' }],
  [
    'signed as the new API',
    'POST',
    '/v1',
    { authorization: 'ACS3-HMAC-SHA256 Credential=x' },
    { Code: 'InvalidAction.NotFound' },
  ],
  ['the new API by its query', 'GET', '/v1?Action=ListRules', {}, { Code: 'InvalidAction.NotFound' }],
  ['Function Compute', 'POST', '/2023-03-30/services', {}, { Code: 'InvalidAction.NotFound' }],
  ['queues', 'GET', '/topics/t', { 'x-mns-version': '2015-06-06' }, /<Code>InvalidRequestURL<.Code>/],
  ['anything', 'POST', '/nowhere', {}, { code: 'NotFound', message: expect.stringContaining('Events go to') }],
  ['a browser', 'GET', '/nowhere', { accept: 'text/html,*/*' }, { code: 'NotFound' }],
])('an unknown path, as asked by %s', async (_, method, path, headers, expected) => {
  const [status, body] = await get(path, headers, method)
  expect(status).toBe(404)
  if (expected instanceof RegExp) return expect(body).toMatch(expected)
  const parsed = JSON.parse(body)
  expect(parsed).toMatchObject(expected)
  expect(parsed.requestId ?? parsed.RequestId).toMatch(/^[0-9A-F-]{36}$/)
})

test.each<[what: string, method: string, path: string, headers: Record<string, string>, answers: string]>([
  ['a browser', 'GET', '/', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, 'trace'],
  ['curl', 'GET', '/', { accept: '*/*' }, 'trace'],
  ['a head', 'GET', '/?lang=zh', {}, 'trace'],
  ['a POST', 'POST', '/', {}, 'pop'],
  ['a PUT', 'PUT', '/', {}, 'pop'],
  ['a GET that asks for JSON', 'GET', '/', { accept: 'application/json' }, 'pop'],
  ['a GET without an Action', 'GET', '/?Version=2020-04-01&AccessKeyId=x', {}, 'pop'],
  ['a GET that is signed', 'GET', '/', { authorization: 'ACS3-HMAC-SHA256 Credential=x' }, 'pop'],
])('at /: %s', async (_, method, path, headers, answers) => {
  expect(await get(path, headers, method)).toEqual([200, answers])
})

test('where the embedded EventBridge runs by itself there are no functions', async () => {
  const alone = await serve(eventBridge, { port: 0 })
  expect(alone.url).toBe(`http://127.0.0.1:${alone.port}`)
  const statuses = ['/', '/openapi/putEvents', '/webhook/putEvents', '/2023-03-30/functions/x/invocations'].map(
    async (path) => (await fetch(alone.url + path)).status,
  )
  expect(await Promise.all(statuses)).toEqual([200, 200, 404, 404])
  await alone.close()
})

test.each<[string, Record<string, string>, number]>([
  ['another host name', { host: 'attacker.example' }, 403],
  ['our own', { host: 'localhost:PORT' }, 200],
])('%s: %i', async (_, headers, status) => {
  const host = headers['host']?.replace('PORT', String(port)) ?? ''
  expect((await get('/', { host }))[0]).toBe(status)
})

test('a trace page that cannot be made, as with a damaged store, is a 500 and not the end', async () => {
  const error = jest.spyOn(console, 'error').mockImplementation(() => {})
  const other = await freePort()
  const broken = await listen(other, undefined, hint)
  const tracePage = () => {
    throw new Error('database disk image is malformed')
  }
  broken.open({ ...doors, eventBridge: (req) => doorOf({ ...eventBridge, tracePage }, req) })
  expect((await fetch(`${broken.url}/`)).status).toBe(500)
  expect(error).toHaveBeenCalledWith(expect.objectContaining({ message: 'database disk image is malformed' }))
  error.mockRestore()
  await broken.close()
})

test('a port in use is one line that says what to do', async () => {
  await expect(listen(port, undefined, hint)).rejects.toThrow(UserError)
  await expect(listen(port, undefined, hint)).rejects.toThrow(
    `Port ${port} is in use. Stop what uses it, or choose another: PORT=${port + 1} npm start`,
  )
})

describe('no page of another origin gets to any door, and nothing of a path leads to another one', () => {
  const DOORS = [
    '/',
    '/?Action=DeleteRule',
    '/trace/events',
    '/openapi/putEvents',
    '/queues/q/messages',
    '/webhook/putEvents',
    '/2023-03-30/functions/x/invocations',
    '/dingtalk/oapi/gettoken',
    '/dingtalk/control',
    '/dingtalk/robot/send',
    '/organisation/figures',
    '/x509_public_certificate_1.pem',
    '/nowhere',
  ]
  const FOREIGN: Record<string, string>[] = [
    { host: 'attacker.example' },
    { host: '127.0.0.1.attacker.example:PORT' },
    { host: 'tunnel.example.org.attacker.example' },
    { origin: 'https://attacker.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3000' },
    { origin: 'http://127.0.0.1:PORT.attacker.example' },
    { origin: 'http://127.0.0.1:PORT@attacker.example' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
  ]
  test.each(DOORS)('%s', async (path) => {
    for (const foreign of FOREIGN) {
      const headers = Object.entries(foreign).map(([name, value]) => [name, value.replace('PORT', String(port))])
      for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE']) {
        expect([foreign, method, (await get(path, Object.fromEntries(headers), method))[0]]).toEqual([
          foreign,
          method,
          403,
        ])
      }
    }
  })

  test.each([
    '/webhook/%2e%2e/openapi/putEvents',
    '/webhook/..%2fopenapi/putEvents',
    '/webhook/..;/openapi/putEvents',
    '/webhook//openapi/putEvents',
    '/webhook/\\..\\openapi',
    '/webhook/x?/../../openapi/putEvents',
    '/webhook/x#/../openapi',
  ])('the tunnel to %s is the webhook', async (path) => {
    expect(await get(path, { host: 'tunnel.example.org' }, 'POST')).toEqual([200, 'webhook'])
  })

  test.each([
    '/Webhook/putEvents',
    '//webhook/putEvents',
    '/./webhook/putEvents',
    '/%77ebhook/putEvents',
    '/openapi/../webhook/putEvents',
    '/?x=/webhook/',
    'http://tunnel.example.org/webhook/putEvents',
  ])('the tunnel to %s is refused', async (path) => {
    expect((await get(path, { host: 'tunnel.example.org' }, 'POST'))[0]).toBe(403)
  })

  test.each([
    '/trace/../../../../etc/passwd',
    '/trace/%2e%2e/%2e%2e/etc/passwd',
    '/trace/..%5c..%5cetc/passwd',
    '/trace/....//etc/passwd',
    '/trace/%00',
  ])('%s is a question to the trace page as it was sent, and no file', async (path) => {
    expect(await get(path)).toEqual([200, 'trace'])
  })
})
