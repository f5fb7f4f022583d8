import { createCalls } from '../../../local/dingtalk/calls/calls'
import { type Access, createDirectory, FULL_ACCESS } from '../../../local/dingtalk/directory'
import { textOfAnswer } from '../../../local/dingtalk/gateway'
import { createOrganisation, type Department, type Person, type Role } from '../../../local/dingtalk/organisation'
import { stringifyLossless } from '../../../shared/json'

// One small organisation, told as real answers tell of theirs: the fields, their order, types and digits are those of
// answers that people have pasted into public code, with invented people in them.

const LIN: Person = {
  userid: '014725836901234567',
  unionid: 'Qk3inventedPersonAiEiE',
  name: '林晓满',
  placements: [
    { deptId: '610000447', order: '176274900000000512', leader: false },
    { deptId: '610000449', order: '176220100000000512', leader: true },
  ],
  active: true,
  adminLevel: 0,
  boss: false,
  senior: false,
  hideMobile: false,
  realAuthed: true,
  createdAt: Date.parse('2026-03-02T01:05:43.000Z'),
  modifiedAt: Date.parse('2026-03-02T01:05:43.000Z'),
  jobNumber: 'A0042',
  title: '工程师',
  avatar: '',
  telephone: '',
  mobile: '',
  email: '',
  workPlace: '',
  remark: '',
  roles: ['20001'],
}
const { avatar: _, jobNumber: __, telephone: ___, title: ____, ...bare } = LIN
const ZHOU: Person = {
  ...bare,
  userid: '0260470000730001',
  unionid: 'Zp9inventedPersonBiEiE',
  name: '周予安',
  placements: [{ deptId: '610000447', order: '176220100000000512', leader: true }],
  active: false,
  adminLevel: 2,
  avatar: 'https://static.example.test/a.jpg',
  managerId: 'manager8801',
  hiredAt: 1_772_380_800_000,
  roles: [],
  account: { loginId: 'zhou', nickname: '小周', stopped: true },
  union: { userid: 'u1', corpId: 'ding2' },
  modifiedAt: LIN.modifiedAt + 1,
  createdAt: LIN.createdAt + 1,
}
const HIDDEN: Person = {
  ...bare,
  userid: 'Hidden-1',
  name: '隐',
  placements: [{ deptId: '610000448', order: '1', leader: false }],
}

const plain = { order: '610000447', hidden: false, createGroup: false, managerIds: [], fromUnionOrg: false }
const DEPARTMENTS: Department[] = [
  { ...plain, id: '1', name: '示例科技', order: '1' },
  {
    ...plain,
    id: '610000447',
    name: '平台组',
    parentId: '1',
    createGroup: true,
    order: '176292700000000512',
    managerIds: ['m1'],
  },
  { ...plain, id: '610000448', name: '财务', parentId: '1', hidden: true, sourceIdentifier: 'HR:2:0001' },
  { ...plain, id: '610000449', name: 'A/B', parentId: '610000447', fromUnionOrg: true },
  { ...plain, id: '90071992547409931', name: '长', parentId: '610000449' },
]
const ROLES: Role[] = [
  { id: '20001', name: '负责人', groupId: '1', groupName: '默认' },
  { id: '2390000715', name: '值班经理', groupId: '1680000118', groupName: '职务' },
]

function answerTo(path: string, args: Record<string, unknown>, access: Partial<Access> = {}): string {
  const organisation = createOrganisation(ROLES)
  for (const department of DEPARTMENTS) organisation.apply({ department })
  for (const person of [LIN, ZHOU, HIDDEN]) organisation.apply({ person })
  organisation.apply({
    leaver: { userid: 'left-1', name: '离', at: Date.parse('2026-05-01T08:00:00Z'), reason: 'leave' },
  })
  organisation.apply({
    leaver: { userid: 'left-2', name: '去', at: Date.parse('2026-05-02T08:00:00Z'), reason: 'delete' },
  })
  const directory = createDirectory(organisation, () => ({ ...FULL_ACCESS, ...access }))
  const call = createCalls(() => ({})).get(path)
  if (call === undefined) throw new Error(`no call ${path}`)
  try {
    const fields = call.run(args, directory)
    return call.family === 'api'
      ? stringifyLossless(fields ?? null)
      : textOfAnswer('oapi', { body: { errcode: 0, errmsg: 'ok', ...fields } })
  } catch (error) {
    const { errcode, message } = error as { errcode: number; message: string }
    return `${errcode} ${message}`
  }
}

