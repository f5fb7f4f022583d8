import * as z from 'zod/mini'
import { systemClock } from '../../../../shared/clock'
import { createDingtalkClient, type DingtalkClient } from '../../../../shared/dingtalk/directory/client'
import { type DingtalkServer, dingtalkServer, gatewayError, ok, type Reply } from '../../../support/dingtalkServer'
import { type ManualClock, manualClock } from '../../../support/manualClock'
import { waitFor } from '../../../support/waitFor'

const PATH = 'topapi/user/count'
const TOKEN = 'v1.0/oauth2/accessToken'
let server: DingtalkServer
let clock: ManualClock
let client: DingtalkClient
let deadline: number

beforeEach(async () => {
  server = await dingtalkServer()
  server.answer(({ path }) => (path === PATH ? ok({ count: 13 }) : undefined))
  clock = manualClock()
  deadline = Number.POSITIVE_INFINITY
  client = clientOn(server.url)
})
afterEach(async () => {
  client.close()
  await server.close()
})

function clientOn(url: string, time = clock as typeof systemClock): DingtalkClient {
  const config = {
    DINGTALK_APP_KEY: 'dinginvented',
    DINGTALK_APP_SECRET: 'planted-secret',
    DINGTALK_API_ENDPOINT: `${url}/`,
    DINGTALK_OAPI_ENDPOINT: url,
    DINGTALK_CALLS_PER_S: 20,
  }
  return createDingtalkClient(config, time, () => deadline)
}

const answer = z.object({ result: z.object({ count: z.number() }) })
const count = () => client.call({ host: 'oapi', method: 'POST', path: PATH, body: { only_active: false } }, answer)
const records = () =>
  client.call({ host: 'api', method: 'GET', path: 'v1.0/records' }, z.object({ nextToken: z.string() }))
/** The first answers of a path; after them it answers as before. */
const first = (path: string, ...replies: Reply[]) =>
  server.answer((asked) => (asked.path === path ? replies[asked.count - 1] : undefined))

/** Turns the clock whenever nothing else goes on, until the call has ended. */
async function turning<T>(call: Promise<T>): Promise<T> {
  let hasEnded = false
  const end = () => {
    hasEnded = true
  }
  call.then(end, end)
  await waitFor(async () => {
    if (!hasEnded && isQuiet()) await clock.advance(5000)
    return hasEnded
  })
  return call
}
let seen = 0
function isQuiet(): boolean {
  const isSame = seen === client.requests()
  seen = client.requests()
  return isSame
}
const failure = (call: Promise<unknown>) => turning(call).catch((error: unknown) => error)

