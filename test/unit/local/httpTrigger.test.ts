import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import type { InvokeResult } from '../../../local/functionHost/functionHost'
import { createHttpTrigger, toHttpEvent } from '../../../local/gateway/httpTrigger'
import type { FcHttpEvent } from '../../../shared/fc/types'
import { type RawAnswer, sendRaw, startServer, type TestServer } from '../../support/rawHttp'

const OK: InvokeResult = { body: Buffer.from('{"statusCode":200}') }
const MAX_BODY_BYTES = 1000

const invoked: { event: FcHttpEvent; requestId: string }[] = []
let answerWith: () => Promise<InvokeResult>
let server: TestServer

beforeAll(async () => {
  const trigger = createHttpTrigger({
    host: {
      invoke(event, requestId) {
        invoked.push({ event: JSON.parse(event.toString()), requestId })
        return answerWith()
      },
    },
    accountId: '123456789012',
    region: 'cn-hangzhou',
    maxBodyBytes: MAX_BODY_BYTES,
    now: () => new Date('2023-09-05T06:41:11.895Z'),
  })
  server = await startServer((req, res) => void trigger(req, res))
})
afterAll(() => server.close())
beforeEach(() => {
  invoked.length = 0
  answerWith = () => Promise.resolve(OK)
})

/** Sends a request of these lines; `Host` and `Connection: close` are added. */
function request(line: string, headers: (string | Buffer)[] = [], body: string | Buffer = '') {
  const fields = headers.flatMap((header) => [header, '\r\n'])
  const length = body.length > 0 ? `Content-Length: ${Buffer.byteLength(body)}\r\n` : ''
  return sendRaw(server.port, `${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n`, ...fields, length, '\r\n', body)
}

function theEvent(): FcHttpEvent {
  expect(invoked).toHaveLength(1)
  const [first] = invoked
  if (!first) throw new Error('not invoked')
  return first.event
}