const ALL_FIELDS: Partial<Access> = { grants: ['mobile', 'email'] }
const PART: Partial<Access> = { range: { departments: ['610000449'], users: ['0260470000730001'] } }
const page = { cursor: 0, size: 100, contain_access_limit: true }

/** as pasted, apart from the request_id, which the gateway adds */
const LISTED_LIN =
  '{"active":true,"admin":false,"avatar":"","boss":false,"dept_id_list":[610000447,610000449],"dept_order":176274900000000512,"email":"","exclusive_account":false,"extension":"{}","hide_mobile":false,"job_number":"A0042","leader":false,"mobile":"","name":"林晓满","remark":"","state_code":"86","telephone":"","title":"工程师","unionid":"Qk3inventedPersonAiEiE","userid":"014725836901234567","work_place":""}'
const WHOLE_LIN =
  '{"active":true,"admin":false,"avatar":"","boss":false,"create_time":"2026-03-02T01:05:43.000Z","dept_id_list":[610000447,610000449],"dept_order_list":[{"dept_id":610000447,"order":176274900000000512},{"dept_id":610000449,"order":176220100000000512}],"email":"","exclusive_account":false,"hide_mobile":false,"job_number":"A0042","leader_in_dept":[{"dept_id":610000447,"leader":false},{"dept_id":610000449,"leader":true}],"mobile":"","name":"林晓满","real_authed":true,"remark":"","role_list":[{"group_name":"默认","id":20001,"name":"负责人"}],"senior":false,"state_code":"86","telephone":"","title":"工程师","union_emp_ext":{},"unionid":"Qk3inventedPersonAiEiE","userid":"014725836901234567","work_place":""}'
const WHOLE_ZHOU =
  '{"active":false,"admin":true,"avatar":"https:\\/\\/static.example.test\\/a.jpg","boss":false,"create_time":"2026-03-02T01:05:43.001Z","dept_id_list":[610000447],"dept_order_list":[{"dept_id":610000447,"order":176220100000000512}],"disable_status":true,"exclusive_account":true,"exclusive_account_type":"dingtalk","hide_mobile":false,"hired_date":1772380800000,"leader_in_dept":[{"dept_id":610000447,"leader":true}],"login_id":"zhou","manager_userid":"manager8801","name":"周予安","nickname":"小周","real_authed":true,"senior":false,"union_emp_ext":{"corp_id":"ding2","union_emp_map_list":[{"corp_id":"ding2","userid":"u1"}],"userid":"u1"},"unionid":"Zp9inventedPersonBiEiE","userid":"0260470000730001"}'

const ok = (result: string) => `{"errcode":0,"errmsg":"ok","result":${result}}`

