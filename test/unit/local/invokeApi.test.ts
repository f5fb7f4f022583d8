import type { FunctionHost, InvokeResult } from '../../../local/functionHost/functionHost'
import { createInvokeApi } from '../../../local/gateway/invokeApi'
import { startServer, type TestServer } from '../../support/rawHttp'
import { waitFor } from '../../support/waitFor'

const MAX_BODY_BYTES = 200_000
const MAX_ASYNC_BODY_BYTES = 131_072
const invoked: { event: Buffer; requestId: string }[] = []
let answerWith: () => Promise<InvokeResult>
let server: TestServer

beforeAll(async () => {
  const host: Pick<FunctionHost, 'invoke'> = {
    invoke(event, requestId, options) {
      invoked.push({ event, requestId })
      options?.onLine?.('小明')
      options?.onUsage?.({ durationMs: 2.1, memoryMb: 9.204 })
      return answerWith()
    },
  }
  const invokeApi = createInvokeApi(new Map([['dingtalk-employees', host]]), { maxBodyBytes: MAX_BODY_BYTES })
  server = await startServer((req, res) => void invokeApi(req, res))
})
afterAll(() => server.close())
beforeEach(() => {
  invoked.length = 0
  answerWith = () => Promise.resolve({ body: Buffer.from('{"stored":1}') })
})

const PATH = '/2023-03-30/functions/dingtalk-employees/invocations'
const call = (path: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST', ...init })

test("invokes the function with the body's bytes, and answers with the bytes of its result", async () => {
  const bytes = Buffer.from([0, 0xff, 0x80])
  answerWith = () => Promise.resolve({ body: bytes })
  const answer = await call(PATH, { body: bytes })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/octet-stream')
  expect(answer.headers.has('x-fc-error-type')).toBe(false)
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes)
  expect(invoked).toEqual([{ event: bytes, requestId: answer.headers.get('x-fc-request-id') }])
})

test.each([
  ['no body', undefined, undefined],
  ['JSON', '{}', 'application/json'],
  ['text', 'hello', 'text/plain'],
  ['a form', 'a=1', 'application/x-www-form-urlencoded'],
  ['something unheard of', 'x', 'x/y; z'],
])('%s is an event', async (_name, body, contentType) => {
  const headers = contentType === undefined ? {} : { 'content-type': contentType }
  const answer = await call(PATH, { headers, ...(body !== undefined && { body }) })
  expect(answer.status).toBe(200)
  expect(invoked.map(({ event }) => event.toString())).toEqual([body ?? ''])
})

test('a query, such as a qualifier, changes nothing', async () => {
  expect((await call(`${PATH}?qualifier=LATEST`)).status).toBe(200)
})

test.each(['UnhandledInvocationError', 'InitializationError'] as const)(
  'an %s is 200 with a header',
  async (errorType) => {
    const error = { errorMessage: 'oops', errorType: 'Error', stackTrace: ['Error: oops'] }
    answerWith = () => Promise.resolve({ body: Buffer.from(JSON.stringify(error)), errorType })
    const answer = await call(PATH)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-fc-error-type')).toBe(errorType)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(await answer.json()).toEqual(error)
  },
)

describe('refuses, in words of its own', () => {
  test.each<[string, string, RequestInit, number, string]>([
    ['an unknown function', '/2023-03-30/functions/nobody/invocations', {}, 404, 'FunctionNotFound'],
    ['a name that every object has', '/2023-03-30/functions/constructor/invocations', {}, 404, 'FunctionNotFound'],
    ['another path', '/2023-03-30/functions/dingtalk-employees', {}, 404, 'PathNotSupported'],
    ['a longer path', `${PATH}/1`, {}, 404, 'PathNotSupported'],
    ['another method', PATH, { method: 'GET' }, 405, 'MethodNotAllowed'],
    ['an event over the limit', PATH, { body: 'x'.repeat(MAX_BODY_BYTES + 1) }, 413, 'PayloadTooLarge'],
  ])('%s', async (_name, path, init, status, code) => {
    const answer = await call(path, init)
    const requestId = answer.headers.get('x-fc-request-id')
    expect(requestId).toMatch(/^1-[0-9a-f]{8}-/)
    expect(answer.status).toBe(status)
    expect(await answer.json()).toEqual({ Code: code, Message: expect.any(String), RequestId: requestId })
    expect(invoked).toEqual([])
  })

  test('any event while the host is stopping', async () => {
    answerWith = () => Promise.reject(new Error('stopping'))
    const answer = await call(PATH)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ Code: 'ServiceUnavailable' })
  })
})

