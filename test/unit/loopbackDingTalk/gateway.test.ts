import net from 'node:net'
import { startTestDingTalk, type TestDingTalk } from '../../support/dingtalk'
import { sendRaw, startServer } from '../../support/rawHttp'
import { temporaryFolder } from '../../support/temporaryFolder'
import { waitFor } from '../../support/waitFor'

const folder = temporaryFolder()
let dingtalk: TestDingTalk

beforeAll(async () => {
  dingtalk = await startTestDingTalk({ folder })
})

beforeEach(async () => {
  await dingtalk.clock.advance(60_000)
  await dingtalk.control('reset-counts', {})
  await dingtalk.control('settings', {
    fail: '',
    refused: [],
    emptied: [],
    perSecond: 20,
    banAfter: 10_000,
  })
})

afterAll(() => dingtalk?.close())

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${dingtalk.url}/${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers,
  }).then(async (response) => ({ status: response.status, text: await response.text() }))

/** With its random ids taken out. */
const told = (text: string) => text.replace(/"(request_?id)":"[0-9a-zA-Z]{12}"/, '"$1":"…"')
const count = (token?: string) => dingtalk.oapi('topapi/user/count', { only_active: false }, token)

describe('tokens', () => {
  const keys = () => ({ appKey: dingtalk.appKey, appSecret: dingtalk.appSecret })
  const unified = () => ({
    client_id: dingtalk.appKey,
    client_secret: dingtalk.appSecret,
    grant_type: 'client_credentials',
  })
  const CORP = 'dinga1b2c3d4e5f60718'

  test('the three calls give the same one', async () => {
    const token = await dingtalk.token()
    expect(await post('api/v1.0/oauth2/accessToken', keys())).toEqual({
      status: 200,
      text: `{"expireIn":7200,"accessToken":"${token}"}`,
    })
    expect(await post(`api/v1.0/oauth2/${CORP}/token`, unified())).toEqual({
      status: 200,
      text: `{"access_token":"${token}","expires_in":7200}`,
    })
    const { text } = await dingtalk.get(`oapi/gettoken?appkey=${dingtalk.appKey}&appsecret=${dingtalk.appSecret}`)
    expect(text).toBe(`{"errcode":0,"access_token":"${token}","errmsg":"ok","expires_in":7200}`)
  })

  test('asked for within its life it lives as long again, and then there is another', async () => {
    const token = await dingtalk.token()
    await dingtalk.clock.advance(7_199_000)
    expect(await dingtalk.token()).toBe(token)
    await dingtalk.clock.advance(7_199_000)
    expect(await count(token)).toContain('"errcode":0')
    await dingtalk.clock.advance(1_000)
    expect(await count(token)).toContain('"sub_code":"40014"')
    expect(await dingtalk.token()).not.toBe(token)
  })

  test('a revoked one is stale', async () => {
    const token = await dingtalk.token()
    await dingtalk.control('revoke-token', {})
    expect(await count(token)).toContain('"sub_code":"40014"')
  })

  test.each<[string, () => Promise<{ status: number; text: string }>, number, string]>([
    [
      'a wrong secret',
      () => post('api/v1.0/oauth2/accessToken', { ...keys(), appSecret: 'x' }),
      400,
      '"code":"invalidClientIdOrSecret","message":"无效的clientId或者clientSecret"',
    ],
    [
      'no secret',
      () => post('api/v1.0/oauth2/accessToken', { appKey: dingtalk.appKey }),
      400,
      '"code":"MissingappKey"',
    ],
    ['a wrong corporation', () => post('api/v1.0/oauth2/ding0/token', unified()), 500, '"code":"unknownError"'],
    [
      'another grant',
      () => post(`api/v1.0/oauth2/${CORP}/token`, { ...unified(), grant_type: 'password' }),
      400,
      '"code":"unsupported.grant.type"',
    ],
    [
      'a wrong client',
      () => post(`api/v1.0/oauth2/${CORP}/token`, { ...unified(), client_secret: 'x' }),
      400,
      '"code":"invalid.client"',
    ],
    [
      'the old call with a wrong secret',
      () => dingtalk.get(`oapi/gettoken?appkey=${dingtalk.appKey}&appsecret=x`),
      200,
      '{"errcode":40096,"errmsg":"不合法的appKey或appSecret"}',
    ],
    [
      'the old call without',
      () => dingtalk.get('oapi/gettoken'),
      200,
      '{"errcode":40035,"errmsg":"缺少参数 corpid or appkey"}',
    ],
  ])('%s', async (_, ask, status, text) => {
    const answer = await ask()
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)])
  })

  test('oapi takes it from the query or a form, api from its header alone', async () => {
    const token = await dingtalk.token()
    const form = `access_token=${token}&only_active=false`
    expect((await post('oapi/topapi/user/count', form)).text).toContain('"count":50')
    const header = { 'x-acs-dingtalk-access-token': token }
    expect((await post('oapi/topapi/user/count', { only_active: false }, header)).text).toContain('"sub_code":"40000"')
    const leavers =
      'api/v1.0/contact/empLeaveRecords?startTime=2025-12-01T00:00:00Z&endTime=2026-01-01T00:00:00Z&nextToken=0&maxResults=50'
    expect((await dingtalk.get(leavers, header)).text).toContain('"records":[')
    const inQuery = await dingtalk.get(`${leavers}&access_token=${token}`)
    expect([inQuery.status, inQuery.text]).toEqual([
      400,
      expect.stringContaining('AuthenticationFailed.MissingParameter'),
    ])
  })
})

