import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inspect } from 'node:util'
import { type FcRequest, type HttpListener, mountHttp } from '../../../shared/fc/mountHttp'
import type { FcHttpEvent } from '../../../shared/fc/types'

const context = {
  requestId: '1-64f6cd87-0001',
  credentials: { accessKeyId: 'STS.id', accessKeySecret: 'sts-secret', securityToken: 'sts-token' },
  function: { name: 'dingtalk-webhook', handler: 'index.handler', memory: 128, timeout: 10 },
  region: 'cn-hangzhou',
  accountId: '123456789012',
}

const event: FcHttpEvent = {
  version: 'v1',
  rawPath: '/webhook/putEvents',
  body: '',
  isBase64Encoded: false,
  headers: { 'Content-Type': 'application/json', Host: 'a.example,a.example' },
  queryParameters: {},
  requestContext: {
    accountId: '123456789012',
    domainName: 'hook.cn-hangzhou.fcapp.run',
    domainPrefix: 'hook',
    requestId: '1-64f6cd87-0001',
    time: '2023-09-05T06:41:11Z',
    timeEpoch: '1693896071895',
    http: {
      method: 'POST',
      path: '/webhook/putEvents',
      protocol: 'HTTP/1.1',
      sourceIp: '203.0.113.7',
      userAgent: 'DingTalk',
    },
  },
}

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const withMethod = (method: string) => {
  const { requestContext } = event
  return { ...event, requestContext: { ...requestContext, http: { ...requestContext.http, method } } }
}

const logged: unknown[] = []
const mount = (listener: HttpListener) => mountHttp(listener, { error: (fields) => logged.push(fields) })
const call = (listener: HttpListener, changes: Partial<FcHttpEvent> = {}) =>
  mount(listener)(bytes({ ...event, ...changes }), context)

beforeEach(() => logged.splice(0))