test('an event of just the limit is taken', async () => {
  expect((await call(PATH, { body: 'x'.repeat(MAX_BODY_BYTES) })).status).toBe(200)
})

test('the answer says what the request took', async () => {
  const { headers } = await call(PATH)
  expect(headers.get('x-fc-invocation-duration')).toBe('3')
  expect(headers.get('x-fc-max-memory-usage')).toBe('9.20')
})

test.each([
  ['Tail', true],
  ['tail', true],
  ['None', false],
  ['', false],
])('with x-fc-log-type "%s" the log comes: %s', async (logType, comes) => {
  const { headers } = await call(PATH, { headers: { 'x-fc-log-type': logType } })
  const id = headers.get('x-fc-request-id')
  const log = Buffer.from(headers.get('x-fc-log-result') ?? '', 'base64').toString()
  expect(log).toBe(comes ? `FC Invoke Start RequestId: ${id}\n小明\nFC Invoke End RequestId: ${id}\n` : '')
})

describe('an asynchronous invocation', () => {
  const asynchronous = { headers: { 'X-Fc-Invocation-Type': 'Async' } }
  const failure: InvokeResult = { body: Buffer.from('{}'), errorType: 'UnhandledInvocationError' }

  test('is answered 202 before the function has done anything, with nothing but the request id', async () => {
    let finish: (result: InvokeResult) => void = () => {}
    answerWith = () => new Promise((resolve) => (finish = resolve))
    const answer = await call(PATH, { ...asynchronous, body: '{}' })
    expect([answer.status, await answer.text()]).toEqual([202, ''])
    expect(answer.headers.has('x-fc-invocation-duration')).toBe(false)
    expect(invoked).toEqual([{ event: Buffer.from('{}'), requestId: answer.headers.get('x-fc-request-id') }])
    finish({ body: Buffer.from('late') })
  })

  test('that fails is tried three times more, with the same event and id', async () => {
    answerWith = () => Promise.resolve(failure)
    await call(PATH, { ...asynchronous, body: '{}' })
    await waitFor(() => invoked.length === 4)
    // a fifth would come before the answer to a request that is made now
    await call(PATH)
    expect(invoked).toHaveLength(5)
    expect(new Set(invoked.slice(0, 4).map(({ requestId }) => requestId)).size).toBe(1)
  })

  test('is not tried again once it succeeds', async () => {
    const results = [failure, { body: Buffer.from('done') }]
    answerWith = () => Promise.resolve(results.shift() ?? failure)
    await call(PATH, asynchronous)
    await waitFor(() => results.length === 0)
    await call(PATH)
    expect(invoked).toHaveLength(3)
  })

  test('of a host that is stopping harms nothing', async () => {
    answerWith = () => Promise.reject(new Error('stopping'))
    expect((await call(PATH, asynchronous)).status).toBe(202)
  })

  test.each<[string, string, RequestInit, number]>([
    ['an unknown function', '/2023-03-30/functions/nobody/invocations', {}, 404],
    ['an event over 128 KB', PATH, { body: 'x'.repeat(MAX_ASYNC_BODY_BYTES + 1) }, 413],
  ])('of %s is refused', async (_name, path, init, status) => {
    expect((await call(path, { ...asynchronous, ...init })).status).toBe(status)
    expect(invoked).toEqual([])
  })

  test('of an event of just 128 KB is taken', async () => {
    expect((await call(PATH, { ...asynchronous, body: 'x'.repeat(MAX_ASYNC_BODY_BYTES) })).status).toBe(202)
  })
})
