import { readFailure } from '../../../../shared/dingtalk/directory/readFailure'
import { gatewayError } from '../../../support/dingtalkServer'

const read = (body: object | string, status = 200) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return readFailure('topapi/v2/user/list', { status, text }, typeof body === 'string' ? undefined : { ...body })
}

test.each<[string, object]>([
  ['of the old API', { errcode: 0, errmsg: 'ok', result: {} }],
  ['with its code as text', { errcode: '0', errmsg: 'ok', result: {} }],
  ['without a code', { failed_list: [] }],
  ['of the new API', { nextToken: '0', records: [] }],
  ['that speaks of a code', { code: 'A0042', result: {} }],
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
  ['503 without a code', {}, 'later', 'retry', 503],
  ['404 without a code', {}, 'refused', 'none', 404],
])('%s', (_, body, reaction, remedy, ...[status]) => {
  expect(read(body, status)).toMatchObject({ remedy, error: { reaction } })
})

test.each<[string, string, number, string, string]>([
  ['a page', '<html>', 200, 'later', 'stop'],
  ['a page with 403', ' <!DOCTYPE html>', 403, 'later', 'stop'],
  ['punish', '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u"}', 200, 'later', 'stop'],
  ['1111 as text', '{"status":"1111"}', 200, 'later', 'stop'],
  ['the page of a gateway that is down', '<html>', 502, 'later', 'retry'],
  ['nothing', '', 200, 'unreadable', 'retry'],
  ['half of an answer', '{"errcode":0,"res', 200, 'unreadable', 'retry'],
  ['a text', 'upstream', 500, 'later', 'retry'],
])('what is no JSON: %s', (_, text, status, reaction, remedy) => {
  expect(read(text, status)).toMatchObject({ remedy, error: { reaction } })
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
    ['a permission without a name', gatewayError('60011', '没有权限'), 200, ['a permission']],
    [
      'the address',
      gatewayError('60020', '访问ip不在白名单之中,request ip=203.0.113.7 appKey(dinginvented)'),
      200,
      ['60020', '203.0.113.7'],
    ],
    ['an IPv6 address', gatewayError('60020', 'request ip=2001:db8::7 appKey'), 200, ['2001:db8::7']],
    ['an address that is none', gatewayError('60020', 'request ip=1.2.3 appKey'), 200, ['the address']],
    ['the quota', gatewayError('90020'), 200, ['quota']],
  ])('%s', (_, body, status, words) => {
    for (const word of words) expect(read(body, status)?.error.message).toContain(word)
  })

  test.each<[string, string]>([
    ['a name', '[张三]，李四'],
    ['a link to elsewhere', 'https://evil.example.com/?x=planted'],
    ['a link that only looks right', 'https://dingtalk.com.example.com/planted'],
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
  ['none', '请求总次数超过 20 次', undefined],
  ['no time', '2026-99-99 00:00:00', undefined],
])('until when a limit holds: %s', (_, text, until) => {
  expect(read(gatewayError('90018', text))?.until).toBe(until)
})
