import { toChanges } from '../../../functions/employees/toChanges'
import { contentOf } from '../../../shared/eventbridge/parseCloudEvents'
import { RANKS, versionOf } from '../../../shared/mapping/version'
import { seedBody } from '../../fixtures/seedBody'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'

const seed = JSON.parse(seedBody) as Record<string, unknown>

/** Later than any time in a body of this file: a body's time counts unless it is ahead of the event's arrival. */
const LATE = { time: '2026-01-01T00:00:00+08:00' }

/** The clock of this file, later than every event. */
const NOW = Date.parse('2026-06-01T00:00:00Z')

function readingOf(body: unknown, attributes: Record<string, unknown> = {}, corpId = '', now = NOW) {
  const event = deliveredEvent(body, attributes)
  const received = { id: String(event['id']), source: String(event['source']), event, text: JSON.stringify(event) }
  return toChanges(received, shippedMapping, { DINGTALK_CORP_ID: corpId }, now)
}

function changesOf(...event: Parameters<typeof readingOf>) {
  return readingOf(...event).changes.map(({ key, values, version, unreadable }) => ({
    key,
    unreadable,
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
    joinedAt: '2022-05-13 07:28:29.504',
    lastAction: 'user_add_org',
    lastEventId: '7059131c-0000-4000-b232-c4c3592120ae',
    lastEventTime: '2022-05-13 07:28:29.504',
    syncState: 'ok',
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
])('can never be stored: %s', (_, body, reason) => {
  const { changes, faults } = readingOf(body)
  expect(changes).toEqual([])
  expect(faults).toEqual([expect.stringMatching(reason)])
  expect(String(faults)).not.toMatch(/小明|141146379001246|perhaps/)
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
  const [modify] = changesOf(
    {
      errcode: 0,
      syncAction: 'user_modify_org',
      userid: '085',
      name: '小钉',
      position: '总监',
      ...row,
    },
    LATE,
  )
  expect(modify?.key).toEqual(['dingcorp', '085'])
  expect(modify?.columns).toMatchObject({ name: '小钉', title: '总监', lastEventTime: '2023-05-31 02:57:43.357' })
  const [leave] = changesOf({ syncAction: 'user_leave_org', ...row }, LATE)
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
    syncState: 'ok',
  })
})

test('who leaves is neither active nor an administrator, from the time of the event on', () => {
  const body = { syncAction: 'user_leave_org', userId: '1', timeStamp: '1685501863357' }
  expect(changesOf(body, LATE)[0]?.columns).toMatchObject({
    active: 'false',
    isAdmin: 'false',
    leftAt: '2023-05-31 02:57:43.357',
  })
})