describe('users', () => {
  test.each<[string, string, Record<string, unknown>, string, Partial<Access>?]>([
    ['a person, with every field granted', 'v2/user/get', { userid: LIN.userid }, ok(WHOLE_LIN), ALL_FIELDS],
    ['another, with none', 'v2/user/get', { userid: ZHOU.userid, language: 'en_US' }, ok(WHOLE_ZHOU)],
    ['by login id, which goes first', 'v2/user/get', { userid: 'x', login_id: 'zhou' }, ok(WHOLE_ZHOU)],
    ['nobody', 'v2/user/get', { userid: 'nobody' }, '60121 找不到该用户'],
    ['in other capitals', 'v2/user/get', { userid: 'hidden-1' }, '60121 找不到该用户'],
    ['who has left', 'v2/user/get', { userid: 'left-1' }, '60121 找不到该用户'],
    ['without an id', 'v2/user/get', {}, '400002 参数错误'],
    ['in no language', 'v2/user/get', { userid: LIN.userid, language: 'de' }, '400002 参数错误'],
    ['out of range', 'v2/user/get', { userid: 'Hidden-1' }, '50002 请求的员工userid不在授权范围内', PART],
    [
      'in range by the second department',
      'v2/user/get',
      { userid: LIN.userid },
      ok(WHOLE_LIN),
      { ...ALL_FIELDS, ...PART },
    ],
    ['in range one by one', 'v2/user/get', { userid: ZHOU.userid }, ok(WHOLE_ZHOU), PART],
    [
      'the first page, by order, whose next is named',
      'v2/user/list',
      { dept_id: 610000447, ...page, size: 1 },
      ok(`{"has_more":true,"next_cursor":1,"list":[${LISTED_LIN}]}`),
      ALL_FIELDS,
    ],
    ['beyond the last', 'v2/user/list', { dept_id: 610000447, ...page, cursor: 7 }, ok('{"has_more":false,"list":[]}')],
    ['of an empty one', 'v2/user/list', { dept_id: 1, ...page }, ok('{"has_more":false,"list":[]}')],
    ['without a size', 'v2/user/list', { dept_id: 1, cursor: 0 }, '40035 缺少参数 size'],
    ['without a cursor', 'v2/user/list', { dept_id: 1, size: 1 }, '40035 缺少参数 cursor'],
    ['without a department', 'v2/user/list', page, '40035 缺少参数 deptId'],
    ['size 0', 'v2/user/list', { dept_id: 1, cursor: 0, size: 0 }, '400002 参数错误'],
    ['size 101', 'v2/user/list', { dept_id: 1, cursor: 0, size: 101 }, '400002 参数错误'],
    ['cursor 100001', 'v2/user/list', { dept_id: 1, cursor: 100_001, size: 1 }, '400002 参数错误'],
    ['an order of no name', 'v2/user/list', { dept_id: 1, ...page, order_field: 'name' }, '400002 参数错误'],
    ["the school's contacts", 'v2/user/list', { dept_id: -1, ...page }, '60003 部门不存在'],
    ['a department that is gone', 'v2/user/list', { dept_id: 12, ...page }, '60003 部门不存在'],
    ['a foreign department', 'v2/user/list', { dept_id: 610000448, ...page }, '50004 请求的部门id不在授权范围内', PART],
    ['the root, in part', 'v2/user/list', { dept_id: 1, ...page }, '50004 请求的部门id不在授权范围内', PART],
    [
      'a permission lost in silence',
      'v2/user/list',
      { dept_id: 610000447, ...page },
      ok('{"has_more":false,"list":[]}'),
      { emptied: ['qyapi_get_department_member'] },
    ],
    [
      'hidden people',
      'user/listsimple',
      { dept_id: 610000448, ...page },
      ok('{"has_more":false,"list":[{"name":"隐","userid":"Hidden-1"}]}'),
    ],
    ['without them', 'user/listsimple', { dept_id: 610000448, cursor: 0, size: 1 }, ok('{"has_more":false,"list":[]}')],
    ['a bad size', 'user/listsimple', { dept_id: 1, cursor: 0, size: 0 }, '40069 不合法的分页大小'],
    ['a bad cursor', 'user/listsimple', { dept_id: 1, cursor: 'x', size: 1 }, '40068 不合法的偏移量'],
    ['ids, whatever the range', 'user/listid', { dept_id: '610000448' }, ok('{"userid_list":["Hidden-1"]}'), PART],
    ['ids of none', 'user/listid', { dept_id: 12 }, '60003 部门不存在'],
    ['all', 'user/count', { only_active: false }, ok('{"count":3}'), PART],
    ['those that are activated', 'user/count', { only_active: 'true' }, ok('{"count":2}')],
    ['not said which', 'user/count', {}, '40035 缺少参数 onlyActive'],
    ['administrators', 'user/listadmin', {}, ok('[{"sys_level":2,"userid":"0260470000730001"}]'), PART],
  ])('%s: %s %j', (_, path, args, expected, access = {}) => {
    expect(answerTo(`oapi/topapi/${path}`, args, access)).toBe(expected)
  })

  test.each([
    ['entry_asc', [LIN, ZHOU]],
    ['entry_desc', [ZHOU, LIN]],
    ['modify_asc', [LIN, ZHOU]],
    ['modify_desc', [ZHOU, LIN]],
    ['custom', [LIN, ZHOU]],
  ])('in the order %s', (order_field, people) => {
    const answer = answerTo('oapi/topapi/user/listsimple', { dept_id: 610000447, ...page, order_field })
    const list = people.map(({ name, userid }) => ({ name, userid }))
    expect(answer).toBe(ok(JSON.stringify({ has_more: false, list })))
  })

  test('of two departments each list tells its own order and leadership', () => {
    const answer = answerTo('oapi/topapi/v2/user/list', { dept_id: 610000449, ...page })
    expect(answer).toContain('"dept_id_list":[610000447,610000449],"dept_order":176220100000000512')
    expect(answer).toContain('"leader":true')
  })
})

