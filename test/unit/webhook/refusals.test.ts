import { seedBody } from '../../fixtures/seedBody'
import { callbackEnvironment, callbackRequest } from '../../support/callback'
import { fcContext, fcHttpEvent, type RequestParts } from '../../support/fcEvent'
import { NOW, setUpWebhook } from '../../support/webhook'

type Environment = Record<string, string>
/** What goes in, what must come out: title, status, code, the webhook's variables, the request. */
type Refusal = [title: string, status: number, code: string, environment: Environment, request: RequestParts]

const json = { 'Content-Type': 'application/json' }
const token = { WEBHOOK_TOKEN: 'right-token-right-token' }
const connector = { CONNECTOR_API_SECRET: '123456789' }
const ips = { ALLOWED_IPS: '203.119.0.0/16,10.0.0.7,2001:db8::/32' }
const behindProxy = { ...ips, TRUSTED_PROXIES: '192.168.0.0/16' }
const referers = { ALLOWED_REFERERS: 'dingtalk.com,*.dingtalk.com' }
const event = '{"EventType":"user_add_org","userId":["1"]}'
const callback = callbackRequest(event)
const without = (name: string) => ({
  ...callback,
  query: Object.fromEntries(Object.entries(callback.query ?? {}).filter(([key]) => key !== name)),
})
const withQuery = (query: Record<string, string>) => ({ ...callback, query: { ...callback.query, ...query } })
const from = (sourceIp: string, forwarded?: string): RequestParts => ({
  body: seedBody,
  sourceIp,
  headers: forwarded === undefined ? json : { ...json, 'X-Forwarded-For': forwarded },
})
const refererOf = (referer: string): RequestParts => ({ body: seedBody, headers: { ...json, Referer: referer } })
const signedAt = (timestamp: string, signature: string): RequestParts => ({
  body: seedBody,
  headers: { ...json, 'x-ddpaas-signature-timestamp': timestamp, 'x-ddpaas-signature': signature },
})
const asType = (type: string, body: string): RequestParts => ({ body, headers: { 'Content-Type': type } })
const keepAll = { DROP_FIELDS: 'none' }
/** DingTalk's published vector; the webhooks of this file live at another time. */
const published = 'ZxG82mXCf3Z41wNXtWP159kGkeAH/GZDftu+hDbYqac='