async function readAll(req: FcRequest): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('the request', () => {
  /** What the listener saw. */
  async function seenBy(changes: Partial<FcHttpEvent>): Promise<FcRequest> {
    let seen: FcRequest | undefined
    await call((req, res) => {
      seen = req
      res.end()
    }, changes)
    if (!seen) throw new Error('the listener was not called')
    return seen
  }

  test('has the method, URL, headers and peer that the trigger reports', async () => {
    const queryParameters = { nonce: 'a b&c', names: 'x,y', 名: '值' }
    const { method, url, headers, socket } = await seenBy({ rawPath: '/a%20b/%E4%BA%BA', queryParameters })
    expect(method).toBe('POST')
    expect(url?.split('?')[0]).toBe('/a%20b/%E4%BA%BA')
    expect(Object.fromEntries(new URL(url ?? '', 'http://x').searchParams)).toEqual(queryParameters)
    expect(headers).toEqual({ 'content-type': 'application/json', host: 'a.example,a.example' })
    expect(socket.remoteAddress).toBe('203.0.113.7')
  })

  test.each<[string, Partial<FcHttpEvent>, string]>([
    ['text', { body: '{"name":"小明 👩‍💻"}' }, '{"name":"小明 👩‍💻"}'],
    ['base64', { body: Buffer.from('小明').toString('base64'), isBase64Encoded: true }, '小明'],
    ['text that looks like base64', { body: 'aGk=' }, 'aGk='],
    ['no body', { body: '' }, ''],
  ])('%s arrives as its bytes, as the stream and in req.fc.body', async (_name, changes, expected) => {
    let streamed: Buffer | undefined
    let given: Buffer | undefined
    await call(async (req, res) => {
      given = req.fc.body
      streamed = await readAll(req)
      res.end()
    }, changes)
    expect(streamed).toEqual(Buffer.from(expected))
    expect(given).toEqual(Buffer.from(expected))
  })

  test('base64 of bytes that are not UTF-8 is decoded exactly', async () => {
    const body = Buffer.from([0, 0xff, 0xfe, 0x80, 10])
    const req = await seenBy({ body: body.toString('base64'), isBase64Encoded: true })
    expect(req.fc.body).toEqual(body)
  })

  test('carries the event and the context in req.fc', async () => {
    const req = await seenBy({ body: 'hi' })
    expect(req.fc.event).toEqual({ ...event, body: 'hi' })
    expect(req.fc.context).toBe(context)
  })

  test('holds no credential anywhere but in req.fc.context', async () => {
    const { fc, ...rest } = await seenBy({})
    const headers = (await seenBy({})).headers
    expect(fc.context.credentials?.accessKeySecret).toBe('sts-secret')
    expect(Object.keys(headers)).not.toContain('x-fc-http-context')
    for (const value of [rest, headers]) {
      expect(inspect(value, { depth: Infinity, showHidden: true })).not.toMatch(/sts-secret|sts-token|STS\.id/)
    }
  })

  test('keeps out headers that only the platform may set, whatever their case', async () => {
    const forged = { 'X-Fc-Request-Id': 'forged', 'x-fc-security-token': 'forged', 'X-FC-Account-Id': '1' }
    const { headers } = await seenBy({ headers: { ...forged, 'X-Forwarded-For': '198.51.100.1' } })
    expect(headers).toEqual({ 'x-forwarded-for': '198.51.100.1' })
  })

  test("a client's X-Request-Id stays a header of the client's and is not our request id", async () => {
    const req = await seenBy({ headers: { 'X-Request-Id': 'from-client' } })
    expect(req.headers).toEqual({ 'x-request-id': 'from-client' })
    expect(req.fc.context.requestId).toBe('1-64f6cd87-0001')
  })

  test('absent headers, query, body and base64 flag are empty', async () => {
    const { version, rawPath } = event
    let seen: FcRequest | undefined
    const bare = { version, rawPath, requestContext: { http: { method: 'GET' } } }
    const answer = await mount((req, res) => {
      seen = req
      res.end('ok')
    })(bytes(bare), {})
    expect(answer).toMatchObject({ statusCode: 200, body: 'ok' })
    expect(seen?.headers).toEqual({})
    expect(seen?.url).toBe('/webhook/putEvents')
    expect(seen?.fc.event).toMatchObject({ headers: {}, queryParameters: {}, body: '', isBase64Encoded: false })
  })

  test('null stands for absent, and lists of values are joined', async () => {
    let seen: FcRequest | undefined
    const loose = { ...event, body: null, headers: { Accept: ['a/b', 'c/d'], 'X-None': [] }, queryParameters: null }
    await mount((req, res) => {
      seen = req
      res.end()
    })(bytes(loose), context)
    expect(seen?.headers).toEqual({ accept: 'a/b,c/d', 'x-none': '' })
    expect(seen?.fc.event.queryParameters).toEqual({})
  })
})