describe('the token', () => {
  test('is fetched once for calls that begin together, and goes where each host wants it', async () => {
    server.answer(({ path }) => (path === 'v1.0/records' ? { nextToken: '0' } : undefined))
    await Promise.all([count(), count(), records()])
    expect(server.askedFor(TOKEN).map(({ method, body }) => [method, body])).toEqual([
      ['POST', { appKey: 'dinginvented', appSecret: 'planted-secret' }],
    ])
    const [old] = server.askedFor(PATH)
    expect(old?.query.get('access_token')).toBe('planted-token')
    expect(old?.headers).not.toHaveProperty('x-acs-dingtalk-access-token')
    const [asked] = server.askedFor('v1.0/records')
    expect(asked?.headers['x-acs-dingtalk-access-token']).toBe('planted-token')
    expect(asked?.query.has('access_token')).toBe(false)
  })

  test.each([
    ['two hours, five minutes early', 7200, 6899, 6900],
    ['a minute, six seconds early', 60, 53, 54],
    ['two hours, as text', '7200', 6899, 6900],
  ])('of %s, is fetched anew', async (_, expireIn, before, after) => {
    server.answer(({ path }) => (path === TOKEN ? { accessToken: 'other', expireIn } : undefined))
    await count()
    await clock.advance(before * 1000)
    await count()
    expect(server.askedFor(TOKEN)).toHaveLength(1)
    await clock.advance((after - before) * 1000)
    await count()
    expect(server.askedFor(TOKEN)).toHaveLength(2)
  })

  test.each<[string, Reply]>([
    ['40014 of the gateway', gatewayError('40014')],
    ['40014 itself', { errcode: 40014, errmsg: '不合法的access_token' }],
    ['42001', gatewayError('42001')],
    ['InvalidAuthentication', { status: 400, body: { code: 'InvalidAuthentication', message: 'm', requestid: 'r' } }],
  ])('is fetched anew once when DingTalk says that it is stale: %s', async (_, stale) => {
    first(PATH, stale)
    expect((await count()).value).toEqual({ result: { count: 13 } })
    expect(server.askedFor(TOKEN)).toHaveLength(2)
  })

  test('that is stale again is given up, and the next call fetches another', async () => {
    first(PATH, gatewayError('40014'), gatewayError('40014'))
    expect(await failure(count())).toMatchObject({ reaction: 'later', code: '40014' })
    expect(server.askedFor(TOKEN)).toHaveLength(2)
    await count()
    expect(server.askedFor(TOKEN)).toHaveLength(3)
  })

  test('for which several calls are told so at once is fetched anew once for all of them', async () => {
    first(PATH, gatewayError('40014'), gatewayError('40014'), gatewayError('40014'))
    await Promise.all([count(), count(), count()])
    expect(server.askedFor(TOKEN)).toHaveLength(2)
  })

  test.each<[string, Reply]>([
    ['the new way', { status: 400, body: { code: 'invalidClientIdOrSecret', message: '无效', requestid: 'r' } }],
    ['the old way', { errcode: 40096, errmsg: '不合法的appKey或appSecret' }],
  ])('that DingTalk refuses is for an operator, and not asked for again: %s', async (_, refusal) => {
    first(TOKEN, refusal)
    const error = await failure(count())
    expect(error).toMatchObject({ reaction: 'denied' })
    expect(String(error)).toContain('DINGTALK_APP_KEY and DINGTALK_APP_SECRET')
    expect(server.asked).toHaveLength(1)
  })

  test('that DingTalk refuses as if it had been given a stale one is not asked for again', async () => {
    first(TOKEN, gatewayError('40014'))
    expect(await failure(count())).toMatchObject({ reaction: 'later', code: '40014' })
    expect(server.asked).toHaveLength(1)
  })
})

describe('tried again', () => {
  test.each<[string, Reply]>([
    ['-1', { errcode: -1, errmsg: '系统繁忙' }],
    ['a connection that is reset', 'hang up'],
    ['a gateway that is down, in HTML', { status: 502, body: '<html>Bad Gateway</html>' }],
    ['an answer that breaks off', '{"errcode":0,"result":{"cou'],
    ['500', { status: 500, body: { code: 'unknownError', message: 'm' } }],
    ['a proxy that answers nothing', { status: 503, body: '' }],
  ])('%s, after a second and two, with the same token', async (_, reply) => {
    first(PATH, reply, reply)
    const call = count()
    for (const pause of [1000, 2000]) {
      // the answer has come: until then the call's own time limit waits alone
      await waitFor(() => clock.next() === pause)
      await clock.advance(pause)
    }
    expect((await call).value).toEqual({ result: { count: 13 } })
    expect(server.askedFor(PATH)).toHaveLength(3)
    expect(server.askedFor(TOKEN)).toHaveLength(1)
  })

  test('-1 three times is given up', async () => {
    server.answer(({ path }) => (path === PATH ? { errcode: -1 } : undefined))
    expect(await failure(count())).toMatchObject({ reaction: 'later', code: '-1' })
    expect(server.askedFor(PATH)).toHaveLength(3)
  })

  test('an answer that breaks off three times cannot be read', async () => {
    server.answer(({ path }) => (path === PATH ? '{"errcode":0' : undefined))
    expect(await failure(count())).toMatchObject({ reaction: 'unreadable', code: 'NotJson' })
  })

  test('a call that says nothing is given up after its time, and again', async () => {
    server.answer(({ path }) => (path === PATH ? 'say nothing' : undefined))
    expect(await failure(count())).toMatchObject({ reaction: 'later', code: 'Timeout' })
    expect(server.askedFor(PATH)).toHaveLength(3)
  })

  test('a call that says nothing is given up when the whole is over', async () => {
    deadline = clock.now() + 5000
    server.answer(({ path }) => (path === PATH ? 'say nothing' : undefined))
    const given = expect(count()).rejects.toMatchObject({ reaction: 'later', code: 'Timeout' })
    await waitFor(() => server.askedFor(PATH).length === 1)
    expect(clock.next()).toBe(5000)
    await clock.advance(5000)
    await given
  })

  test.each([900, 1000])('nothing, when the whole must be over before: after %i ms', async (ms) => {
    deadline = clock.now() + ms
    first(PATH, { errcode: -1 })
    expect(await failure(count())).toMatchObject({ reaction: 'later', code: '-1' })
    expect(server.askedFor(PATH)).toHaveLength(1)
  })

  test('and no call begins once it is over', async () => {
    deadline = clock.now()
    await expect(count()).rejects.toMatchObject({ reaction: 'later', code: 'TimeIsOver' })
    expect(server.asked).toEqual([])
  })
})