const refusals: Refusal[] = [
  // method
  ['GET', 405, 'MethodNotAllowed', {}, { method: 'GET' }],
  ['OPTIONS', 405, 'MethodNotAllowed', {}, { method: 'OPTIONS' }],
  ['PUT', 405, 'MethodNotAllowed', {}, { method: 'PUT', body: seedBody }],
  ['post in lower case', 405, 'MethodNotAllowed', {}, { method: 'post', body: seedBody }],
  ['POST, when only PUT is allowed', 405, 'MethodNotAllowed', { ALLOWED_METHODS: 'PUT' }, { body: seedBody }],
  ['a method nobody knows', 405, 'MethodNotAllowed', {}, { method: 'PROPFIND' }],

  // source address
  ['an address outside', 403, 'Forbidden', ips, from('198.51.100.1')],
  ['an address one beyond the block', 403, 'Forbidden', ips, from('203.120.0.0')],
  ['an address beside a single one', 403, 'Forbidden', ips, from('10.0.0.8')],
  ['an IPv6 address outside', 403, 'Forbidden', ips, from('2001:db9::1')],
  ['no address', 403, 'Forbidden', ips, from('')],
  ['an address that is none', 403, 'Forbidden', ips, from('203.119.0.1.example.com')],
  ['an address with a port', 403, 'Forbidden', ips, from('203.119.0.1:80')],
  ['an address in octal', 403, 'Forbidden', ips, from('0313.0167.0.1')],
  ['two addresses', 403, 'Forbidden', ips, from('203.119.0.1,203.119.0.1')],
  ['a mapped address outside', 403, 'Forbidden', ips, from('::ffff:198.51.100.1')],
  ['a mapped address outside in hexadecimal', 403, 'Forbidden', ips, from('::ffff:c633:6401')],
  ['one that ends as one inside', 403, 'Forbidden', ips, from('::203.119.0.1')],
  ['one that is translated to one inside', 403, 'Forbidden', ips, from('64:ff9b::203.119.0.1')],
  ['X-Forwarded-For without a trusted proxy', 403, 'Forbidden', ips, from('198.51.100.1', '203.119.0.1')],
  ['X-Forwarded-For by somebody who is no proxy', 403, 'Forbidden', behindProxy, from('198.51.100.1', '203.119.0.1')],
  [
    'X-Real-IP, which nobody reads',
    403,
    'Forbidden',
    ips,
    { ...from('198.51.100.1'), headers: { ...json, 'X-Real-IP': '203.119.0.1' } },
  ],
  [
    'Forwarded, which nobody reads',
    403,
    'Forbidden',
    ips,
    { ...from('198.51.100.1'), headers: { ...json, Forwarded: 'for=203.119.0.1' } },
  ],
  ['a spoofed first hop', 403, 'Forbidden', behindProxy, from('192.168.0.1', '203.119.0.1, 198.51.100.1')],
  ['a proxy that forwards for nobody', 403, 'Forbidden', behindProxy, from('192.168.0.1')],
  ['a proxy that forwards for rubbish', 403, 'Forbidden', behindProxy, from('192.168.0.1', 'unknown')],
  ['a chain of proxies only', 403, 'Forbidden', behindProxy, from('192.168.0.1', '192.168.0.2, 192.168.0.3')],

  // referer
  ['no referer', 403, 'Forbidden', referers, { body: seedBody }],
  ['an empty referer', 403, 'Forbidden', referers, refererOf('')],
  ['a referer that is no URL', 403, 'Forbidden', referers, refererOf('dingtalk.com')],
  ['another domain', 403, 'Forbidden', referers, refererOf('https://example.com/')],
  ['a domain that ends alike', 403, 'Forbidden', referers, refererOf('https://evildingtalk.com/')],
  ['a domain that begins alike', 403, 'Forbidden', referers, refererOf('https://dingtalk.com.example.com/')],
  ['the domain as a path', 403, 'Forbidden', referers, refererOf('https://example.com/dingtalk.com')],
  ['the domain as a user name', 403, 'Forbidden', referers, refererOf('https://dingtalk.com@example.com/')],
  ['the domain in a fragment', 403, 'Forbidden', referers, refererOf('https://example.com/#.dingtalk.com')],
  ['two referers', 403, 'Forbidden', referers, refererOf('https://example.com/,https://dingtalk.com/')],
  ['another scheme', 403, 'Forbidden', referers, refererOf('javascript://dingtalk.com/')],
  [
    'a parent of a wildcard',
    403,
    'Forbidden',
    { ALLOWED_REFERERS: '*.open.dingtalk.com' },
    refererOf('https://open.dingtalk.com/'),
  ],

  // size and encoding
  ['a byte too much', 413, 'BodyTooLarge', { MAX_BODY_BYTES: '1024' }, { body: `"${'x'.repeat(1023)}"` }],
  ['a byte too much in Base64', 413, 'BodyTooLarge', { MAX_BODY_BYTES: '1024' }, { body: Buffer.alloc(1025, 0x20) }],
  ['few characters of many bytes', 413, 'BodyTooLarge', { MAX_BODY_BYTES: '1024' }, { body: `"${'名'.repeat(341)}"` }],
  [
    'a compressed body',
    415,
    'UnsupportedEncoding',
    {},
    { body: seedBody, headers: { ...json, 'Content-Encoding': 'gzip' } },
  ],
  [
    'a picture',
    415,
    'UnsupportedMediaType',
    {},
    { body: Buffer.from([0x89, 0x50]), headers: { 'Content-Type': 'image/png' } },
  ],
  [
    'an upload',
    415,
    'UnsupportedMediaType',
    {},
    { body: 'x', headers: { 'Content-Type': 'multipart/form-data; boundary=x' } },
  ],
  [
    'a type that only begins like JSON',
    415,
    'UnsupportedMediaType',
    {},
    { body: '{}', headers: { 'Content-Type': 'application/jsonx' } },
  ],

  // text in which what must not travel cannot be found
  ['XML', 415, 'UnsupportedMediaType', {}, asType('application/xml', '<xml><name>x</name></xml>')],
  ['plain text', 415, 'UnsupportedMediaType', {}, asType('text/plain', 'hello')],
  ['text without a type', 415, 'UnsupportedMediaType', {}, { body: 'mobile=1', headers: {} }],
  ['a JSON scalar as text', 415, 'UnsupportedMediaType', {}, asType('text/plain', '"hello"')],
  ['half a JSON object as text', 415, 'UnsupportedMediaType', {}, asType('text/plain', '{"mobile":"1')],
  [
    'half a JSON object as a form',
    415,
    'UnsupportedMediaType',
    {},
    asType('application/x-www-form-urlencoded', '{"a":1'),
  ],
  ['JSON lines', 415, 'UnsupportedMediaType', {}, asType('text/plain', '{"a":1}\n{"mobile":1}')],
  ['YAML', 415, 'UnsupportedMediaType', {}, asType('text/yaml', 'mobile: 1')],
  ['a secret in XML', 415, 'UnsupportedMediaType', keepAll, asType('text/xml', '<x><SuiteTicket>x</SuiteTicket></x>')],
  ['a secret in XML’s attribute', 415, 'UnsupportedMediaType', keepAll, asType('text/xml', '<x auth_code="x"/>')],
  ['a secret in half a JSON object', 415, 'UnsupportedMediaType', keepAll, asType('text/plain', '{"accessToken":"x')],
  ['a secret in YAML', 415, 'UnsupportedMediaType', keepAll, asType('text/yaml', 'permanent_code: x')],

  // token
  ['no token', 401, 'Unauthorized', token, { body: seedBody }],
  ['a wrong token', 401, 'Unauthorized', token, { body: seedBody, query: { token: 'wrong-token-wrong-token' } }],
  [
    'the token in another case',
    401,
    'Unauthorized',
    token,
    { body: seedBody, query: { token: 'RIGHT-TOKEN-RIGHT-TOKEN' } },
  ],
  [
    'the token twice',
    401,
    'Unauthorized',
    token,
    { body: seedBody, query: { token: 'right-token-right-token,right-token-right-token' } },
  ],
  [
    'the token under another name',
    401,
    'Unauthorized',
    token,
    { body: seedBody, query: { Token: 'right-token-right-token' } },
  ],
  [
    'the token as a bare header',
    401,
    'Unauthorized',
    token,
    { body: seedBody, headers: { ...json, Authorization: 'right-token-right-token' } },
  ],
  [
    'the token in a cookie',
    401,
    'Unauthorized',
    token,
    { body: seedBody, headers: { ...json, Cookie: 'token=right-token-right-token' } },
  ],
  ['no token, before a body is even read', 401, 'Unauthorized', token, { body: 'not json' }],

  // connector signature
  ['no connector signature', 401, 'Unauthorized', connector, { body: seedBody }],
  ['a signature of years ago', 401, 'Unauthorized', connector, signedAt('1670577222', published)],
  ['a signature of another time', 401, 'Unauthorized', connector, signedAt(String(NOW), published)],
  ['a signature without its time', 401, 'Unauthorized', connector, signedAt('', published)],
  ['a time that is no number', 401, 'Unauthorized', connector, signedAt('now', published)],
  ['a time of eleven digits', 401, 'Unauthorized', connector, signedAt('16524269099', published)],
  ['an empty signature', 401, 'Unauthorized', connector, signedAt(String(NOW), '')],

  // DingTalk's signature
  ['no signature', 401, 'Unauthorized', callbackEnvironment, without('signature')],
  ['no timestamp', 401, 'Unauthorized', callbackEnvironment, without('timestamp')],
  ['no nonce', 401, 'Unauthorized', callbackEnvironment, without('nonce')],
  ['another nonce', 401, 'Unauthorized', callbackEnvironment, withQuery({ nonce: 'other' })],
  ['another time', 401, 'Unauthorized', callbackEnvironment, withQuery({ timestamp: String(NOW + 1) })],
  [
    'a signature in upper case',
    401,
    'Unauthorized',
    callbackEnvironment,
    withQuery({ signature: (callback.query?.['signature'] ?? '').toUpperCase() }),
  ],
  [
    'a second, wrong signature that goes first',
    401,
    'Unauthorized',
    callbackEnvironment,
    withQuery({ msg_signature: 'wrong' }),
  ],
  ['another token', 401, 'Unauthorized', callbackEnvironment, callbackRequest(event, { token: 'wrong' })],
  [
    'an hour and a second ago',
    401,
    'Unauthorized',
    callbackEnvironment,
    callbackRequest(event, { at: NOW - 3_601_000 }),
  ],
  [
    'in an hour and a second',
    401,
    'Unauthorized',
    callbackEnvironment,
    callbackRequest(event, { at: NOW + 3_601_000 }),
  ],
  [
    'a timestamp of eleven digits',
    401,
    'Unauthorized',
    callbackEnvironment,
    callbackRequest(event, { at: '16524269099' }),
  ],
  ['a timestamp that is no number', 401, 'Unauthorized', callbackEnvironment, callbackRequest(event, { at: 'NaN' })],
  [
    'a changed ciphertext',
    401,
    'Unauthorized',
    callbackEnvironment,
    { ...callback, body: callback.body?.toString().replace(/.{4}"}$/, 'AAAA"}') ?? '' },
  ],
  ['a ciphertext that is a number', 401, 'Unauthorized', callbackEnvironment, { ...callback, body: '{"encrypt":1}' }],
  ['an encrypted body where nothing can open it', 401, 'Unauthorized', token, callback],

  // what is inside a callback
  ['a good signature over no JSON', 400, 'MalformedJson', callbackEnvironment, callbackRequest('success')],
  ['a good signature over nothing', 400, 'MalformedJson', callbackEnvironment, callbackRequest('')],
  [
    'a good signature over what is nested too deep',
    400,
    'JsonTooDeep',
    callbackEnvironment,
    callbackRequest('['.repeat(70) + ']'.repeat(70)),
  ],

  // body
  ['no body', 400, 'MalformedJson', {}, { body: '' }],
  ['half a body', 400, 'MalformedJson', {}, { body: seedBody.slice(0, -1) }],
  ['two bodies', 400, 'MalformedJson', {}, { body: seedBody + seedBody }],
  ['a comment', 400, 'MalformedJson', {}, { body: '{/**/}' }],
  ['single quotes', 400, 'MalformedJson', {}, { body: "{'a':1}" }],
  ['a bare word', 400, 'MalformedJson', {}, { body: 'success' }],
  ['NaN', 400, 'MalformedJson', {}, { body: '{"a":NaN}' }],
  ['a trailing comma', 400, 'MalformedJson', {}, { body: '{"a":1,}' }],
  ['bytes that are not UTF-8', 400, 'MalformedBody', {}, { body: Buffer.from([0x7b, 0xff, 0x7d]) }],
  ['half a character', 400, 'MalformedBody', {}, { body: Buffer.from('"小"').subarray(0, 3) }],
  ['a lone surrogate in UTF-8', 400, 'MalformedBody', {}, { body: Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]) }],
  ['65 levels of lists', 400, 'JsonTooDeep', {}, { body: '['.repeat(65) + ']'.repeat(65) }],
  [
    '65 levels in a key that comes twice',
    400,
    'JsonTooDeep',
    {},
    { body: `{"a":${'['.repeat(64)}${']'.repeat(64)},"a":1}` },
  ],
  ['65 levels, as text', 400, 'JsonTooDeep', {}, asType('text/plain', '['.repeat(65) + ']'.repeat(65))],
  ['very many levels', 400, 'JsonTooDeep', {}, { body: `${'['.repeat(30_000)}{"mobile":1}${']'.repeat(30_000)}` }],
]