describe('the event', () => {
  test('says everything about the request', async () => {
    const body = '{"name":"小明"}'
    const headers = ['Content-Type: application/json', 'User-Agent: DingTalk/1.0']
    await request('POST /webhook/putEvents?signature=a%2Bb&nonce=1', headers, body)
    expect(theEvent()).toEqual({
      version: 'v1',
      rawPath: '/webhook/putEvents',
      body,
      isBase64Encoded: false,
      headers: {
        Host: 'a',
        Connection: 'close',
        'Content-Type': 'application/json',
        'User-Agent': 'DingTalk/1.0',
        'Content-Length': '17',
      },
      queryParameters: { signature: 'a+b', nonce: '1' },
      requestContext: {
        accountId: '123456789012',
        domainName: 'local.cn-hangzhou.fcapp.run',
        domainPrefix: 'local',
        requestId: expect.stringMatching(/^1-64f6cd87-[0-9a-f]{6}-[0-9a-f]{12}$/),
        time: '2023-09-05T06:41:11.895Z',
        timeEpoch: '1693896071895',
        http: {
          method: 'POST',
          path: '/webhook/putEvents',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'DingTalk/1.0',
        },
      },
    })
  })

  test.each<[string, (string | Buffer)[], Record<string, string>]>([
    ['in any case become canonical', ['x-DDPAAS-sign: s', 'aCCEPT: */*'], { 'X-Ddpaas-Sign': 's', Accept: '*/*' }],
    ['that repeat are joined in order', ['X-A: 1', 'Accept: b', 'x-a: 2'], { 'X-A': '1,2', Accept: 'b' }],
    ['that Node would drop are joined', ['Referer: a', 'Referer: b'], { Referer: 'a,b' }],
    ['with UTF-8 are read as such', ['X-Name: 小明'], { 'X-Name': '小明' }],
    ['with other bytes have them replaced', [Buffer.from([88, 58, 255])], { X: '\ufffd' }],
    ['named like a part of every object are nothing special', ['__proto__: x'], JSON.parse('{"__proto__":"x"}')],
  ])('headers %s', async (_name, lines, expected) => {
    await request('GET /', lines)
    const { Host, Connection, ...headers } = theEvent().headers
    expect({ Host, Connection }).toEqual({ Host: 'a', Connection: 'close' })
    expect(Object.entries(headers)).toEqual(Object.entries(expected))
  })

  test('no header changes where the request comes from', async () => {
    await request('GET /', ['X-Forwarded-For: 203.0.113.9', 'X-Real-Ip: 203.0.113.9', 'Forwarded: for=203.0.113.9'])
    expect(theEvent().requestContext.http.sourceIp).toBe('127.0.0.1')
  })

  test.each<[string, Record<string, string>]>([
    ['', {}],
    ['?', {}],
    ['?a=1&b=2', { a: '1', b: '2' }],
    ['?a=x&b=1&a=y', { a: 'x,y', b: '1' }],
    ['?a=x,y', { a: 'x,y' }],
    ['?a=%E5%B0%8F+%26', { a: '小 &' }],
    ['?a&b=', { a: '', b: '' }],
    ['?a=1?b=2', { a: '1?b=2' }],
    ['?a=%ZZ&b=%FF', { a: '%ZZ', b: '\ufffd' }],
  ])('query %p becomes %p', async (query, expected) => {
    await request(`GET /x${query}`)
    expect(theEvent().queryParameters).toEqual(expected)
    expect(theEvent().rawPath).toBe('/x')
  })

  test.each([
    ['/webhook/putEvents', '/webhook/putEvents'],
    ['/a%20b/%E4%BA%BA', '/a b/人'],
    ['/a+b', '/a+b'],
    ['/a/../b//c', '/a/../b//c'],
    ['/%ZZ', '/%ZZ'],
  ])('path %s is kept as sent, and decoded: %s', async (rawPath, path) => {
    await request(`GET ${rawPath}`)
    expect(theEvent().rawPath).toBe(rawPath)
    expect(theEvent().requestContext.http.path).toBe(path)
  })

  const notUtf8 = Buffer.from([0x7b, 0xff, 0x7d])
  test.each<[string, string | Buffer, boolean]>([
    ['Content-Type: application/json', '{"a":"小明"}', false],
    ['Content-Type: application/json;charset=utf-8', '{}', false],
    ['Content-Type: APPLICATION/JSON', '{}', false],
    ['Content-Type: application/cloudevents+json', '{}', false],
    ['Content-Type: text/plain', 'hello\r\n', false],
    ['Content-Type: application/x-www-form-urlencoded', 'a=1', false],
    ['Content-Type: application/xml', '<a/>', false],
    ['Content-Type: application/octet-stream', 'hello', true],
    ['Content-Type: image/png', Buffer.from([0x89, 0x50]), true],
    ['Content-Type: application/jsonp', '{}', true],
    ['X-No: content type', 'hello', true],
    ['Content-Type: application/json', notUtf8, true],
    ['Content-Type: text/plain', Buffer.from('é', 'latin1'), true],
  ])('%s with body %p: base64 is %p', async (header, body, isBase64Encoded) => {
    await request('POST /', [header], body)
    expect(theEvent().isBase64Encoded).toBe(isBase64Encoded)
    expect(Buffer.from(theEvent().body, isBase64Encoded ? 'base64' : 'utf8')).toEqual(Buffer.from(body))
  })

  test('of a request without a body has an empty text', async () => {
    await request('GET /')
    expect(theEvent()).toMatchObject({ body: '', isBase64Encoded: false })
  })

  test('of a chunked body has it whole', async () => {
    await request('POST /', [
      'Content-Type: text/plain',
      'Transfer-Encoding: chunked',
      '',
      '3\r\nabc\r\n2\r\nde\r\n0\r\n',
    ])
    expect(theEvent().body).toBe('abcde')
  })

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s reaches the function', async (method) => {
    await request(`${method} /`)
    expect(theEvent().requestContext.http.method).toBe(method)
  })

  test('HTTP/1.0 is named', async () => {
    await sendRaw(server.port, 'GET / HTTP/1.0\r\n\r\n')
    expect(theEvent().requestContext.http).toMatchObject({ protocol: 'HTTP/1.0', userAgent: '' })
  })

  test("carries the id that the invocation and the answer carry, another for each request, never the client's", async () => {
    const first = await request('GET /', ['X-Fc-Request-Id: forged', 'X-Request-Id: forged'])
    const second = await request('GET /')
    const ids = [first, second].map(({ headers }) => headers['x-fc-request-id'])
    expect(new Set(ids).size).toBe(2)
    expect(invoked.map(({ requestId }) => requestId)).toEqual(ids)
    expect(invoked.map(({ event }) => event.requestContext.requestId)).toEqual(ids)
  })
})

