import { systemClock } from '../../../../shared/clock'
import { createDingtalkClient, type DingtalkClient } from '../../../../shared/dingtalk/directory/client'
import { createDirectory, type Directory } from '../../../../shared/dingtalk/directory/directory'
import { type Asked, type DingtalkServer, dingtalkServer, ok } from '../../../support/dingtalkServer'

let server: DingtalkServer
let client: DingtalkClient
let directory: Directory

beforeEach(async () => {
  server = await dingtalkServer()
  client = createDingtalkClient(
    {
      DINGTALK_APP_KEY: 'dinginvented',
      DINGTALK_APP_SECRET: 'secret',
      DINGTALK_API_ENDPOINT: server.url,
      DINGTALK_OAPI_ENDPOINT: server.url,
      DINGTALK_CALLS_PER_S: 60,
    },
    systemClock,
    () => Number.POSITIVE_INFINITY,
  )
  directory = createDirectory(client)
})
afterEach(async () => {
  client.close()
  await server.close()
})

const answer = (path: string, reply: (asked: Asked) => object | string) =>
  server.answer((asked) => (asked.path === path ? reply(asked) : undefined))
async function all<T>(pages: AsyncGenerator<T>): Promise<T[]> {
  const found: T[] = []
  for await (const page of pages) found.push(page)
  return found
}

const person = { userid: '014725836901234567', name: '林晓满', active: true }

test.each<[string, object]>([
  ['as it is', person],
  ['in a list of one', [person]],
])('a person, %s', async (_, result) => {
  answer('topapi/v2/user/get', () => ok(result))
  const { value, askedAt } = await directory.user('014725836901234567')
  expect(value).toEqual(person)
  expect(askedAt).toBeLessThanOrEqual(Date.now())
  expect(server.askedFor('topapi/v2/user/get')[0]?.body).toEqual({ userid: '014725836901234567' })
})

test.each<[string, object[]]>([
  ['nobody', []],
  ['two', [person, { ...person, userid: 'manager8801' }]],
])('a list of %s in place of a person cannot be read', async (_, result) => {
  answer('topapi/v2/user/get', () => ok(result))
  await expect(directory.user('014725836901234567')).rejects.toMatchObject({ reaction: 'unreadable' })
})

test('orders of 18 digits and fields that nobody knows stay as they are', async () => {
  answer(
    'topapi/v2/user/get',
    () =>
      '{"errcode":0,"result":{"userid":"a","dept_order_list":[{"dept_id":1,"order":176220100000000513}],"new":{"x":"1"}}}',
  )
  expect((await directory.user('a')).value).toEqual({
    userid: 'a',
    dept_order_list: [{ dept_id: 1, order: 176220100000000513n }],
    new: { x: '1' },
  })
})

describe('departments', () => {
  test.each<[string, unknown, string[]]>([
    ['a list', [{ dept_id: 610000447, name: '平台组' }, { dept_id: 610000448 }], ['610000447', '610000448']],
    ['one without a list', { dept_id: 610000447 }, ['610000447']],
    ['ids as text', [{ dept_id: '610000447' }], ['610000447']],
    ['none', [], []],
    ['null', null, []],
    ['an empty text', '', []],
    ['an id with blanks around it', [{ dept_id: ' 610000447 ' }], ['610000447']],
  ])('below another: %s', async (_, result, ids) => {
    answer('topapi/v2/department/listsub', () => ok(result))
    expect((await directory.subDepartments('1')).value.map(({ dept_id }) => dept_id)).toEqual(ids)
  })

  test.each<[string, unknown]>([
    ['a list', [610000447]],
    ['an object', { toString: 'planted' }],
    ['a fraction', 1.5],
    ['a flag', true],
    ['null', null],
  ])('whose id is %s cannot be read', async (_, dept_id) => {
    answer('topapi/v2/department/listsub', () => ok([{ dept_id }]))
    await expect(directory.subDepartments('1')).rejects.toMatchObject({ reaction: 'unreadable' })
  })

  test('whose ids are beyond 2^53 are asked for by all their digits', async () => {
    answer('topapi/v2/department/listsub', () => '{"errcode":0,"result":[{"dept_id":9007199254740993}]}')
    answer('topapi/v2/department/get', () => ok({ dept_id: '9007199254740993' }))
    const [child] = (await directory.subDepartments('1')).value
    await directory.department(child?.dept_id ?? '')
    const [asked] = server.askedFor('topapi/v2/department/get')
    expect(asked?.text).toBe('{"dept_id":9007199254740993}')
    expect(asked?.method).toBe('POST')
  })

  test('their ids alone', async () => {
    answer('topapi/v2/department/listsubid', () => ok({ dept_id_list: [2, '3', -1] }))
    expect(await directory.subDepartmentIds('1')).toEqual(['2', '3', '-1'])
  })
})