test.each(refusals)('%s: %i %s', async (_, status, code, environment, request) => {
  const { post, published, log } = setUpWebhook(environment)
  const response = await post(request)
  expect(response).toMatchObject({
    statusCode: status,
    json: { code, message: expect.any(String), requestId: 'request-1' },
  })
  expect(published).toEqual([])
  expect(log.lines).toEqual([expect.objectContaining({ outcome: 'refused', status, code, check: expect.any(String) })])
})

test('HEAD is refused without a body', async () => {
  const { handler } = setUpWebhook()
  expect(await handler(fcHttpEvent({ method: 'HEAD' }), fcContext)).toMatchObject({ statusCode: 405, body: '' })
})

test('a 405 names the methods that are allowed', async () => {
  const { post } = setUpWebhook({ ALLOWED_METHODS: 'POST,PUT' })
  expect((await post({ method: 'GET' })).headers['allow']).toBe('POST, PUT')
})

test('a 403 does not say which check refused, the log does', async () => {
  const byAddress = setUpWebhook(ips)
  const byReferer = setUpWebhook(referers)
  const [one, other] = [await byAddress.post(from('198.51.100.1')), await byReferer.post(refererOf(''))]
  expect(one.body).toBe(other.body)
  expect(byAddress.log.lines[0]).toMatchObject({ check: 'source_ip' })
  expect(byReferer.log.lines[0]).toMatchObject({ check: 'referer' })
})