describe('the answer', () => {
  const returns = (result: unknown) => {
    const body = Buffer.from(typeof result === 'string' ? result : JSON.stringify(result))
    answerWith = () => Promise.resolve({ body })
  }

  test('is what the function says', async () => {
    returns({
      statusCode: 201,
      headers: { 'Content-Type': 'text/plain', Allow: 'POST' },
      isBase64Encoded: false,
      body: '小明',
    })
    const answer = await request('GET /')
    expect(answer).toMatchObject({ status: 201, headers: { 'content-type': 'text/plain', allow: 'POST' } })
    expect(answer.headers['content-length']).toBe('6')
    expect(answer.body.toString()).toBe('小明')
  })

  test('of base64 is bytes', async () => {
    const bytes = Buffer.from([0, 0xff, 0x80])
    returns({ statusCode: 200, isBase64Encoded: true, body: bytes.toString('base64') })
    expect((await request('GET /')).body).toEqual(bytes)
  })

  test('to HEAD has the length, and no body', async () => {
    returns({ statusCode: 405, body: 'not allowed' })
    const { status, headers, body } = await request('HEAD /')
    expect([status, headers['content-length'], body.length]).toEqual([405, '11', 0])
  })

  test.each([204, 304])('%i has neither length nor body', async (statusCode) => {
    returns({ statusCode, body: 'ignored' })
    const { status, headers, body } = await request('GET /')
    expect([status, headers['content-length'], body.length]).toEqual([statusCode, undefined, 0])
  })

  test('has no header that belongs to the connection from the function', async () => {
    const headers = {
      'Content-Length': '1',
      'transfer-encoding': 'chunked',
      Connection: 'upgrade',
      Upgrade: 'x',
      'X-A': 'a',
    }
    returns({ statusCode: 200, headers, body: 'whole' })
    const answer = await request('GET /')
    expect(answer.headers).toMatchObject({ 'content-length': '5', connection: 'close', 'x-a': 'a' })
    expect(answer.headers).not.toHaveProperty('transfer-encoding')
    expect(answer.headers).not.toHaveProperty('upgrade')
    expect(answer.body.toString()).toBe('whole')
  })

  test.each([
    ['an object', '{"name":"小明"}'],
    ['a list', '[1]'],
    ['null', 'null'],
    ['a JSON text', '"text"'],
    ['text', 'hello'],
    ['nothing', ''],
  ])('of a result without a status code, %s, is 200 with that body as JSON', async (_name, result) => {
    returns(result)
    const { status, headers, body } = await request('GET /')
    expect([status, headers['content-type'], body.toString()]).toEqual([200, 'application/json', result])
  })

  test.each<[string, unknown]>([
    ['a status code that is text', { statusCode: '200' }],
    ['a status code that is no status', { statusCode: 42 }],
    ['a status code beyond all', { statusCode: 600 }],
    ['a status code that announces another', { statusCode: 100 }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['headers that are lists', { statusCode: 200, headers: { 'Set-Cookie': ['a=1', 'b=2'] } }],
    ['a header with a line break', { statusCode: 200, headers: { 'X-A': 'a\r\nX-B: b' } }],
    ['a header name with a blank', { statusCode: 200, headers: { 'X A': 'a' } }],
  ])('of a result with %s is 502', async (_name, result) => {
    returns(result)
    expectBadGateway(await request('GET /'))
  })

  test('of a function that failed is 502 and says nothing of the error', async () => {
    const error = JSON.stringify({ errorMessage: 'password=hunter2', errorType: 'Error', stackTrace: [] })
    answerWith = () => Promise.resolve({ body: Buffer.from(error), errorType: 'UnhandledInvocationError' })
    expectBadGateway(await request('GET /'))
  })

  test('of a host that is stopping is 503', async () => {
    answerWith = () => Promise.reject(new Error('stopping'))
    const { status, body } = await request('GET /')
    expect(status).toBe(503)
    expect(JSON.parse(body.toString())).toMatchObject({ Code: 'ServiceUnavailable' })
  })

  function expectBadGateway({ status, headers, body }: RawAnswer) {
    expect([status, headers['content-type']]).toEqual([502, 'application/json'])
    expect(JSON.parse(body.toString())).toEqual({
      Code: 'BadGateway',
      Message: 'The function failed, or did not answer with an HTTP response.',
      RequestId: headers['x-fc-request-id'],
    })
  }
})

describe('a body over the limit', () => {
  const tooMuch = 'x'.repeat(MAX_BODY_BYTES + 1)

  test('is answered 413 and does not reach the function', async () => {
    const { status, headers, body } = await request('POST /', ['Content-Type: text/plain'], tooMuch)
    expect(status).toBe(413)
    expect(JSON.parse(body.toString())).toEqual({
      Code: 'PayloadTooLarge',
      Message: 'The body may have 1000 bytes.',
      RequestId: headers['x-fc-request-id'],
    })
    expect(invoked).toEqual([])
  })

  test('in chunks is answered 413 too', async () => {
    const chunk = `3e9\r\n${tooMuch}\r\n`
    const { status } = await request('POST /', ['Transfer-Encoding: chunked', '', `${chunk}${chunk}0\r\n`])
    expect(status).toBe(413)
  })

  test('leaves the connection in order for the next request', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    const statuses: (number | undefined)[] = []
    const ports = new Set<number | undefined>()
    for (const body of ['x'.repeat(1 << 20), 'fits']) {
      const sent = http.request({ port: server.port, host: '127.0.0.1', method: 'POST', agent })
      sent.end(body)
      const [response] = await once(sent, 'response')
      ports.add(sent.socket?.localPort)
      statuses.push(response.statusCode)
      await once(response.resume(), 'end')
    }
    agent.destroy()
    expect(statuses).toEqual([413, 200])
    expect(ports.size).toBe(1)
  })

  test('of just the limit is taken', async () => {
    expect((await request('POST /', [], 'x'.repeat(MAX_BODY_BYTES))).status).toBe(200)
  })
})