const link = (permission: string) =>
  `应用尚未开通所需的权限：[${permission}]，点击链接申请并开通即可：https:\\/\\/open-dev.dingtalk.com\\/appscope\\/apply?content=${dingtalk.appKey}%23${permission}{requiredScopes=[${permission}]}`
const gateway = (code: string, message: string) =>
  `{"errcode":88,"sub_code":"${code}","sub_msg":"${message}","errmsg":"ding talk error[subcode=${code},submsg=${message}]","request_id":"…"}`

describe('errors, byte for byte', () => {
  test.each<[string, () => Promise<string>, () => string]>([
    ['a bad token', () => count('bad'), () => gateway('40014', '不合法的access_token')],
    ['no token', () => count(''), () => gateway('40000', 'access_token is blank')],
    [
      'a bad token of an old call, directly',
      async () => (await dingtalk.get('oapi/auth/scopes?access_token=bad')).text,
      () => '{"errcode":40014,"errmsg":"不合法的access_token"}',
    ],
    [
      'a bad token of api',
      async () =>
        (await dingtalk.get('api/v1.0/contact/empLeaveRecords', { 'x-acs-dingtalk-access-token': 'bad' })).text,
      () => '{"code":"InvalidAuthentication","requestid":"…","message":"不合法的access_token"}',
    ],
    [
      'nobody',
      () => dingtalk.oapi('topapi/v2/user/get', { userid: 'nobody' }),
      () => '{"errcode":60121,"errmsg":"找不到该用户","request_id":"…"}',
    ],
    [
      'a call that is none',
      () => dingtalk.oapi('topapi/v2/user/delete'),
      () =>
        '{"errcode":22,"sub_msg":"不合法ApiName，ApiName = dingtalk.oapi.v2.user.delete","errmsg":"Invalid method[dingtalk.oapi.v2.user.delete]","request_id":"…"}',
    ],
    [
      'none of api',
      async () => (await dingtalk.get('api/v1.0/contact/users')).text,
      () => '{"errcode":404,"errmsg":"请求的URI地址不存在"}',
    ],
    [
      'a call of the other host',
      async () => (await dingtalk.get('oapi/v1.0/contact/empLeaveRecords')).text,
      () => '{"errcode":404,"errmsg":"请求的URI地址不存在"}',
    ],
    [
      'a body that is no JSON has no arguments',
      () => dingtalk.oapi('topapi/user/count', '{"only_active":'),
      () => '{"errcode":40035,"errmsg":"缺少参数 onlyActive","request_id":"…"}',
    ],
  ])('%s', async (_, ask, expected) => {
    expect(told(await ask())).toBe(expected())
  })

  test.each([
    ['qyapi_get_member', 'topapi/v2/user/get'],
    ['qyapi_get_department_member', 'topapi/v2/user/list'],
    ['qyapi_get_department_list', 'topapi/v2/department/listsub'],
  ])('without the permission %s %s is refused, and others are not', async (permission, path) => {
    await dingtalk.control('settings', { refused: [permission] })
    expect(told(await dingtalk.oapi(path))).toBe(gateway('60011', link(permission)))
    const other = permission === 'qyapi_get_member' ? 'topapi/v2/department/listsub' : 'topapi/user/listadmin'
    expect(await dingtalk.oapi(other)).toContain('"errcode":0')
  })

  test('without that of the leavers api says which', async () => {
    await dingtalk.control('settings', { refused: ['Contact.Common.Read'] })
    const header = { 'x-acs-dingtalk-access-token': await dingtalk.token() }
    const { status, text } = await dingtalk.get('api/v1.0/contact/empLeaveRecords', header)
    expect([status, JSON.parse(text)]).toEqual([
      403,
      {
        code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
        requestid: expect.any(String),
        message: expect.any(String),
        accessdenieddetail: { requiredScopes: ['Contact.Common.Read'] },
      },
    ])
  })
})