test.each<[string, Environment, RequestParts]>([
  ['an address in a block', ips, from('203.119.255.255')],
  ['a single address', ips, from('10.0.0.7')],
  ['an IPv6 address in a block', ips, from('2001:DB8:0:0::1')],
  ['a mapped address', ips, from('::ffff:203.119.0.1')],
  ['a mapped address in hexadecimal', ips, from('::ffff:cb77:1')],
  ['a mapped address in capitals', ips, from('::FFFF:CB77:1')],
  ['a mapped address written in full', ips, from('0:0:0:0:0:ffff:cb77:0001')],
  ['the hop before our proxy', behindProxy, from('192.168.0.1', '198.51.100.1, 203.119.0.1')],
  ['the hop before a chain of ours', behindProxy, from('192.168.0.1', '203.119.0.1,192.168.0.2')],
  ['the domain', referers, refererOf('https://dingtalk.com/x?y#z')],
  ['the domain in another case, with a port', referers, refererOf('HTTP://DingTalk.COM:8080/')],
  ['the domain with the root’s dot', referers, refererOf('https://dingtalk.com./')],
  ['a domain below', referers, refererOf('https://a.b.dingtalk.com/')],
  ['an international name', { ALLOWED_REFERERS: '钉钉.例子' }, refererOf('https://xn--164aa.xn--fsqu00a/')],
  ['a bearer token', token, { body: seedBody, headers: { ...json, AUTHORIZATION: 'bearer right-token-right-token' } }],
  [
    'the new token, while two are valid',
    { WEBHOOK_TOKEN: 'right-token-right-token, newer-token-newer-token' },
    { body: seedBody, query: { token: 'newer-token-newer-token' } },
  ],
  ['a token in the query', token, { body: seedBody, query: { token: 'right-token-right-token' } }],
  [
    'the connector’s signature instead of the token',
    { ...token, ...connector },
    signedAt('1652426908', '52JllvZSo/0Kw5MWbr5LjmNJxGvkS/gR/u9khFe2yHU='),
  ],
  ['no content type', {}, { body: seedBody, headers: {} }],
  ['a callback sent as text', callbackEnvironment, { ...callback, headers: { 'Content-Type': 'text/plain' } }],
  ['a callback sent without a type', callbackEnvironment, { ...callback, headers: {} }],
  ['XML, when nothing is to be dropped', keepAll, asType('application/xml', '<xml><mobile>1</mobile></xml>')],
  ['text, when nothing is to be dropped', keepAll, asType('text/plain', 'hello')],
  ['blank text', {}, asType('text/plain', ' \n')],
  ['identity as encoding', {}, { body: seedBody, headers: { ...json, 'Content-Encoding': 'identity' } }],
  ['a byte order mark', {}, { body: Buffer.from(`\ufeff${seedBody}`) }],
  ['64 levels of lists', {}, { body: '['.repeat(64) + ']'.repeat(64) }],
])('let through: %s', async (_, environment, request) => {
  const { post, published } = setUpWebhook(environment)
  expect((await post(request)).statusCode).toBe(200)
  expect(published).toHaveLength(1)
})

test("DingTalk's published connector signature holds at its time, in seconds and in milliseconds", async () => {
  const at = (ms: number) => setUpWebhook(connector, undefined, () => ms)
  expect((await at(1_670_577_222_000).post(signedAt('1670577222', published))).statusCode).toBe(200)
  expect((await at(1_670_577_222_000 + 3_600_000).post(signedAt('1670577222', published))).statusCode).toBe(200)
  expect((await at(1_670_577_222_000 + 3_600_001).post(signedAt('1670577222', published))).statusCode).toBe(401)
})