describe('a client that goes away', () => {
  async function connect(text: string): Promise<net.Socket> {
    const socket = net.connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(text)
    return socket
  }

  test('in the middle of its body harms nothing, and the function is not called', async () => {
    const socket = await connect('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nonly a part')
    socket.resetAndDestroy()
    await once(socket, 'close')
    expect((await request('GET /after')).status).toBe(200)
    expect(theEvent().rawPath).toBe('/after')
  })

  test('while the function works harms nothing', async () => {
    let finish: (result: InvokeResult) => void = () => {}
    const working = new Promise<void>((called) => {
      answerWith = () => {
        called()
        return new Promise((resolve) => {
          finish = resolve
        })
      }
    })
    const socket = await connect('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await working
    socket.resetAndDestroy()
    await once(socket, 'close')
    finish(OK)
    answerWith = () => Promise.resolve(OK)
    expect((await request('GET /after')).status).toBe(200)
  })
})

test('headers that are put in go in place of the request’s own, spelled as Function Compute spells them', () => {
  const rawHeaders = ['Authorization', 'Bearer theirs', 'X-Other', 'kept']
  const given = { method: 'POST', url: '/webhook/putEvents', httpVersion: '1.1', headers: {}, rawHeaders, socket: {} }
  const place = { accountId: '1', region: 'r', requestId: 'id', now: new Date() }
  const headers = (addedHeaders?: Record<string, string>) =>
    toHttpEvent(given, Buffer.alloc(0), { ...place, ...(addedHeaders && { addedHeaders }) }).headers
  expect(headers()).toEqual({ Authorization: 'Bearer theirs', 'X-Other': 'kept' })
  expect(headers({ authorization: 'Bearer ours' })).toEqual({ Authorization: 'Bearer ours', 'X-Other': 'kept' })
})