const [PLATFORM, FINANCE] = [
  '{"auto_add_user":true,"create_dept_group":true,"dept_id":610000447,"name":"平台组","parent_id":1}',
  '{"auto_add_user":false,"create_dept_group":false,"dept_id":610000448,"name":"财务","parent_id":1,"source_identifier":"HR:2:0001"}',
]

describe('departments', () => {
  test.each<[string, string, Record<string, unknown>, string, Partial<Access>?]>([
    ['below the root, without the root', 'listsub', {}, ok(`[${PLATFORM},${FINANCE}]`)],
    ['the same, as text', 'listsub', { dept_id: '1' }, ok(`[${PLATFORM},${FINANCE}]`)],
    [
      'one level, with a key that no document has, and slashes escaped',
      'listsub',
      { dept_id: 610000447 },
      ok(
        '[{"auto_add_user":false,"create_dept_group":false,"dept_id":610000449,"ext":"{\\"faceCount\\":\\"3\\"}","from_union_org":true,"name":"A\\/B","parent_id":610000447}]',
      ),
    ],
    [
      'an id beyond 2^53',
      'listsub',
      { dept_id: 610000449 },
      ok(
        '[{"auto_add_user":false,"create_dept_group":false,"dept_id":90071992547409931,"name":"长","parent_id":610000449}]',
      ),
    ],
    ['of that id', 'listsub', { dept_id: '90071992547409931' }, ok('[]')],
    ['a permission lost in silence', 'listsub', {}, ok('[]'), { emptied: ['qyapi_get_department_list'] }],
    ['gone', 'listsub', { dept_id: 12 }, '60003 部门不存在'],
    ['of no number', 'listsub', { dept_id: 'x' }, '400002 参数错误'],
    ['the root, in part', 'listsub', {}, '50004 请求的部门id不在授权范围内', PART],
    ['ids, whatever the range', 'listsubid', { dept_id: 1 }, ok('{"dept_id_list":[610000447,610000448]}'), PART],
    ['ids of none', 'listsubid', { dept_id: 12 }, '60003 部门不存在'],
    ['one that is gone', 'get', { dept_id: 12 }, '60003 部门不存在'],
    ['not said which', 'get', {}, '40035 缺少参数 deptId'],
    ['a foreign one', 'get', { dept_id: 610000448 }, '50004 请求的部门id不在授权范围内', PART],
    [
      'the root, which has no parent',
      'get',
      { dept_id: 1 },
      ok(
        '{"auto_add_user":false,"create_dept_group":false,"dept_id":1,"dept_manager_userid_list":[],"dept_permits":[],"from_union_org":false,"group_contain_sub_dept":false,"hide_dept":false,"member_count":3,"name":"示例科技","order":1,"outer_dept":false,"outer_permit_depts":[],"outer_permit_users":[],"user_permits":[]}',
      ),
    ],
    [
      'one with those below it, each counted once',
      'get',
      { dept_id: 610000447 },
      ok(
        '{"auto_add_user":true,"create_dept_group":true,"dept_id":610000447,"dept_manager_userid_list":["m1"],"dept_permits":[],"from_union_org":false,"group_contain_sub_dept":false,"hide_dept":false,"member_count":2,"name":"平台组","order":176292700000000512,"org_dept_owner":"m1","outer_dept":false,"outer_permit_depts":[],"outer_permit_users":[],"parent_id":1,"user_permits":[]}',
      ),
    ],
  ])('%s: %s %j', (_, path, args, expected, access = {}) => {
    expect(answerTo(`oapi/topapi/v2/department/${path}`, args, access)).toBe(expected)
  })
})

