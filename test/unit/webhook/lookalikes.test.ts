import { seedBody } from '../../fixtures/seedBody'
import type { RequestParts } from '../../support/fcEvent'
import { setUpWebhook } from '../../support/webhook'

// Requests that are made to look as if they came from where they do not, or asked for what they do not. What each check
// refuses in plain words is in refusals.test.ts.

const json = { 'Content-Type': 'application/json' }
const from = (headers: Record<string, string>, more: RequestParts = {}): RequestParts => ({
  body: seedBody,
  headers: { ...json, ...headers },
  ...more,
})

const ips = { ALLOWED_IPS: '203.119.0.0/16,2001:db8::/32,fe80::/10', TRUSTED_PROXIES: '192.168.0.0/16,fd00::/8' }
const proxy = { sourceIp: '192.168.0.1' }

describe('ALLOWED_IPS and TRUSTED_PROXIES', () => {
  test.each<[what: string, sourceIp: string, forwarded?: string]>([
    // an address that is written in another way, or only nearly one
    ['a zone', '2001:db8::1%eth0'],
    ['a zone of a local link', 'fe80::1%1'],
    ['an empty zone', 'fe80::1%'],
    ['a zone that holds an address', '2001:db9::1%203.119.0.1'],
    ['a zone behind a mapped address', '::ffff:203.119.0.1%1'],
    ['an address within one of IPv6, not mapped', '::203.119.0.1'],
    ['an address within one of NAT64', '64:ff9b::203.119.0.1'],
    ['an address within one of 6to4', '2002:cb77:1::'],
    ['mapped, of another', '::ffff:c633:6401'],
    ['brackets', '[2001:db8::1]'],
    ['brackets and a port', '[2001:db8::1]:443'],
    ['a number for an address', '3413573633'],
    ['in hexadecimal', '0xcb770001'],
    ['leading zeros', '203.119.000.001'],
    ['three parts', '203.119.1'],
    ['full-width digits', '２０３.119.0.1'],
    ['a dot behind it', '203.119.0.1.'],
    ['a blank behind it', '203.119.0.1 '],
    ['a line break behind it', '203.119.0.1\n'],
    ['a NUL behind it', '203.119.0.1\0'],
    ['a block', '203.119.0.0/16'],

    // X-Forwarded-For
    ['behind a proxy of ours: a hop that is put in front', '192.168.0.1', '203.119.0.1, 198.51.100.1'],
    ['the same with blanks and tabs', '192.168.0.1', ' 203.119.0.1 ,\t198.51.100.1 '],
    ['two headers, which come joined', '192.168.0.1', '203.119.0.1,198.51.100.1'],
    ['a port', '192.168.0.1', '203.119.0.1:1234'],
    ['a zone in it', '192.168.0.1', '2001:db8::1%eth0'],
    ['quotes', '192.168.0.1', '"203.119.0.1"'],
    ['as Forwarded writes it', '192.168.0.1', 'for=203.119.0.1'],
    ['a hop that is empty, last', '192.168.0.1', '203.119.0.1,'],
    ['a hop that is rubbish, last', '192.168.0.1', '203.119.0.1, unknown'],
    ['another separator', '192.168.0.1', '203.119.0.1;192.168.0.2'],
    ['only proxies', '192.168.0.1', '192.168.0.3,192.168.0.2'],
    ['nothing', '192.168.0.1', ''],
    ['a proxy’s address with a zone is no proxy', 'fd00::1%eth0', '203.119.0.1'],
    ['by somebody who is no proxy', '198.51.100.1', '203.119.0.1'],
    ['a proxy’s address in the header alone', '198.51.100.1', '203.119.0.1, 192.168.0.1'],
    ['loopback, which nobody named', '127.0.0.1', '203.119.0.1'],
    ['loopback in the header', '192.168.0.1', '127.0.0.1'],
  ])('refused: %s', async (...[, sourceIp, forwarded]) => {
    const headers = forwarded === undefined ? json : { ...json, 'X-Forwarded-For': forwarded }
    await expectForbidden(ips, { body: seedBody, sourceIp, headers })
  })

  test.each([
    'X-Real-IP',
    'X-Client-IP',
    'X-Originating-IP',
    'X-Remote-IP',
    'X-Remote-Addr',
    'X-Cluster-Client-IP',
    'X-Forwarded',
    'X-ProxyUser-Ip',
    'X-Original-Forwarded-For',
    'X-Fc-Client-Ip',
    'Forwarded',
    'Forwarded-For',
    'Client-IP',
    'True-Client-IP',
    'CF-Connecting-IP',
    'Ali-CDN-Real-IP',
    'Remote-Addr',
    'Via',
  ])('refused: %s, which nobody reads', async (name) => {
    await expectForbidden(ips, from({ [name]: '203.119.0.1' }, { sourceIp: '198.51.100.1' }))
    await expectForbidden(ips, from({ [name]: '203.119.0.1' }, proxy))
  })

  test('two X-Forwarded-For that differ in case are one, in whatever order: no first hop of a stranger’s counts', async () => {
    const names = ['X-Forwarded-For', 'x-forwarded-for']
    for (const [one, other] of [names, names.toReversed()] as [string, string][]) {
      await expectForbidden(ips, from({ [one]: '203.119.0.1', [other]: '198.51.100.1' }, proxy))
    }
  })

  test('of the two the last hop counts, which the proxy wrote', async () => {
    const { post } = setUpWebhook(ips)
    const twice = from({ 'X-Forwarded-For': '198.51.100.1', 'x-forwarded-for': '203.119.0.1' }, proxy)
    const reversed = from({ 'x-forwarded-for': '203.119.0.1', 'X-Forwarded-For': '192.168.0.2' }, proxy)
    expect([(await post(twice)).statusCode, (await post(reversed)).statusCode]).toEqual([200, 200])
  })

  test.each(['203.119.0.1', '0:0:0:0:0:ffff:203.119.0.1', '2001:DB8::1', '::ffff:cb77:1'])(
    'let through: %s',
    async (sourceIp) => {
      expect((await setUpWebhook(ips).post({ body: seedBody, sourceIp })).statusCode).toBe(200)
    },
  )
})

