import type { FunctionHost, InvokeResult } from '../../../local/functionHost/functionHost'
import { createInvokeApi } from '../../../local/invokeApi'
import { startServer, type TestServer } from '../../support/rawHttp'

const MAX_BODY_BYTES = 1000
const invoked: { event: Buffer; requestId: string }[] = []
let answerWith: () => Promise<InvokeResult>
let server: TestServer

beforeAll(async () => {
  const host: Pick<FunctionHost, 'invoke'> = {
    invoke(event, requestId) {
      invoked.push({ event, requestId })
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