describe('the answer', () => {
  const image = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff])

  test.each<[string, (res: ServerResponse) => void, object]>([
    ['end alone', (res) => res.end(), { statusCode: 200, body: '' }],
    ['a string of many bytes a character', (res) => res.end('小明👩‍💻'), { body: '小明👩‍💻', isBase64Encoded: false }],
    ['UTF-8 bytes stay text', (res) => res.end(Buffer.from('小明')), { body: '小明', isBase64Encoded: false }],
    ['other bytes become base64', (res) => res.end(image), { body: image.toString('base64'), isBase64Encoded: true }],
    ['a character split over two writes', splitCharacter, { body: '明', isBase64Encoded: false }],
    ['CRLFs in the body', (res) => res.end('a\r\n\r\nb\r\n'), { body: 'a\r\n\r\nb\r\n' }],
    ['a string in base64', (res) => res.end('5bCP', 'base64'), { body: '小', isBase64Encoded: false }],
    ['a string written in hex', (res) => res.end('!', void res.write('e5b08f', 'hex')), { body: '小!' }],
    ['a string in latin1', (res) => res.end('é', 'latin1'), { body: '6Q==', isBase64Encoded: true }],
    ['a status and a chained writeHead', (res) => res.writeHead(202).end('x'), { statusCode: 202, body: 'x' }],
    ['chunks', chunks(setHeader), { body: '中文一\r\n二cd', isBase64Encoded: false }],
    ['chunks announced by writeHead', chunks(writeHead), { body: '中文一\r\n二cd' }],
    ['chunks announced by appendHeader', chunks(appendHeader), { body: '中文一\r\n二cd' }],
  ])('%s', async (_name, answer, expected) => {
    expect(await call((_req, res) => answer(res))).toMatchObject(expected)
  })

  function splitCharacter(res: ServerResponse) {
    const [first, ...others] = Buffer.from('明')
    res.write(Buffer.from([first ?? 0]))
    res.end(Buffer.from(others))
  }
  function chunks(announce: (res: ServerResponse) => void) {
    return (res: ServerResponse) => {
      announce(res)
      res.write('中文一\r\n')
      res.write('二')
      res.end('cd')
    }
  }
  function setHeader(res: ServerResponse) {
    res.setHeader('Transfer-Encoding', 'chunked')
  }
  function writeHead(res: ServerResponse) {
    res.writeHead(200, { 'X-A': '1', 'Transfer-Encoding': 'chunked' })
  }
  function appendHeader(res: ServerResponse) {
    res.appendHeader('Transfer-Encoding', 'chunked')
  }

  test('has all four fields, single header strings and no framing header', async () => {
    const answer = await call((_req, res) => {
      res.setHeader('Vary', ['Origin', 'Accept'])
      res.setHeader('X-Count', 3)
      res.writeHead(201, { 'Content-Type': 'text/plain', 'Transfer-Encoding': 'chunked' })
      res.end('ok')
    })
    expect(answer).toEqual({
      statusCode: 201,
      headers: { vary: 'Origin, Accept', 'x-count': '3', 'content-type': 'text/plain' },
      isBase64Encoded: false,
      body: 'ok',
    })
  })

  test('HEAD has no body', async () => {
    const answer = await mount((_req, res) => void res.end('not sent'))(bytes(withMethod('HEAD')), context)
    expect(answer).toMatchObject({ statusCode: 200, body: '' })
  })

  test('waits for what an async listener does after res.end()', async () => {
    let finished = false
    await call(async (_req, res) => {
      res.end('ok')
      await nextTurn()
      finished = true
    })
    expect(finished).toBe(true)
  })

  test('waits for res.end() in a callback after the listener has returned', async () => {
    const answer = await call((_req, res) => void setImmediate(() => res.end('later')))
    expect(answer).toMatchObject({ statusCode: 200, body: 'later' })
  })

  test('of two calls under way at once is each its own', async () => {
    const waiting: (() => void)[] = []
    const handle = mount(async (req, res) => {
      res.setHeader('x-path', req.fc.event.rawPath)
      await new Promise<void>((resume) => waiting.push(resume))
      res.end(await readAll(req))
    })
    const first = handle(bytes({ ...event, rawPath: '/1', body: 'one' }), context)
    const second = handle(bytes({ ...event, rawPath: '/2', body: 'two' }), context)
    while (waiting.length < 2) await nextTurn()
    for (const resume of waiting.reverse()) resume()
    expect(await second).toMatchObject({ body: 'two', headers: { 'x-path': '/2' } })
    expect(await first).toMatchObject({ body: 'one', headers: { 'x-path': '/1' } })
  })
})

