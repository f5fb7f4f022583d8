import { NeverStorable } from '../../../functions/employees/neverStorable'
import { toEmployeeChanges } from '../../../functions/employees/toEmployeeChanges'
import { seedBody } from '../../fixtures/seedBody'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'

const seed = JSON.parse(seedBody) as Record<string, unknown>

function changesOf(body: unknown, attributes: Record<string, unknown> = {}, corpId = '') {
  const event = deliveredEvent(body, attributes)
  const received = { id: String(event['id']), source: String(event['source']), event, index: 0 }
  return toEmployeeChanges(received, shippedMapping, { DINGTALK_CORP_ID: corpId }).map(({ key, values, version }) => ({
    key,
    version: version.toString('hex'),
    columns: Object.fromEntries(
      shippedMapping.columns
        .map(({ name }, index) => [name, values[index]] as const)
        .filter(([, value]) => value !== undefined),
    ),
  }))
}

test("the article's event", () => {
  const [change, ...others] = changesOf(seed)
  expect(others).toEqual([])
  expect(change?.key).toEqual(['', '141146379001246379'])
  expect(change?.columns).toEqual({
    dingId: '$:LWCP_v1:$5RUxxxxQhPpK4A==',
    active: 'true',
    isAdmin: 'false',
    name: '小明',
    department: '[1]',
    orderInDepts: '{1:176292748870660512}',
    isLeaderInDepts: '{"1":false}',
    isBoss: 0,
    isSenior: 0,
    isHide: 0,
    leftAt: null,
    lastAction: 'user_add_org',
    lastEventId: '7059131c-0000-4000-b232-c4c3592120ae',
    lastEventTime: '2022-05-13 07:28:29.504',
  })
})

test.each<[string, unknown]>([
  ['another action', { ...seed, syncAction: 'org_dept_create' }],
  ['no action', { userId: '1' }],
  ['an action that is a member of every object', { syncAction: 'constructor', userId: '1' }],
  ['text', 'user_add_org'],
  ['a list', [seed]],
  ['null', null],
])('not about an employee: %s', (_, body) => {
  expect(changesOf(body)).toEqual([])
})

test.each<[string, unknown, RegExp]>([
  ['no user id', { syncAction: 'user_add_org', name: '小明' }, /names no userId/],
  ['an empty user id', { syncAction: 'user_add_org', userId: '' }, /names no userId/],
  [
    'a user id that has lost digits',
    { syncAction: 'user_add_org', userId: 141_146_379_001_246_380 },
    /names no userId/,
  ],
  ['a user id of 65 characters', { syncAction: 'user_add_org', userId: 'x'.repeat(65) }, /longer than 64/],
  ['a user id that is an object', { syncAction: 'user_add_org', userId: {} }, /names no userId/],
  ['an empty list of user ids', { EventType: 'user_add_org', userId: [] }, /names no userId/],
  ['a name of 257 characters', { ...seed, name: '名'.repeat(257) }, /name is not a text that fits/],
  ['active that is neither true nor false', { ...seed, active: 'perhaps' }, /active is not a booleanText/],
])('can never be stored: %s', (_, body, reason) => {
  expect(() => changesOf(body)).toThrow(NeverStorable)
  expect(() => changesOf(body)).toThrow(reason)
  expect(() => changesOf(body)).not.toThrow(/小明|141146379001246|perhaps/)
})

test('a name of 256 characters beyond the basic plane fits', () => {
  expect(changesOf({ ...seed, name: '𠮷'.repeat(256) })[0]?.columns['name']).toHaveLength(512)
})

test('an event with several user ids is a change for each, once', () => {
  const body = { EventType: 'user_leave_org', CorpId: 'ding1', userId: ['a', 'b', 'a'], timeStamp: '1685501863357' }
  expect(changesOf(body).map(({ key }) => key)).toEqual([
    ['ding1', 'a'],
    ['ding1', 'b'],
  ])
})

test("a row of an ISV app's SyncHTTP push, and its leave, which names nobody but in the row's biz_id", () => {
  const row = { corp_id: 'dingcorp', biz_id: '085', biz_type: 13, gmt_modified: 1_685_501_863_357 }
  const [modify] = changesOf({
    errcode: 0,
    syncAction: 'user_modify_org',
    userid: '085',
    name: '小钉',
    position: '总监',
    ...row,
  })
  expect(modify?.key).toEqual(['dingcorp', '085'])
  expect(modify?.columns).toMatchObject({ name: '小钉', title: '总监', lastEventTime: '2023-05-31 02:57:43.357' })
  const [leave] = changesOf({ syncAction: 'user_leave_org', ...row })
  expect(leave?.key).toEqual(['dingcorp', '085'])
  expect(leave?.columns).toMatchObject({ active: 'false', leftAt: '2023-05-31 02:57:43.357' })
})

test('a field that is absent leaves its column alone, null or "" clears it, a name is never cleared', () => {
  const body = { syncAction: 'user_modify_org', userId: '1', dingId: '', position: null, name: '' }
  expect(changesOf(body)[0]?.columns).toEqual({
    dingId: null,
    title: null,
    lastAction: 'user_modify_org',
    lastEventId: expect.any(String),
    lastEventTime: expect.any(String),
  })
})

test('who leaves is neither active nor an administrator, from the time of the event on', () => {
  const body = { syncAction: 'user_leave_org', userId: '1', timeStamp: '1685501863357' }
  expect(changesOf(body)[0]?.columns).toMatchObject({
    active: 'false',
    isAdmin: 'false',
    leftAt: '2023-05-31 02:57:43.357',
  })
})

test('the corporation of the configuration stands in where the event names none', () => {
  expect(changesOf(seed, {}, 'ding1')[0]?.key[0]).toBe('ding1')
  expect(changesOf({ ...seed, CorpId: 'ding2' }, {}, 'ding1')[0]?.key[0]).toBe('ding2')
})

test('a later event has a greater version, and of the same millisecond a leave', () => {
  const add = { syncAction: 'user_add_org', userId: '1' }
  const leave = { syncAction: 'user_leave_org', userId: '1' }
  const version = (body: unknown, time: string, id = 'e') => changesOf(body, { time, id })[0]?.version ?? ''
  const [now, later] = ['2026-01-01T00:00:00.000+08:00', '2026-01-01T00:00:00.001+08:00']
  expect(version(add, later) > version(leave, now)).toBe(true)
  for (const id of ['a', 'b', 'c', 'd']) expect(version(leave, now) > version(add, now, id)).toBe(true)
  expect(version(add, now, 'a')).not.toBe(version(add, now, 'b'))
  expect(version(add, now, 'a')).toBe(version(add, now, 'a'))
})
