import { readFailure } from '../../../../shared/dingtalk/directory/readFailure'
import { stringifyLossless } from '../../../../shared/json'
import { gatewayError } from '../../../support/dingtalkServer'

const read = (body: object | string, status = 200) => {
  const text = typeof body === 'string' ? body : stringifyLossless(body)
  return readFailure('topapi/v2/user/list', { status, text }, typeof body === 'string' ? undefined : { ...body })
}

test.each<[string, object]>([
  ['of the old API', { errcode: 0, errmsg: 'ok', result: {} }],
  ['with its code as text', { errcode: '0', errmsg: 'ok', result: {} }],
  ['without a code', { failed_list: [] }],
  ['of the new API', { nextToken: '0', records: [] }],
  ['that speaks of a code', { code: 'A0042', result: {} }],
  ['with a code of null', { errcode: null, result: {} }],
  ['that holds what would be a page', { errcode: 0, result: { title: ' <html>' } }],
])('a success is none: %s', (_, body) => {
  expect(read(body)).toBeUndefined()
})

test.each<[string, object, string, string, number?]>([
  ['60121', { errcode: 60121, errmsg: '找不到该用户' }, 'gone', 'none'],
  ['33012', { errcode: 33012 }, 'gone', 'none'],
  ['60121 as text', { errcode: '60121' }, 'gone', 'none'],
  ['60003', { errcode: 60003 }, 'gone', 'none'],
  ['50002', { errcode: 50002 }, 'outOfScope', 'none'],
  ['50004', { errcode: 50004 }, 'outOfScope', 'none'],
  ['50004 by way of the gateway', gatewayError('50004'), 'outOfScope', 'none'],
  ['40014', gatewayError('40014'), 'later', 'renew'],
  ['40001 itself', { errcode: 40001 }, 'later', 'renew'],
  ['no token', gatewayError('40000', 'access_token is blank'), 'later', 'renew'],
  [
    '88 with its code in the text alone',
    { errcode: 88, errmsg: 'ding talk error[subcode=40014,submsg=x]' },
    'later',
    'renew',
  ],
  ['88 with a number', { errcode: 88, sub_code: 60011 }, 'denied', 'none'],
  ['60011', gatewayError('60011'), 'denied', 'none'],
  ['43007', { errcode: 43007 }, 'denied', 'none'],
  ['60020', gatewayError('60020'), 'denied', 'none'],
  ['90020', gatewayError('90020'), 'denied', 'none'],
  ['40096', { errcode: 40096 }, 'denied', 'none'],
  ['90018', gatewayError('90018'), 'later', 'wait'],
  ['90002 itself', { errcode: 90002 }, 'later', 'wait'],
  ['90006', gatewayError('90006'), 'later', 'wait'],
  ['-1', { errcode: -1 }, 'later', 'retry'],
  ['400001', { errcode: 400001 }, 'later', 'retry'],
  ['400002', { errcode: 400002 }, 'refused', 'none'],
  ['40035', { errcode: 40035 }, 'refused', 'none'],
  ['an unknown path', { errcode: 22, sub_msg: '不合法ApiName' }, 'refused', 'none'],
  ['an unknown path of the new API', { errcode: 404, errmsg: '请求的URI地址不存在' }, 'refused', 'none'],
  ['88 alone', { errcode: 88 }, 'refused', 'none'],
  ['a code nobody knows', { errcode: 987654 }, 'refused', 'none'],
  [
    'a permission of the new API',
    { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied' },
    'denied',
    'none',
    403,
  ],
  ['an address of the new API', { code: 'Forbidden.AccessDenied.IpNotInWhiteList' }, 'denied', 'none', 403],
  ['a quota of the new API', { code: 'Forbidden.AccessDenied.ApiCountLimitForOrg' }, 'denied', 'none', 403],
  ['the rate of the new API', { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' }, 'later', 'wait', 403],
  ['no token of the new API', { code: 'AuthenticationFailed.MissingParameter' }, 'later', 'renew', 400],
  ['an argument of the new API', { code: 'invalidParameter.param.invalid' }, 'refused', 'none', 400],
  ['an argument that is missing', { code: 'MissingParameter' }, 'refused', 'none', 400],
  ['500', { code: 'anything' }, 'later', 'retry', 500],
  ['429', { code: 'anything' }, 'later', 'wait', 429],
  ['503 without a code', {}, 'later', 'retry', 503],
  ['404 without a code', {}, 'refused', 'none', 404],
])('%s', (_, body, reaction, remedy, ...[status]) => {
  expect(read(body, status)).toMatchObject({ remedy, error: { reaction } })
})

test.each<[string, object, number, string]>([
  ['of the old API', { errcode: 60121 }, 200, '60121'],
  ['of the gateway', gatewayError('40014'), 200, '40014'],
  ['of the gateway, in its text alone', { errcode: 88, errmsg: 'ding talk error[subcode=-1,submsg=x]' }, 200, '-1'],
  ['of the gateway, without one', { errcode: 88, errmsg: 'ding talk error' }, 200, '88'],
  ['of the new API', { code: 'invalidParameter.param.invalid' }, 400, 'invalidParameter.param.invalid'],
  ['of HTTP', {}, 400, 'Http400'],
  ['of HTTP, beside a code of null', { code: null }, 404, 'Http404'],
  ['with blanks', { errcode: 'planted planted' }, 200, 'UnknownCode'],
  ['that goes on for ever', { code: 'x'.repeat(101) }, 500, 'UnknownCode'],
  ['that is an object', { errcode: { toString: 'planted' } }, 200, 'UnknownCode'],
  ['of the gateway, that is an object', { errcode: 88, sub_code: { toString: 'planted' } }, 200, 'UnknownCode'],
  ['of the gateway, whose text is an object', { errcode: 88, errmsg: { toString: 'planted' } }, 200, '88'],
])('a code %s', (_, body, status, code) => {
  expect(read(body, status)?.error.code).toBe(code)
})

test.each<[string, string, number, string, string, string]>([
  ['a page', '<html>', 200, 'later', 'stop', 'Banned'],
  ['a page with 403', ' <!DOCTYPE html>', 403, 'later', 'stop', 'Banned'],
  ['punish', '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u"}', 200, 'later', 'stop', 'Banned'],
  ['punish alone', '{"punish":"deny"}', 200, 'later', 'stop', 'Banned'],
  ['punish, with blanks', '{ "punish" : "deny" }', 200, 'later', 'stop', 'Banned'],
  ['1111, with blanks', '{ "status" : 1111 }', 200, 'later', 'stop', 'Banned'],
  ['1111 alone', '{"status":1111}', 200, 'later', 'stop', 'Banned'],
  ['1111 as text', '{"status":"1111"}', 200, 'later', 'stop', 'Banned'],
  ['the page of a gateway that fails', '<html>', 500, 'later', 'retry', 'Http500'],
  ['the page of a gateway that is down', '<html>', 502, 'later', 'retry', 'Http502'],
  ['nothing', '', 200, 'unreadable', 'retry', 'NotJson'],
  ['half of an answer', '{"errcode":0,"res', 200, 'unreadable', 'retry', 'NotJson'],
  ['a text', 'upstream', 500, 'later', 'retry', 'Http500'],
  ['a text with 400', 'upstream', 400, 'later', 'retry', 'Http400'],
])('what is no JSON: %s', (_, text, status, reaction, remedy, code) => {
  expect(read(text, status)).toMatchObject({ remedy, error: { reaction, code } })
})

test('somebody whose name is punish is not banned', () => {
  expect(read({ errcode: 0, result: { name: '"punish":', title: 'punish' } })).toBeUndefined()
})

describe('what an operator is told', () => {
  const link = 'https://open-dev.dingtalk.com/appscope/apply?content=dinginvented%23qyapi_get_department_list'
  test.each<[string, object, number, string[]]>([
    [
      'a permission by its name, and where it is granted',
      gatewayError('60011', `应用尚未开通所需的权限：[qyapi_get_department_list]，点击链接申请并开通即可：${link}`),
      200,
      ['60011', 'qyapi_get_department_list', link],
    ],
    [
      'a permission of the new API',
      {
        code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
        accessdenieddetail: { requiredScopes: ['Contact.User.Read'] },
      },
      403,
      ['Contact.User.Read'],
    ],
    [
      'several of the new API',
      {
        code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
        accessdenieddetail: { requiredScopes: ['Contact.User.Read', 'Contact.Dept.Read'] },
      },
      403,
      ['lacks Contact.User.Read,Contact.Dept.Read.'],
    ],
    [
      'several, with blanks',
      gatewayError('60011', '[qyapi_one, qyapi_two , qyapi_three]'),
      200,
      ['lacks qyapi_one, qyapi_two , qyapi_three.'],
    ],
    [
      'a permission without a name',
      gatewayError('60011', '没有权限'),
      200,
      ['a permission', 'in the developer console'],
    ],
    [
      'a permission, where texts are objects',
      { errcode: 60011, errmsg: { toString: 1 }, message: 7 },
      200,
      ['a permission'],
    ],
    [
      'a permission, where a detail is beyond 2^53',
      { errcode: 60011, accessdenieddetail: { app: 2n ** 60n } },
      200,
      ['a permission'],
    ],
    [
      'the address',
      gatewayError('60020', '访问ip不在白名单之中,request ip=203.0.113.7 appKey(dinginvented)'),
      200,
      ['60020', '203.0.113.7'],
    ],
    ['the address, with blanks', gatewayError('60020', 'request ip = 203.0.113.7 appKey'), 200, ['203.0.113.7']],
    [
      'the address, where another text follows',
      { errcode: 60020, sub_msg: 'request ip=203.0.113.7', errmsg: 'ding talk error' },
      200,
      ['203.0.113.7 is not'],
    ],
    ['an IPv6 address', gatewayError('60020', 'request ip=2001:db8::7 appKey'), 200, ['2001:db8::7']],
    ['an address that is none', gatewayError('60020', 'request ip=1.2.3 appKey'), 200, ['the address']],
    ['the quota', gatewayError('90020'), 200, ['quota']],
  ])('%s', (_, body, status, words) => {
    for (const word of words) expect(read(body, status)?.error.message).toContain(word)
  })

  test('for how long a ban lasts, and which call it was', () => {
    expect(read('<html>')?.error.message).toMatch(/some minutes.*topapi\/v2\/user\/list \(Banned\)/)
  })

  test.each(['40014', '60011', '60020', '90020', '40096', '90018', '-1', '60121', '50002', '40035'])(
    'which call it was, and the code: %s',
    (code) => {
      expect(read({ errcode: code })?.error.message).toContain(`topapi/v2/user/list (${code})`)
    },
  )

  test.each<[string, string]>([
    ['a name', '[张三]，李四'],
    ['a link to elsewhere', 'https://evil.example.com/?x=planted'],
    ['a link that only looks right', 'https://dingtalk.com.example.com/planted'],
    ['a list in which one is no name', '[qyapi_one, 138planted]'],
    ['a list of other things', '[138001380000 planted]'],
  ])('and nothing else of what DingTalk says: %s', (_, text) => {
    expect(read(gatewayError('60011', text))?.error.message).not.toMatch(/planted|张三|李四/)
  })
})

test.each<[string, string, number | undefined]>([
  ['the end', '从 2026-09-03 00:01:02 到 2026-09-03 00:01:03 请求总次数超过 20 次', Date.parse('2026-09-02T16:01:03Z')],
  [
    'the end, named again',
    '到 2026-09-03 00:01:03 …, 限制将在 2026-09-03 00:01:04 结束.',
    Date.parse('2026-09-02T16:01:04Z'),
  ],
  ['the only one', '限制将在 2026-09-03 00:01:03 结束', Date.parse('2026-09-02T16:01:03Z')],
  ['none', '请求总次数超过 20 次', undefined],
  ['no time', '2026-99-99 00:00:00', undefined],
])('until when a limit holds: %s', (_, text, until) => {
  expect(read({ errcode: 90018, errmsg: text })?.until).toBe(until)
})