describe('a listener that fails', () => {
  const secret = new Error('password=hunter2')
  const fixed = {
    statusCode: 500,
    headers: { 'content-type': 'application/json' },
    isBase64Encoded: false,
    body: '{"code":"InternalError","message":"The request could not be handled.","requestId":"1-64f6cd87-0001"}',
  }

  test.each<[string, HttpListener]>([
    ['throws', () => fail(secret)],
    ['throws what is no Error', () => fail('password=hunter2')],
    ['throws undefined', () => fail(undefined)],
    ['rejects at once', () => Promise.reject(secret)],
    ['rejects later', async () => fail(await nextTurn(secret))],
    ['throws after headers were sent', (_req, res) => fail(secret, res.writeHead(200, { 'x-a': '1' }))],
    ['rejects after a part of the body was sent', async (_req, res) => fail(await nextTurn(secret), res.write('part'))],
    ['throws after res.end()', (_req, res) => fail(secret, res.end('done'))],
    ['rejects after res.end()', async (_req, res) => fail(await nextTurn(secret), res.end('done'))],
    ['destroys the response and rejects', async (_req, res) => fail(await nextTurn(secret), res.destroy(secret))],
    ['makes the response emit an error', (_req, res) => void setImmediate(() => res.emit('error', secret))],
    ['ends with an object', (_req, res) => void res.end({ password: 'hunter2' })],
    ['sends headers twice', (_req, res) => void res.writeHead(200).writeHead(201).end()],
  ])('and %s is answered with the fixed 500', async (_name, listener) => {
    expect(await call(listener)).toEqual(fixed)
  })

  function fail(error: unknown, ..._first: unknown[]): never {
    throw error
  }

  test('is logged once, by the kind and place of the error, without its message', async () => {
    await call(() => fail(secret))
    expect(logged).toEqual([
      {
        code: 'InternalError',
        requestId: '1-64f6cd87-0001',
        detail: expect.stringMatching(/^Error at .*:\d+:\d+/),
      },
    ])
  })

  test('and is called without a request id', async () => {
    const answer = await mount(() => fail(secret))(bytes(event), {})
    expect(JSON.parse(answer.body)).toEqual({ ...JSON.parse(fixed.body), requestId: '' })
  })
})

describe('an event that is no HTTP event', () => {
  const { rawPath: _rawPath, ...withoutPath } = event

  test.each<[string, unknown]>([
    ['nothing', ''],
    ['text', 'hello'],
    ['null', 'null'],
    ['a number', '1'],
    ['a list', '[]'],
    ['a CloudEvent', { specversion: '1.0', id: '1', source: 'my.dingtalk', type: 'x' }],
    ['another version', { ...event, version: 'v2' }],
    ['no path', withoutPath],
    ['no request context', { ...event, requestContext: undefined }],
    ['no method', withMethod('')],
    ['a body that is no text', { ...event, body: { a: 1 } }],
    ['headers that are no texts', { ...event, headers: { a: { b: 1 } } }],
    ['headers of lists in lists', { ...event, headers: { a: [['b']] } }],
    ['headers that are a list', { ...event, headers: ['a'] }],
    ['headers that are text', { ...event, headers: 'a: b' }],
    ['a query that is no texts', { ...event, queryParameters: { a: 1 } }],
    ['a query with nothing for a value', { ...event, queryParameters: { a: null } }],
    ['a path that is no text', { ...event, rawPath: 1 }],
    ['a flag that is text', { ...event, isBase64Encoded: 'true' }],
    ['a request id that is no text', { ...event, requestContext: { ...event.requestContext, requestId: 1 } }],
    ['a request context that is a list', { ...event, requestContext: [] }],
    ['nothing of HTTP', { ...event, requestContext: {} }],
  ])('%s is answered 400, which says what was expected', async (_name, rubbish) => {
    let called = false
    const answer = await mount(() => {
      called = true
    })(bytes(rubbish), context)
    expect(called).toBe(false)
    expect(answer).toEqual({
      statusCode: 400,
      headers: { 'content-type': 'application/json' },
      isBase64Encoded: false,
      body: JSON.stringify({
        code: 'InvalidArgument',
        message: 'Expected the event of an HTTP trigger, as JSON of version v1.',
        requestId: '1-64f6cd87-0001',
      }),
    })
  })
})