describe('roles', () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      'list',
      {},
      ok(
        '{"hasMore":false,"list":[{"groupId":1,"name":"默认","roles":[{"id":20001,"name":"负责人"}]},{"groupId":1680000118,"name":"职务","roles":[{"id":2390000715,"name":"值班经理"}]}]}',
      ),
    ],
    [
      'list',
      { size: 1, offset: 0 },
      ok('{"hasMore":true,"list":[{"groupId":1,"name":"默认","roles":[{"id":20001,"name":"负责人"}]}]}'),
    ],
    ['list', { size: 201, offset: 0 }, '40069 不合法的分页大小'],
    ['list', { size: 1, offset: -1 }, '40068 不合法的偏移量'],
    [
      'simplelist',
      { role_id: 20001 },
      ok('{"hasMore":true,"nextCursor":20,"list":[]}').replace(
        /\{"hasMore.*\}/,
        '{"hasMore":false,"list":[{"name":"林晓满","userid":"014725836901234567"},{"name":"隐","userid":"Hidden-1"}]}}',
      ),
    ],
    [
      'simplelist',
      { role_id: 20001, size: 1, offset: 0 },
      ok('{"hasMore":true,"nextCursor":1,"list":[{"name":"林晓满","userid":"014725836901234567"}]}'),
    ],
    ['simplelist', { role_id: 3 }, '33011 角色不存在'],
    ['getrole', { roleId: 2390000715 }, '{"errcode":0,"errmsg":"ok","role":{"groupId":1680000118,"name":"值班经理"}}'],
    [
      'getrolegroup',
      { group_id: 1680000118 },
      '{"errcode":0,"errmsg":"ok","role_group":{"group_name":"职务","roles":[{"role_id":2390000715,"role_name":"值班经理"}]}}',
    ],
    ['getrolegroup', { group_id: 5 }, '33011 角色不存在'],
  ])('%s %j', (path, args, expected) => {
    expect(answerTo(`oapi/topapi/role/${path}`, args)).toBe(expected)
  })
})

const span = { startTime: '2026-04-30T00:00:00Z', endTime: '2026-06-01T00:00:00Z', nextToken: '0', maxResults: '50' }
const LEFT = [
  '{"userId":"left-1","name":"离","leaveTime":"2026-05-01T08:00:00.000Z","leaveReason":"leave"}',
  '{"userId":"left-2","name":"去","leaveTime":"2026-05-02T08:00:00.000Z","leaveReason":"delete"}',
]

test.each<[string, Record<string, unknown>, string]>([
  ['all, whose end is 0', span, `{"nextToken":"0","records":[${LEFT}]}`],
  ['a page', { ...span, maxResults: 1 }, `{"nextToken":"1","records":[${LEFT[0]}]}`],
  ['the next', { ...span, maxResults: 1, nextToken: '1' }, `{"nextToken":"0","records":[${LEFT[1]}]}`],
  ['to a moment', { ...span, endTime: '2026-05-01T08:00:00Z' }, `{"nextToken":"0","records":[${LEFT[0]}]}`],
  ['more than a page may have', { ...span, maxResults: 51 }, 'null'],
  ['local time', { ...span, startTime: '2026-04-30T00:00:00+08:00' }, 'null'],
  ['no time', { ...span, startTime: undefined }, 'null'],
  ['more than a year', { ...span, startTime: '2025-05-31T00:00:00Z' }, 'null'],
  ['the end first', { ...span, startTime: '2026-07-01T00:00:00Z' }, 'null'],
  ['no token', { ...span, nextToken: undefined }, 'null'],
])('leavers, %s', (_, args, expected) => {
  expect(answerTo('api/v1.0/contact/empLeaveRecords', args)).toBe(expected)
})

test.each<[string, Partial<Access>, string, string]>([
  ['the whole company', {}, '[1]', '[]'],
  ['a part', PART, '[610000449]', '["0260470000730001"]'],
  ['a permission lost in silence', { emptied: ['qyapi_base'] }, '[]', '[]'],
])('auth/scopes: %s', (_, access, departments, users) => {
  expect(answerTo('oapi/auth/scopes', {}, access)).toBe(
    `{"errcode":0,"errmsg":"ok","auth_org_scopes":{"authed_dept":${departments},"authed_user":${users}},"auth_user_field":["jobnumber","isLeader","name","position","isAdmin","avatar","department","userid","deviceId","isHide"],"condition_field":[]}`,
  )
})