describe('limits', () => {
  test('the 21st call of a second is refused with the times, of another path none, and the next second takes 20 again', async () => {
    const token = await dingtalk.token()
    for (let call = 0; call < 20; call++) expect(await count(token)).toContain('"errcode":0')
    const limit =
      '当前应用调用该接口次数过多, apiPath(dingtalk.oapi.user.count), 从 TIME 到 TIME 请求总次数超过 20 次, 限制将在 TIME 结束.'
    const times: string[] = []
    const refused = told(await count(token)).replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, (time) => {
      times.push(time)
      return 'TIME'
    })
    expect(refused).toBe(gateway('90018', limit))
    const second = Math.floor(dingtalk.clock.now() / 1_000) * 1_000
    expect(times.slice(0, 3).map((time) => Date.parse(`${time.replace(' ', 'T')}+08:00`))).toEqual([
      second,
      second + 1_000,
      second + 1_000,
    ])
    expect(await dingtalk.oapi('topapi/user/listadmin', {}, token)).toContain('"errcode":0')
    await dingtalk.clock.advance(1_000)
    expect(await count(token)).toContain('"errcode":0')
  })

  test('each path is counted by second, and the most of any 1,000 ms are told', async () => {
    const token = await dingtalk.token()
    const start = Math.floor(dingtalk.clock.now() / 1_000)
    await dingtalk.clock.advance(900)
    for (let call = 0; call < 15; call++) await count(token)
    await dingtalk.clock.advance(200)
    for (let call = 0; call < 15; call++) await count(token)
    const { body } = await dingtalk.control('counts')
    expect(body).toMatchObject({
      calls: 31,
      bannedForMs: 0,
      paths: {
        'oapi/topapi/user/count': {
          calls: 30,
          refused: 0,
          mostInASecond: 30,
          bySecond: { [start]: 15, [start + 1]: 15 },
        },
        'oapi/gettoken': { calls: 1 },
      },
    })
  })

  test('who goes on is banned for five minutes, with a page that is no JSON', async () => {
    const token = await dingtalk.token()
    await dingtalk.control('settings', { banAfter: 30 })
    const answers: string[] = []
    for (let call = 0; call < 31; call++) answers.push(await count(token))
    expect(answers.filter((text) => text.includes('"errcode":0'))).toHaveLength(20)
    expect(answers.at(-1)).toMatch(/^<!DOCTYPE html>/)
    await dingtalk.clock.advance(299_000)
    expect(await count(token)).toMatch(/^<!DOCTYPE html>/)
    await dingtalk.clock.advance(1_000)
    expect(await count(token)).toContain('"errcode":0')
  })
})