describe('members', () => {
  const page = (next?: unknown, hasMore: unknown = next !== undefined) =>
    ok({ has_more: hasMore, ...(next !== undefined && { next_cursor: next }), list: [person] })

  test('page by page, with those whom members may not see', async () => {
    answer('topapi/v2/user/list', ({ body }) => (body['cursor'] === 0 ? page(100) : page()))
    const pages = await all(directory.members('610000447'))
    expect(pages.map(({ value }) => value)).toEqual([[person], [person]])
    const asked = server.askedFor('topapi/v2/user/list').map(({ body }) => body)
    expect(asked.map(({ cursor }) => cursor)).toEqual([0, 100])
    expect(asked[0]).toMatchObject({ dept_id: 610000447, size: 100, contain_access_limit: true })
  })

  test.each<[string, unknown, unknown]>([
    ['text for numbers and booleans', '100', 'true'],
    ['numbers and booleans', 100, true],
  ])('%s', async (_, next, hasMore) => {
    answer('topapi/v2/user/list', ({ body }) => (body['cursor'] === 0 ? page(next, hasMore) : page(undefined, 'false')))
    expect(await all(directory.members('1'))).toHaveLength(2)
  })

  test.each<[string, object]>([
    ['the same cursor again', page(0)],
    ['no cursor', page(undefined, true)],
    ['a cursor, and no more', page(100, false)],
    ['a cursor, and no more, as text', page(100, 'false')],
    ['a cursor of null', page(null, true)],
    ['a cursor that DingTalk takes no more', page(100_100)],
    ['neither', ok({ list: [] })],
    ['a list of null', ok({ has_more: false, list: null })],
    ['no list', ok({ has_more: false })],
  ])('it ends with %s', async (_, reply) => {
    answer('topapi/v2/user/list', () => reply)
    expect(await all(directory.members('1'))).toHaveLength(1)
  })

  test('the last cursor that DingTalk takes is asked for', async () => {
    answer('topapi/v2/user/list', ({ body }) => (body['cursor'] === 0 ? page(100_000) : page()))
    expect(await all(directory.members('1'))).toHaveLength(2)
  })

  test.each<[string, unknown]>([
    ['without an id', { name: '林晓满' }],
    ['with an id that has lost its digits', { userid: 14725836901234568 }],
    ['with an empty id', { userid: '' }],
    ['that is none', 'text'],
  ])('somebody %s makes the page unreadable', async (_, item) => {
    answer('topapi/v2/user/list', () => ok({ has_more: false, list: [person, item] }))
    await expect(all(directory.members('1'))).rejects.toMatchObject({ reaction: 'unreadable' })
  })

  test.each<[string, unknown]>([
    ['no result', { errcode: 0, errmsg: 'ok' }],
    ['a result of null', ok(null)],
  ])('%s is not an empty department', async (_, reply) => {
    answer('topapi/v2/user/list', () => reply as object)
    await expect(all(directory.members('1'))).rejects.toMatchObject({ reaction: 'unreadable' })
  })

  test('their ids alone', async () => {
    answer('topapi/user/listid', () => ok({ userid_list: ['0147', 'manager8801'] }))
    expect(await directory.memberIds('1')).toEqual(['0147', 'manager8801'])
  })
})

test('how many people there are, those who are not activated as well', async () => {
  answer('topapi/user/count', () => ok({ count: '13' }))
  expect(await directory.countPeople()).toBe(13)
  expect(server.askedFor('topapi/user/count')[0]?.body).toEqual({ only_active: false })
})

test.each<[string, unknown]>([
  ['an empty text', ''],
  ['a text with a blank before it', ' 13'],
  ['a text with a blank behind it', '13 '],
  ['a power', '1e3'],
  ['a fraction', 1.5],
  ['in a list', [13]],
  ['a flag', true],
  ['null', null],
  ['more than a number can hold', '9'.repeat(17)],
])('a count that is %s cannot be read', async (_, count) => {
  answer('topapi/user/count', () => ok({ count }))
  await expect(directory.countPeople()).rejects.toMatchObject({ reaction: 'unreadable' })
})

test.each<[string, unknown, unknown]>([
  ['the whole', [1], []],
  ['as text', '[1]', '[]'],
  ['one without a list', 1, null],
])('what the app may see: %s', async (_, departments, people) => {
  answer('auth/scopes', () => ({ errcode: 0, auth_org_scopes: { authed_dept: departments, authed_user: people } }))
  expect(await directory.scopes()).toEqual({ departments: ['1'], people: [] })
})

test.each<[string, object, boolean]>([
  ['the old form', { errcode: 0, failed_list: [{ call_back_tag: 'user_add_org' }], has_more: false }, false],
  ['the new form', { failedList: [{ callBackTag: 'user_add_org' }], hasMore: true }, true],
  ['one without a list', { errcode: 0, failed_list: { call_back_tag: 'user_add_org' }, has_more: 'true' }, true],
])('pushes that failed: %s', async (_, reply, hasMore) => {
  answer('call_back/get_call_back_failed_result', () => reply)
  const found = await directory.failedPushes()
  expect(found.entries).toHaveLength(1)
  expect(found.hasMore).toBe(hasMore)
  expect(server.askedFor('call_back/get_call_back_failed_result')[0]?.query.get('access_token')).toBe('planted-token')
})

test('no pushes that failed', async () => {
  answer('call_back/get_call_back_failed_result', () => ({ errcode: 0, errmsg: 'ok', has_more: false }))
  expect(await directory.failedPushes()).toEqual({ entries: [], hasMore: false })
})