describe('ALLOWED_REFERERS', () => {
  const referers = { ALLOWED_REFERERS: 'dingtalk.com,*.dingtalk.com' }
  test.each([
    'https://dingtalk.com.evil.example/',
    'https://dingtalk.com-evil.example/',
    'https://evildingtalk.com/',
    'https://dingtalk.community/',
    'https://dingtalk.co/',
    'https://dingtalk.com@evil.example/',
    'https://dingtalk.com:x@evil.example/',
    'https://evil.example@dingtalk.com/',
    'https://user:password@dingtalk.com/',
    'https://evil.example\\@dingtalk.com/',
    'https://dingtalk.com\\.evil.example/',
    'https://evil.example/https://dingtalk.com/',
    'https://evil.example/?https://dingtalk.com/',
    'https://evil.example#@dingtalk.com/',
    'https://evil.example#.dingtalk.com/',
    'https://evil.example/.dingtalk.com',
    'https://dingtalk%2ecom/',
    'https://dingtalk.com%00.evil.example/',
    'https://dingtalk.com%2f.evil.example/',
    'https://dingtalk.com\u0000.evil.example/',
    'https://ding\ttalk.com/',
    'https://ding\ntalk.com/',
    ' https://dingtalk.com/',
    'https:dingtalk.com/',
    'https:/dingtalk.com/',
    'https:///dingtalk.com/',
    '//dingtalk.com/',
    'dingtalk.com',
    'https://dingtalk.com..',
    'https://.dingtalk.com/',
    'https://a..dingtalk.com/',
    'https://[dingtalk.com]/',
    'https://dіngtalk.com/',
    'https://xn--dngtalk-f4a.com/',
    'ftp://dingtalk.com/',
    'data:text/html,https://dingtalk.com/',
    'javascript://dingtalk.com/%0aalert(1)',
    'https://evil.example/, https://dingtalk.com/',
    'null',
  ])('refused: %j', async (referer) => {
    await expectForbidden(referers, from({ Referer: referer }))
  })

  test('one of several rules is enough', async () => {
    const { post } = setUpWebhook({ ALLOWED_REFERERS: '*.example.com,*.dingtalk.com' })
    expect((await post(from({ Referer: 'https://a.dingtalk.com/' }))).statusCode).toBe(200)
    expect((await post(from({ Referer: 'https://dingtalk.com/' }))).statusCode).toBe(403)
  })

  test('it has one name: neither Referrer nor Origin nor a second header stands for it', async () => {
    for (const name of ['Referrer', 'Origin', 'X-Referer', 'X-Forwarded-Host', 'Host']) {
      await expectForbidden(referers, from({ [name]: 'https://dingtalk.com/' }))
    }
    await expectForbidden(referers, from({ Referer: 'https://evil.example', referer: 'https://dingtalk.com/' }))
  })
})

describe('the method is the request’s own', () => {
  const overrides = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'X-Original-Method', '_method']
  test.each(overrides)('%s makes no POST of a GET, and nothing else of a POST', async (name) => {
    const { post, published } = setUpWebhook()
    const get = await post(from({ [name]: 'POST' }, { method: 'GET', query: { [name]: 'POST' } }))
    expect([get.statusCode, published]).toEqual([405, []])
    const posted = await post(from({ [name]: 'DELETE' }, { query: { [name]: 'DELETE' } }))
    expect([posted.statusCode, JSON.parse(published[0] ?? '').data.httpMethod]).toEqual([200, 'POST'])
  })

  test.each(['post', 'Post', 'POST ', ' POST', 'POST\r\nX: y', 'CONNECT', 'TRACE', 'TRACK', 'QUERY', '*', ''])(
    '%j is none that is allowed',
    async (method) => {
      const { post, published } = setUpWebhook()
      // an HTTP trigger has a method always: without one it is no request of its
      expect([400, 405]).toContain((await post({ method, body: seedBody })).statusCode)
      expect(published).toEqual([])
    },
  )
})

async function expectForbidden(environment: Record<string, string>, request: RequestParts): Promise<void> {
  const { post, published } = setUpWebhook(environment)
  const { statusCode, body } = await post(request)
  expect([statusCode, body]).toEqual([
    403,
    '{"code":"Forbidden","message":"The request is not allowed.","requestId":"request-1"}',
  ])
  expect(published).toEqual([])
}
