import type { IncomingHttpHeaders } from 'node:http'
import { createHttpInvoke } from '../../../../emulator/targets/httpInvoke'
import type { DeliveryResult } from '../../../../emulator/targets/target'
import { startServer, type TestServer } from '../../../support/rawHttp'

/** As Function Compute's gateway answers. */
interface GatewayAnswer {
  status: number
  headers?: Record<string, string>
  body?: string
}

let server: TestServer
let answer: GatewayAnswer
const received: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[] = []

beforeAll(async () => {
  server = await startServer(async (req, res) => {
    const chunks = (await req.toArray()) as Buffer[]
    received.push({ url: req.url, headers: req.headers, body: Buffer.concat(chunks).toString('utf8') })
    res.writeHead(answer.status, answer.headers)
    res.end(answer.body)
  })
})

beforeEach(() => {
  received.length = 0
  answer = { status: 200, body: '{"stored":1}' }
})

afterAll(() => server.close())

function invoke(path: string, functionName = 'f', async = false) {
  const addresses = new Map([['f', new URL(`http://127.0.0.1:${server.port}${path}`)]])
  return createHttpInvoke(addresses, { timeoutMs: 60_000 })(functionName, '{"id":"e"}', { async })
}

test.each([
  ['', '/2023-03-30/functions/f/invocations'],
  ['/', '/2023-03-30/functions/f/invocations'],
  ['/2023-03-30/functions/function/invocations', '/2023-03-30/functions/function/invocations'],
  ['/invoke?x=1', '/invoke?x=1'],
])('an address with the path %j is called at %s', async (path, url) => {
  expect(await invoke(path)).toEqual({ answer: '{"stored":1}' })
  expect(received).toMatchObject([{ url, body: '{"id":"e"}', headers: { 'x-fc-invocation-type': 'Sync' } }])
})

test('an asynchronous invocation is delivered once it is accepted', async () => {
  answer = { status: 202 }
  expect(await invoke('/', 'f', true)).toEqual({})
  expect(received).toMatchObject([{ headers: { 'x-fc-invocation-type': 'Async' } }])
})

test.each<[string, GatewayAnswer, DeliveryResult]>([
  [
    'a function that throws',
    {
      status: 200,
      headers: { 'x-fc-error-type': 'UnhandledInvocationError' },
      body: '{"errorMessage":"Duplicate entry 小明 (ER_DUP_ENTRY)","errorType":"Error","stackTrace":["at x"]}',
    },
    {
      error: 'UnhandledInvocationError (ER_DUP_ENTRY)',
      answer: '{"errorMessage":"Duplicate entry 小明 (ER_DUP_ENTRY)","errorType":"Error","stackTrace":["at x"]}',
    },
  ],
  [
    'an error without a body',
    { status: 200, headers: { 'x-fc-error-type': 'FunctionTimeout' }, body: '' },
    { error: 'FunctionTimeout' },
  ],
  [
    'a function that there is not',
    { status: 404, body: '{"Code":"FunctionNotFound","Message":"about 小明","RequestId":"r"}' },
    { error: 'HTTP 404 FunctionNotFound' },
  ],
  ['a proxy in between', { status: 502, body: '<html>' }, { error: 'HTTP 502' }],
  ['a redirect', { status: 302, headers: { location: '/' } }, { error: 'HTTP 302' }],
  ['an answer without a body', { status: 200 }, {}],
])('%s', async (_, given, result) => {
  answer = given
  expect(await invoke('/')).toEqual(result)
})

test('a function without an address', async () => {
  expect(await invoke('/', 'g')).toEqual({ error: 'no address is given for the function g' })
  expect(received).toEqual([])
})