/** What is stored has it: another release must give the same event the same. */
test('the version of a change is that of its time, its sequence, its rank, its id and its content', () => {
  const event = deliveredEvent(
    { syncAction: 'user_leave_org', userId: '1', row_id: 7, gmt_modified: 1_685_501_863_357 },
    LATE,
  )
  const received = { id: 'e', source: 's', event, text: '' }
  const version = { time: 1_685_501_863_357, stage: 0, sequence: 7n, rank: RANKS.ends, eventId: 'e' }
  expect(toChanges(received, shippedMapping, {}, NOW).changes[0]?.version).toEqual(
    versionOf({ ...version, content: contentOf(received) }),
  )
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

test.each<[string, unknown, string]>([
  [
    'native, EventTime before timeStamp',
    { EventType: 'user_add_org', EventTime: 1_663_143_335_567, timeStamp: '1685501863357', userId: ['1'] },
    '2022-09-14 08:15:35.567',
  ],
  [
    'native, timeStamp alone',
    { EventType: 'user_add_org', timeStamp: '1685501863357', userId: ['1'] },
    '2023-05-31 02:57:43.357',
  ],
  [
    'native, the old spelling',
    { EventType: 'user_add_org', TimeStamp: '1547556867286', UserId: ['1'] },
    '2019-01-15 12:54:27.286',
  ],
  [
    'Stream',
    { eventType: 'user_add_org', eventBornTime: 1_683_533_823_336, data: { userId: ['1'] } },
    '2023-05-08 08:17:03.336',
  ],
  ['SyncHTTP', { syncAction: 'user_add_org', gmt_modified: 1_685_501_863_357, biz_id: '1' }, '2023-05-31 02:57:43.357'],
  ['a connector, which has none: its arrival', { syncAction: 'user_add_org', userId: '1' }, '2025-12-31 16:00:00.000'],
  [
    'a clock that is a year ahead: its arrival',
    { EventType: 'user_add_org', EventTime: 1_800_000_000_000, userId: ['1'] },
    '2025-12-31 16:00:00.000',
  ],
  [
    'a clock that is a minute ahead',
    { EventType: 'user_add_org', EventTime: 1_767_196_860_000, userId: ['1'] },
    '2025-12-31 16:01:00.000',
  ],
  [
    'one that is five minutes ahead, the most that is believed',
    { EventType: 'user_add_org', EventTime: 1_767_197_100_000, userId: ['1'] },
    '2025-12-31 16:05:00.000',
  ],
  [
    'one that is a millisecond more ahead: its arrival',
    { EventType: 'user_add_org', EventTime: 1_767_197_100_001, userId: ['1'] },
    '2025-12-31 16:00:00.000',
  ],
])('the time of an event: %s', (_, body, time) => {
  expect(changesOf(body, LATE)[0]?.columns['lastEventTime']).toBe(time)
})

test.each([
  ['five minutes ahead of ours, the most that is believed', '2026-06-01T00:05:00.000Z', '2026-06-01 00:05:00.000'],
  ['a millisecond more: now', '2026-06-01T00:05:00.001Z', '2026-06-01 00:00:00.000'],
])('the arrival of an event, by a clock that is %s', (_, time, counts) => {
  expect(changesOf({ syncAction: 'user_add_org', userId: '1' }, { time })[0]?.columns['lastEventTime']).toBe(counts)
})

describe('all forms and spellings give the same row', () => {
  const person = {
    name: '小钉',
    title: '总监',
    jobNumber: '002',
    managerUserId: 'm1',
    hiredDate: '2018-12-17',
    active: 'true',
    isLeaderInDepts: '{"1":false}',
  }
  test.each<[string, object]>([
    [
      'SyncHTTP',
      {
        syncAction: 'user_modify_org',
        userid: '1',
        name: '小钉',
        position: '总监',
        jobnumber: '002',
        managerUserid: 'm1',
        hiredDate: 1_544_976_000_000,
        active: true,
        isLeaderInDepts: '{1:false}',
      },
    ],
    [
      'user/get',
      {
        syncAction: 'user_modify_org',
        userid: '1',
        name: '小钉',
        title: '总监',
        job_number: '002',
        manager_userid: 'm1',
        hired_date: '1544976000000',
        active: 'true',
        leader_in_dept: [{ dept_id: 1, leader: false }],
      },
    ],
  ])('%s', (_, body) => {
    expect(changesOf(body)[0]?.key).toEqual(['', '1'])
    expect(changesOf(body)[0]?.columns).toMatchObject(person)
  })
  test('native: what has changed, from diffInfo.curr', () => {
    const diffInfo = {
      prev: { name: '小丁' },
      curr: { name: '小钉', jobNumber: '002', managerUserid: 'm1', hiredDate: '2018-12-17' },
      userid: '1',
    }
    const { name, jobNumber, managerUserId, hiredDate } = person
    const expected = { name, jobNumber, managerUserId, hiredDate }
    const native = { EventType: 'user_modify_org', CorpId: 'c', userId: ['1'], diffInfo }
    const stream = { eventType: 'user_modify_org', eventCorpId: 'c', data: { userId: ['1'], diffInfo } }
    for (const body of [native, stream]) {
      expect(changesOf(body)[0]?.key).toEqual(['c', '1'])
      expect(changesOf(body)[0]?.columns).toMatchObject(expected)
    }
  })
})

test('an error in a person’s place blanks nothing, and what the action says still holds', () => {
  const error = {
    errcode: 50_002,
    errmsg: '请求的员工userid不在授权范围内',
    syncAction: 'user_add_org',
    name: '',
    active: false,
  }
  expect(changesOf({ ...error, biz_id: '085', corp_id: 'c' })).toEqual([
    expect.objectContaining({
      key: ['c', '085'],
      columns: { leftAt: null, joinedAt: expect.any(String), syncState: 'out_of_scope' },
    }),
  ])
  expect(readingOf(error)).toEqual({ changes: [], faults: [] })
  expect(changesOf({ ...error, errcode: 0, userid: '1' })[0]?.columns).toMatchObject({
    active: 'false',
    leftAt: null,
    syncState: 'ok',
  })
  // a code that is none is an error, and need not be one that can be made a number
  for (const errcode of [{ valueOf: 1, toString: 1 }, [0]]) {
    expect(changesOf({ ...error, errcode, userid: '1' })[0]?.columns).toMatchObject({ syncState: 'out_of_scope' })
  }
})

test.each<[string, object, string]>([
  ['active that is neither true nor false', { active: 'perhaps' }, 'active'],
  ['a date that does not exist', { hiredDate: '2026-02-30' }, 'hiredDate'],
  ['a title of 201 characters', { position: 'x'.repeat(201) }, 'title'],
  ['a name that is a number', { name: 5 }, 'name'],
])('a value that cannot be read leaves its column alone and is reported: %s', (_, fields, column) => {
  const [change] = changesOf({ syncAction: 'user_modify_org', userId: '1', dingId: 'd', ...fields })
  expect(change?.unreadable).toEqual([column])
  expect(change?.columns).not.toHaveProperty(column)
  expect(change?.columns).toMatchObject({ dingId: 'd' })
})

describe('DingTalk Stream gives the same row as its twins', () => {
  const columnsOf = (body: unknown) => {
    const { lastEventId, ...columns } = changesOf(body, LATE)[0]?.columns ?? {}
    return [changesOf(body, LATE)[0]?.key, columns]
  }
  const when = 1_700_000_000_000
  const envelope = { eventUnifiedAppId: 'a', eventCorpId: 'ding1', eventId: 'e1', eventBornTime: when }
  const frame = (eventType: string, data: object) => ({
    specVersion: '1.0',
    type: 'EVENT',
    headers: { topic: '*', eventType, eventId: 'e1', eventCorpId: 'ding1', eventBornTime: String(when) },
    data: JSON.stringify(data),
  })
  const sync = { corp_id: 'ding1', biz_id: '085', biz_type: 13, gmt_modified: when }
  const native = { CorpId: 'ding1', EventTime: when, timeStamp: '1685501863357' }
  const change = {
    prev: { name: '小丁', jobNumber: '1', hiredDate: '2018-12-17' },
    curr: { name: '小钉', jobNumber: '' },
    userid: '085',
  }
  const person = {
    name: '小钉',
    active: true,
    isAdmin: false,
    position: '总监',
    jobnumber: '002',
    department: [1, 2],
    orderInDepts: '{1:176292748870660512}',
    isLeaderInDepts: '{1:false}',
    hiredDate: 1_544_976_000_000,
    managerUserid: 'm1',
    unionid: 'u',
  }
  const leave = { syncAction: 'user_leave_org', unionid: 'u', dingId: 'd', userId: '085' }

  test.each<[string, object, object, object]>([
    [
      'a third-party app’s state',
      { errcode: 0, syncAction: 'user_modify_org', userid: '085', ...person, ...sync },
      {
        eventType: 'user_modify_org',
        ...envelope,
        data: { errcode: 0, syncAction: 'user_modify_org', userid: '085', ...person },
      },
      frame('user_modify_org', { errcode: 0, userid: '085', ...person }),
    ],
    [
      'its failure',
      { errcode: 50_002, syncAction: 'user_add_org', ...sync },
      { eventType: 'user_add_org', ...envelope, data: { errcode: 50_002, userid: '085', name: '' } },
      frame('user_add_org', { errcode: '50002', userid: '085' }),
    ],
    [
      'its leave',
      { ...leave, ...sync },
      { eventType: 'user_leave_org', ...envelope, data: leave },
      frame('user_leave_org', leave),
    ],
    [
      'an internal app’s ids',
      { EventType: 'user_add_org', ...native, userId: ['085'] },
      { eventType: 'user_add_org', ...envelope, data: { userId: ['085'], timeStamp: '1685501863357' } },
      frame('user_add_org', { userId: ['085'], timeStamp: '1685501863357' }),
    ],
    [
      'a change, in a list or alone, and a field that was removed',
      { EventType: 'user_modify_org', ...native, userId: ['085'], diffInfo: change },
      { eventType: 'user_modify_org', ...envelope, data: { userId: ['085'], diffInfo: [change] } },
      frame('user_modify_org', { userId: ['085'], diffInfo: [{ ...change, userid: 'other' }, change] }),
    ],
  ])('%s', (_, twin, opened, wire) => {
    const expected = columnsOf(twin)
    expect(expected[0]).toEqual(['ding1', '085'])
    expect(columnsOf(opened)).toEqual(expected)
    expect(columnsOf(wire)).toEqual(expected)
  })

  test('a field that was there before, and is not any more, is cleared; one that never was says nothing', () => {
    const body = { EventType: 'user_modify_org', ...native, userId: ['085'], diffInfo: change }
    expect(changesOf(body, LATE)[0]?.columns).toMatchObject({ name: '小钉', jobNumber: null, hiredDate: null })
    expect(changesOf(body, LATE)[0]?.columns).not.toHaveProperty('managerUserId')
  })
})

test('an empty field gives way to another spelling that has a value', () => {
  const body = { syncAction: 'user_modify_org', userId: '1', position: '', title: '总监' }
  expect(changesOf(body)[0]?.columns).toMatchObject({ title: '总监' })
})

describe('a snapshot', () => {
  const told = { syncAction: 'user_snapshot', CorpId: 'ding1', EventTime: 1_760_000_000_000 }
  const snapshotOf = (fields: object) =>
    changesOf({ ...told, ...fields }, { type: 'dingtalk:Directory:Snapshot', ...LATE })[0]?.columns
  /** As user/get answers, of an invented person. */
  const userGet = {
    userid: '014725836901234567',
    unionid: 'Qk3inventedPersonAiEiE',
    name: '林晓满',
    avatar: '',
    state_code: '86',
    mobile: '',
    hide_mobile: false,
    telephone: '',
    job_number: 'A0042',
    title: '工程师',
    email: '',
    work_place: '',
    remark: '',
    extension: '{}',
    hired_date: 1_597_573_616_828,
    active: true,
    admin: true,
    boss: false,
    senior: false,
    exclusive_account: false,
    real_authed: true,
    manager_userid: 'manager7',
    dept_id_list: [610_000_447, 610_000_449],
    dept_order_list: [{ dept_id: 610_000_447, order: 176_220_100 }],
    leader_in_dept: [
      { dept_id: 610_000_447, leader: true },
      { dept_id: 610_000_449, leader: false },
    ],
    role_list: [{ group_name: '默认', id: 20_001, name: '负责人' }],
    union_emp_ext: {},
    create_time: '2026-03-02T01:05:43.000Z',
  }

  test('of user/get', () => {
    expect(snapshotOf(userGet)).toEqual({
      active: 'true',
      isAdmin: 'true',
      name: '林晓满',
      unionId: 'Qk3inventedPersonAiEiE',
      department: '[610000447,610000449]',
      isLeaderInDepts: '{"610000447":true,"610000449":false}',
      isBoss: 0,
      isSenior: 0,
      isHide: 0,
      title: '工程师',
      jobNumber: 'A0042',
      hiredDate: '2020-08-16',
      managerUserId: 'manager7',
      leftAt: null,
      lastAction: 'user_snapshot',
      lastEventId: expect.any(String),
      lastEventTime: '2025-10-09 08:53:20.000',
      syncState: 'ok',
    })
  })

  test('of user/list, whose leader and order are those of one department: nothing is said of manager and leaders', () => {
    const { manager_userid, senior, leader_in_dept, dept_order_list, role_list, union_emp_ext, ...shared } = userGet
    const columns = snapshotOf({ ...shared, leader: true, dept_order: 176_274_900_000_000 })
    expect(columns).toMatchObject({ name: '林晓满', department: '[610000447,610000449]' })
    for (const name of ['managerUserId', 'isLeaderInDepts', 'isSenior', 'orderInDepts']) {
      expect(columns).not.toHaveProperty(name)
    }
  })

  test('"" is no value, and clears; what is absent is unknown', () => {
    expect(snapshotOf({ userId: '1', title: '', job_number: '', hired_date: '', unionid: '', name: '' })).toEqual({
      title: null,
      jobNumber: null,
      hiredDate: null,
      unionId: null,
      leftAt: null,
      lastAction: 'user_snapshot',
      lastEventId: expect.any(String),
      lastEventTime: expect.any(String),
      syncState: 'ok',
    })
  })

  test.each([50_002, '50002', 50_004, 88])('of somebody out of scope, by errcode %j, says that alone', (errcode) => {
    expect(snapshotOf({ userId: '1', errcode, errmsg: 'x', active: true })).toEqual({ syncState: 'out_of_scope' })
  })

  test.each([
    'eventbridge:Events:HTTPEvent',
    'dingtalk:Directory:Roster',
    'dingtalk:directory:snapshot',
    undefined,
    null,
    ['dingtalk:Directory:Snapshot'],
  ])('is none by the type %j, whatever its body says', (type) => {
    const reading = readingOf({ ...told, ...userGet, type: 'dingtalk:Directory:Snapshot' }, { ...LATE, type })
    expect(reading).toEqual({ changes: [], faults: [] })
  })
})