describe('throttled', () => {
  test('90018 waits a second, and all calls of the path wait', async () => {
    first(PATH, gatewayError('90018'), gatewayError('90018'))
    const call = count()
    await waitFor(() => clock.next() === 1_000)
    const other = count()
    await clock.advance(999)
    expect(server.askedFor(PATH)).toHaveLength(1)
    await clock.advance(1)
    await waitFor(() => server.askedFor(PATH).length >= 2)
    await turning(Promise.all([call, other]))
  })

  test('90018 again waits two seconds', async () => {
    first(PATH, gatewayError('90018'), gatewayError('90018'))
    const call = count()
    for (const pause of [1000, 2000]) {
      await waitFor(() => clock.next() === pause)
      await clock.advance(pause)
    }
    await call
  })

  test('90002 waits until the end that DingTalk names, in its time', async () => {
    const text =
      '当前所有钉钉应用调用该接口次数过多, 从 2026-01-01 08:00:01 到 2026-01-01 08:00:07 请求总次数超过 1200 次, 限制将在 2026-01-01 08:00:07 结束.'
    first(PATH, gatewayError('90002', text))
    const call = count()
    await waitFor(() => clock.next() === 7_000)
    await clock.advance(6_999)
    expect(server.askedFor(PATH)).toHaveLength(1)
    await clock.advance(1)
    await call
  })

  test.each<[string, Reply]>([
    ['90018', { errcode: 90018, errmsg: 'm' }],
    ['the new API', { status: 403, body: { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', message: 'm' } }],
    ['429', { status: 429, body: { code: 'Throttling.Api', message: 'm' } }],
    ['an end that is years away', gatewayError('90002', '限制将在 2036-01-01 08:00:07 结束')],
  ])('a storm ends in an error: %s', async (_, reply) => {
    server.answer(({ path }) => (path === PATH ? reply : undefined))
    expect(await failure(count())).toMatchObject({ reaction: 'later' })
    expect(server.askedFor(PATH)).toHaveLength(11)
  })

  test.each([900, 1000])('a wait beyond the end of the whole is none: after %i ms', async (ms) => {
    deadline = clock.now() + ms
    first(PATH, gatewayError('90018'))
    expect(await failure(count())).toMatchObject({ reaction: 'later', code: '90018' })
  })
})

describe('banned', () => {
  test.each<[string, Reply]>([
    ['a page', '<!DOCTYPE html><html><body>punish</body></html>'],
    ['a page with 403', { status: 403, body: '\n<html></html>' }],
    ['punish', { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: 'u' }],
    ['punish with 503', { status: 503, body: '{"status":1111,"wait":5,"punish":"deny"}' }],
  ])('no call goes out for five minutes after %s', async (_, ban) => {
    first(PATH, ban)
    await expect(count()).rejects.toMatchObject({ reaction: 'later', code: 'Banned' })
    for (const ms of [0, 299_000]) {
      await clock.advance(ms)
      await expect(count()).rejects.toMatchObject({ reaction: 'later', code: 'Banned' })
    }
    expect(server.askedFor(PATH)).toHaveLength(1)
    await clock.advance(1_000)
    await count()
  })

  test('a clock that is set back by hours makes no ban longer than one is', async () => {
    let back = 0
    client.close()
    client = clientOn(server.url, { ...clock, now: () => clock.now() - back })
    first(PATH, '<html></html>')
    await expect(count()).rejects.toMatchObject({ code: 'Banned' })
    back = 5 * 3_600_000
    await count()
  })
})

test('an answer that is not as declared names the place, and is not asked for again', async () => {
  first(PATH, ok({ count: 'planted' }))
  const error = await failure(count())
  expect(error).toMatchObject({ reaction: 'unreadable', code: 'UnreadableAnswer' })
  expect(String(error)).toMatch(/result\.count/)
  expect(server.askedFor(PATH)).toHaveLength(1)
})

test.each([
  ['as a whole', z.looseObject({}).check(z.refine(() => false)), 'the whole'],
  ['in two places', z.object({ result: z.object({ a: z.string(), b: z.string() }) }), 'result.a, result.b'],
  ['in six places', z.object(Object.fromEntries([...'abcdef'].map((name) => [name, z.string()]))), 'a, b, c, d, e'],
])('an answer that is not as declared %s', async (_, schema, places) => {
  const error = await failure(client.call({ host: 'oapi', method: 'POST', path: PATH }, schema))
  expect(String(error)).toMatch(new RegExp(`cannot be read: ${places}$`))
})

test('what is no failed connection comes out as it is, and is not tried again', async () => {
  client.close()
  client = clientOn('ftp://127.0.0.1')
  await expect(count()).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_PROTOCOL' })
  expect(client.requests()).toBe(1)
})

test('integers keep their digits both ways', async () => {
  server.answer(({ path }) => (path === 'echo' ? '{"errcode":0,"order":176220100000000512}' : undefined))
  const call = { host: 'oapi', method: 'POST', path: 'echo', body: { dept_id: 9007199254740993n } } as const
  expect((await client.call(call, z.looseObject({}))).value).toMatchObject({ order: 176220100000000512n })
})

test('endpoints may have a path of their own', async () => {
  client.close()
  client = clientOn(`${server.url}/dingtalk/oapi//`)
  server.answer(({ path }) => (path.endsWith('accessToken') ? { accessToken: 't', expireIn: 7200 } : ok({ count: 1 })))
  await count()
  expect(server.asked.map(({ path }) => path)).toEqual([`dingtalk/oapi/${TOKEN}`, `dingtalk/oapi/${PATH}`])
})

test('no more than three calls of a path are under way at once', async () => {
  client.close()
  client = clientOn(server.url, systemClock)
  await Promise.all(Array.from({ length: 15 }, count))
  expect(server.mostAtOnce()).toBeLessThanOrEqual(3)
})

test.each<[string, Reply]>([
  ['a stale token', gatewayError('40014', 'planted-token planted-secret')],
  ['a permission', gatewayError('60011', 'planted-token planted-secret')],
  ['a connection', 'hang up'],
  ['an unknown error', { errcode: 70001, errmsg: 'planted-token' }],
  ['a code that is none', { errcode: 'planted-token planted-secret' }],
  ['a page', '<html>planted-secret</html>'],
])('errors name no secret: %s', async (_, reply) => {
  server.answer(({ path }) => (path === PATH ? reply : undefined))
  const error = (await failure(count())) as Error
  expect(`${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toMatch(/planted/)
})