describe('faults on demand', () => {
  test.each<[string, RegExp]>([
    ['throttle', /"sub_code":"90018"/],
    ['throttle-all', /"sub_code":"90002".*请求总次数超过 1200 次, 限制将在 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d 结束/],
    ['busy', /^\{"errcode":-1,/],
    ['address', /"sub_code":"60020".*request ip=203\.0\.113\.7 appKey\(ding/],
    ['stale', /"sub_code":"40014"/],
    ['html', /^<!DOCTYPE html>/],
    ['punish', /^\{"status":1111,"wait":5,"source":"x5","punish":"deny"/],
    ['truncated', /^\{"errcode":0,[^}]*$/],
    // the address book is free
    ['quota', /"errcode":0/],
  ])('%s', async (fault, expected) => {
    const token = await dingtalk.token()
    await dingtalk.control('settings', { fail: `${fault}=100%` })
    expect(await count(token)).toMatch(expected)
  })

  test('the quota of a month is for what is counted', async () => {
    const token = await dingtalk.token()
    await dingtalk.control('settings', { fail: 'quota=100%' })
    expect((await dingtalk.get(`oapi/auth/scopes?access_token=${token}`)).text).toContain('"errcode":90020')
  })

  test('reset ends the connection', async () => {
    const token = await dingtalk.token()
    await dingtalk.control('settings', { fail: 'reset=100%' })
    await expect(count(token)).rejects.toThrow('fetch failed')
  })

  test('hang says nothing', async () => {
    await dingtalk.control('settings', { fail: 'hang=100%' })
    const hanging = fetch(`${dingtalk.url}/oapi/auth/scopes`, { signal: AbortSignal.timeout(100) })
    await expect(hanging).rejects.toThrow('aborted')
  })

  test('latency: the answer comes when its time has come', async () => {
    const token = await dingtalk.token()
    await dingtalk.control('settings', { fail: 'latency=10s' })
    let isThere = false
    const answer = count(token).then((text) => {
      isThere = true
      return text
    })
    while (dingtalk.clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve))
    await dingtalk.clock.advance(9_999)
    expect(isThere).toBe(false)
    await dingtalk.clock.advance(1)
    expect(await answer).toContain('"errcode":0')
  })

  test.each([
    ['throtle=5%', /^fail does not know "throtle=5%"\. It takes, .*callback-lost=5%/],
    ['throttle=60%,busy=60%', /together may be 100%/],
    ['callback-lost=101%', /must be a percentage/],
  ])('"%s" is refused', async (fail, message) => {
    const { status, body } = await dingtalk.control('settings', { fail })
    expect([status, body['message']]).toEqual([400, expect.stringMatching(message)])
  })
})

describe('what no client of DingTalk sends', () => {
  test('a body that is too long changes nothing', async () => {
    const before = await dingtalk.truth()
    const long = `{"name":"${'x'.repeat(1024 ** 2)}"}`
    expect(await post('control/hire', long)).toEqual({ status: 413, text: expect.stringContaining('1048576 bytes') })
    expect(await dingtalk.truth()).toEqual(before)
  })

  test.each(['control/hire', 'oapi/topapi/v2/user/get'])('whoever goes before %s is sent is no fault', async (path) => {
    let answered: Promise<void> | undefined
    const server = await startServer((req, res) => {
      answered = dingtalk.handle(req, res)
      socket.destroy()
    })
    const socket = net.connect(server.port, '127.0.0.1')
    socket.write(`POST /dingtalk/${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{`)
    try {
      await waitFor(() => answered !== undefined)
      await expect(answered).resolves.toBeUndefined()
    } finally {
      await server.close()
    }
  })

  test.each(['//', '/?ticket=x', '//?ticket=%', '*', 'http://['])('no websocket at %s', async (path) => {
    const keys = { clientId: dingtalk.appKey, clientSecret: dingtalk.appSecret }
    const { text } = await post('api/v1.0/gateway/connections/open', keys)
    const { port } = new URL((JSON.parse(text) as { endpoint: string }).endpoint)
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
    const lines = [`GET ${path} HTTP/1.1`, 'Host: x', ...upgrade, `Sec-WebSocket-Key: ${'A'.repeat(22)}==`]
    expect((await sendRaw(Number(port), `${lines.join('\r\n')}\r\n\r\n`)).status).toBe(401)
  })
})
