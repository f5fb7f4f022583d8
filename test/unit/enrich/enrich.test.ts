import { enrich } from '../../../functions/enrich/enrich'
import { REST, SNAPSHOT } from '../../../shared/dingtalk/directory/events'
import { HTTP_EVENT } from '../../../shared/eventbridge/cloudEvent'
import { parseCloudEvents } from '../../../shared/eventbridge/parseCloudEvents'
import { gatewayError } from '../../support/dingtalkServer'
import { deliveredEvent } from '../../support/events'
import { freshDingTalk } from '../../support/freshDingTalk'
import type { PublishedEvent } from '../../support/organisation'

const dingtalk = freshDingTalk()

const deliver = (payload: unknown, isLate = () => false) =>
  enrich(delivered(payload), { ...dingtalk.directory.tools, corpId: 'dingcorp', isLate })
const delivered = (payload: unknown) => parseCloudEvents(Buffer.from(JSON.stringify(payload)))
const users = (...userId: string[]) => deliveredEvent({ EventType: 'user_add_org', CorpId: 'dingcorp', userId })
const told = () => dingtalk.directory.published.map(({ type, data }) => [type, data.body])

test('somebody who was added is told of, with what the API says, without what is dropped', async () => {
  const before = Date.now()
  expect(await deliver(users('0147'))).toEqual({ received: 1, found: 1, gone: 0, outOfScope: 0, refused: 0, later: 0 })
  expect(told()).toEqual([
    [
      SNAPSHOT,
      {
        syncAction: 'user_snapshot',
        CorpId: 'dingcorp',
        userId: '0147',
        userid: '0147',
        name: '林晓满',
        active: true,
        dept_id_list: [610000447, 610000448],
        EventTime: expect.any(Number),
        // by which a rule tells it from what a walk has read
        askedFor: 'user_add_org',
      },
    ],
  ])
  expect(dingtalk.directory.published[0]?.data.body['EventTime']).toBeGreaterThanOrEqual(before)
})

test('a fault of ours comes out as it is, and what was read by then is published', async () => {
  const ours = new TypeError('x')
  const user = (id: string) => (id === '0148' ? Promise.reject(ours) : dingtalk.directory.tools.directory.user(id))
  const tools = { ...dingtalk.directory.tools, directory: { ...dingtalk.directory.tools.directory, user } }
  const enriching = enrich(delivered(users('0147', '0148')), { ...tools, corpId: 'dingcorp', isLate: () => false })
  await expect(enriching).rejects.toBe(ours)
  expect(dingtalk.directory.bodies('user_snapshot').map(({ userId }) => userId)).toEqual(['0147'])
})

test('a department is', async () => {
  await deliver(deliveredEvent({ EventType: 'org_dept_create', CorpId: 'dingcorp', deptId: [610000447, 1] }))
  expect(dingtalk.directory.bodies('dept_snapshot')).toMatchObject([
    { deptId: '610000447', name: '平台组', parent_id: 1 },
    { deptId: '1', name: '示例公司' },
  ])
})

test.each<[string, object, unknown, object]>([
  ['somebody who is gone', users('0999'), HTTP_EVENT, { syncAction: 'user_leave_org', userId: '0999' }],
  [
    'a department that is gone',
    deliveredEvent({ EventType: 'org_dept_modify', deptId: [999] }),
    HTTP_EVENT,
    { syncAction: 'org_dept_remove', deptId: '999' },
  ],
  ['somebody out of scope', users('manager8801'), SNAPSHOT, { userId: 'manager8801', errcode: 50002 }],
  [
    'a department out of scope',
    deliveredEvent({ EventType: 'org_dept_modify', deptId: [1] }),
    SNAPSHOT,
    { deptId: '1', errcode: 50004 },
  ],
])('%s', async (_, event, type, body) => {
  dingtalk.organisation.scope.departments = [610000447]
  const before = Date.now()
  await deliver(event)
  expect(told()).toEqual([[type, expect.objectContaining({ ...body, CorpId: 'dingcorp' })]])
  expect(dingtalk.directory.published[0]?.data.body['EventTime']).toBeGreaterThanOrEqual(before)
})

test('several people of several events are asked about once each', async () => {
  const summary = await deliver([users('0147', '0148'), users('0148', '0999'), deliveredEvent({ syncAction: 'x' })])
  expect(summary).toEqual({ received: 3, found: 2, gone: 1, outOfScope: 0, refused: 0, later: 0 })
  expect(dingtalk.server.askedFor('topapi/v2/user/get')).toHaveLength(3)
  expect(dingtalk.directory.published).toHaveLength(3)
})

test('what cannot be read as an event is counted with those that have come', async () => {
  expect(await deliver([users('0147'), { a: 1 }, 2])).toMatchObject({ received: 3, found: 1 })
})

test('what DingTalk refuses for ever is counted, with each code once, and holds up nobody', async () => {
  const codes: Record<string, number> = { '0148': 400002, '0149': 400002, 'Z-9': 40035 }
  dingtalk.server.answer(({ path, body }) => {
    const errcode = codes[String(body['userid'])]
    return path === 'topapi/v2/user/get' && errcode !== undefined ? { errcode } : undefined
  })
  const { code, ...counts } = await deliver(users('0148', '0149', 'Z-9', '0147'))
  expect(counts).toEqual({ received: 1, found: 1, gone: 0, outOfScope: 0, refused: 3, later: 0 })
  expect(code?.split(' ').sort()).toEqual(['400002', '40035'])
})

test.each<[string, object, string]>([
  ['cannot be read', { errcode: 0, result: {} }, 'UnreadableAnswer'],
  ['has a code that nobody knows', { errcode: 987654 }, '987654'],
])(
  'an answer that %s holds up nobody, however many wait behind it, and is thrown in the end',
  async (_, reply, code) => {
    dingtalk.server.answer(({ path, body }) =>
      path === 'topapi/v2/user/get' && body['userid'] === '0147' ? reply : undefined,
    )
    const nobodies = Array.from({ length: 20 }, (_, at) => `gone-${at}`)
    await expect(deliver(users('0147', ...nobodies))).rejects.toMatchObject({ name: 'DingtalkError', code })
    expect(new Set(dingtalk.directory.bodies('user_leave_org').map(({ userId }) => userId))).toEqual(new Set(nobodies))
  },
)

test.each<[string, object | string, string]>([
  ['throttled beyond its time', { punish: 'deny' }, 'Banned'],
  ['no permission', gatewayError('60011'), '60011'],
  ['an address that is not allowed', gatewayError('60020'), '60020'],
  ['an answer that cannot be read', { errcode: 0, result: {} }, 'UnreadableAnswer'],
  ['a path that is none of DingTalk’s', { errcode: 22, sub_msg: '不合法ApiName' }, '22'],
  ['a gateway’s own word', { status: 404, body: { code: 'NoSuchRoute' } }, 'NoSuchRoute'],
  ['a code that nobody knows', { errcode: 987654 }, '987654'],
])('thrown, so that EventBridge tries again, with what was read published: %s', async (_, reply, code) => {
  dingtalk.server.answer(({ path, body }) =>
    path === 'topapi/v2/user/get' && body['userid'] === '0148' ? reply : undefined,
  )
  await expect(deliver([users('0147', '0148')])).rejects.toMatchObject({ name: 'DingtalkError', code })
  expect(dingtalk.directory.bodies('user_snapshot')).toMatchObject([{ userId: '0147' }])
})

test('thrown: an app that gets no token for a reason that nobody knows', async () => {
  const reply = { status: 400, body: { code: 'appDisabled' } }
  dingtalk.server.answer(({ path }) => (path === 'v1.0/oauth2/accessToken' ? reply : undefined))
  await expect(deliver(users('0147'))).rejects.toMatchObject({ name: 'DingtalkError', code: 'appDisabled' })
})

test.each<[string, unknown]>([
  ['a snapshot', { ...users('0147'), type: SNAPSHOT }],
  ['a roster', { ...users('0147'), type: 'dingtalk:Directory:Roster' }],
  ['an event of another type', { ...users('0147'), type: 'my:Event' }],
  ['what this function itself says of leavers', deliveredEvent({ syncAction: 'user_leave_org', userId: '0147' })],
  ['both words', deliveredEvent({ syncAction: 'user_leave_org', EventType: 'user_add_org', userId: ['0147'] })],
  ['a connector’s', deliveredEvent({ syncAction: 'user_add_org', userId: '0147' })],
  ['a leave', deliveredEvent({ EventType: 'user_leave_org', userId: ['0147'] })],
  ['a department that was removed', deliveredEvent({ EventType: 'org_dept_remove', deptId: [610000447] })],
  ['another organisation’s', deliveredEvent({ EventType: 'user_add_org', CorpId: 'dingother', userId: ['0147'] })],
  ['an approval', deliveredEvent({ EventType: 'bpms_task_change', userId: ['0147'] })],
  ['no ids', deliveredEvent({ EventType: 'user_add_org', CorpId: 'dingcorp' })],
  ['ids that are none', deliveredEvent({ EventType: 'user_add_org', userId: [null, {}, '', 1.5e300] })],
  ['departments that are none', deliveredEvent({ EventType: 'org_dept_modify', deptId: ['x', -1, 0, '1;2'] })],
  ['no event', { a: 1 }],
  ['nothing', []],
])('nobody is asked about for %s', async (_, payload) => {
  await deliver(payload)
  expect(dingtalk.server.asked).toEqual([])
  expect(dingtalk.directory.published).toEqual([])
})

test.each<[string, object]>([
  ['old names', { EventType: 'user_add_org', UserId: ['0147'], TimeStamp: '1' }],
  ['a text', { EventType: 'user_modify_org', userId: '0147' }],
  ['activated', { EventType: 'user_active_org', userId: ['0147'] }],
  ['an administrator', { EventType: 'org_admin_add', userId: ['0147'] }],
  ['a role', { EventType: 'label_user_change', userIdList: ['0147'], action: 'add', labelIdList: [1] }],
  ['a Stream', { eventType: 'user_add_org', eventCorpId: 'dingcorp', data: { userId: ['0147'] } }],
  ['a frame', { headers: { eventType: 'user_add_org', eventCorpId: 'dingcorp' }, data: '{"userId":["0147"]}' }],
])('native forms: %s', async (_, body) => {
  expect(await deliver(deliveredEvent(body))).toMatchObject({ found: 1 })
})

describe('more than there is time for', () => {
  /** enough for so many */
  const timeFor = (count: number) => {
    let asked = 0
    return () => ++asked > count
  }
  /** delivers, and then what was published for another delivery, until there is none */
  async function deliverAll(payload: unknown, ...times: number[]) {
    const rests: PublishedEvent[] = []
    for (let next: unknown[] = [payload]; next.length > 0; ) {
      const before = dingtalk.directory.published.length
      await deliver(next, timeFor(times.shift() ?? 1))
      next = dingtalk.directory.published.slice(before).filter(({ data: { body } }) => body['syncAction'] === undefined)
      rests.push(...(next as PublishedEvent[]))
    }
    return rests
  }
  const native = (body: object, attributes = {}) =>
    deliveredEvent({ CorpId: 'dingcorp', EventTime: 1_700_000_000_000, ...body }, attributes)

  test.each<[string, object, object]>([
    [
      'people',
      { EventType: 'user_add_org', userId: ['0147', '0148', '0149'] },
      { EventType: 'user_add_org', userId: ['0148', '0149'] },
    ],
    [
      'by another name, without what is said of one of them',
      {
        EventType: 'user_modify_org',
        userid: ['0147', '0148', 'Z-9'],
        diffInfo: { userid: '0148', curr: { name: '林小满' } },
      },
      { EventType: 'user_modify_org', userId: ['0148', 'Z-9'] },
    ],
    [
      'without what is said of nobody by name',
      { EventType: 'user_modify_org', userId: ['0147', '0148', 'Z-9'], diffInfo: { curr: { name: '林小满' } } },
      { EventType: 'user_modify_org', userId: ['0148', 'Z-9'] },
    ],
    [
      'of a role',
      { EventType: 'label_user_change', userIdList: ['0147', '0148', '0149'], action: 'add', labelIdList: [1] },
      { EventType: 'label_user_change', userId: ['0148', '0149'], action: 'add', labelIdList: [1] },
    ],
    [
      'departments',
      { EventType: 'org_dept_create', deptId: [610000447, 610000448, 610000449] },
      { EventType: 'org_dept_create', deptId: ['610000448', '610000449'] },
    ],
    [
      'a Stream’s',
      { eventType: 'user_add_org', eventCorpId: 'dingcorp', data: '{"userId":["0147","0148","0149"]}' },
      { eventType: 'user_add_org', eventCorpId: 'dingcorp', userId: ['0148', '0149'] },
    ],
    [
      'of a frame',
      {
        headers: { eventType: 'user_add_org', eventCorpId: 'dingcorp', eventId: 'e' },
        data: '{"userId":["0147","0148","0149"]}',
      },
      { eventType: 'user_add_org', eventCorpId: 'dingcorp', eventId: 'e', userId: ['0148', '0149'] },
    ],
  ])('%s: those that are left are in an event of the same time', async (_, body, rest) => {
    expect(await deliver(native(body), timeFor(1))).toMatchObject({ found: 1, later: 2 })
    const [snapshot, next, ...others] = dingtalk.directory.published
    expect(snapshot?.type).toBe(SNAPSHOT)
    expect(others).toEqual([])
    expect(next).toMatchObject({ type: REST, source: 'my.dingtalk', time: '2022-05-13T15:28:29.504+08:00' })
    expect(next?.data.body).toEqual({ CorpId: 'dingcorp', EventTime: 1_700_000_000_000, ...rest })
  })

  test('each delivery does what it has time for, until everybody was asked about once', async () => {
    const all = { EventType: 'user_add_org', userId: ['0147', '0148', '0149', 'Z-9', '0999', 'manager8801'] }
    const rests = await deliverAll(native(all), 1, 3, 1, 1)
    expect(rests.map(({ data }) => (data.body['userId'] as string[]).length)).toEqual([5, 2, 1])
    expect(dingtalk.server.askedFor('topapi/v2/user/get').map(({ body }) => body['userid'])).toEqual(all.userId)
  })

  test('an event that is delivered again leaves the same event', async () => {
    const event = native({ EventType: 'user_add_org', userId: ['0147', '0148'] })
    for (const _time of [1, 2]) await deliver(event, timeFor(1))
    const ids = dingtalk.directory.published.filter(({ type }) => type === REST).map(({ id }) => id)
    expect(new Set(ids).size).toBe(1)
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), ids[0]])
  })

  test('an event that does not say when it was leaves one of now', async () => {
    const { time, ...event } = native({ EventType: 'user_add_org', userId: ['0147', '0148'] })
    const before = Date.now()
    await deliver(event, timeFor(1))
    const [rest] = dingtalk.directory.published.filter(({ type }) => type === REST) as { time?: string }[]
    expect(Date.parse(String(rest?.time))).toBeGreaterThanOrEqual(before)
  })

  test('an event leaves others as others of it are left', async () => {
    const event = native({ EventType: 'user_add_org', userId: ['0147', '0148', '0149'] })
    for (const time of [1, 2]) await deliver(event, timeFor(time))
    const ids = dingtalk.directory.published.filter(({ type }) => type === REST).map(({ id }) => id)
    expect([ids.length, new Set(ids).size]).toEqual([2, 2])
  })

  test('of several events each leaves its own', async () => {
    const events = [
      native({ EventType: 'user_add_org', userId: ['0147'] }),
      native({ EventType: 'user_modify_org', userId: ['0148'] }, { id: 'second' }),
      native({ syncAction: 'user_add_org', userId: 'Z-9' }, { id: 'names nobody to be asked about' }),
      native({ EventType: 'user_modify_org', userId: ['0148'] }, { id: 'another of the same' }),
      native({ EventType: 'org_dept_modify', deptId: [1] }, { id: 'third' }),
    ]
    await deliver(events, timeFor(1))
    const rests = dingtalk.directory.published.slice(1)
    expect(rests.map(({ data: { body } }) => body['EventType'])).toEqual([
      'user_modify_org',
      'user_modify_org',
      'org_dept_modify',
    ])
    expect(new Set(rests.map(({ id }) => id)).size).toBe(3)
  })

  test('an answer that nobody can read does not hold up those that are left, and is asked for with them', async () => {
    dingtalk.server.answer(({ path, body }) =>
      path === 'topapi/v2/user/get' && body['userid'] === '0148' ? { errcode: 0, result: {} } : undefined,
    )
    const event = native({ EventType: 'user_add_org', userId: ['0147', '0148', '0149', 'Z-9'] })
    await deliver(event, timeFor(2))
    const [rest] = dingtalk.directory.published.filter(({ type }) => type === REST)
    expect(rest?.data.body['userId']).toEqual(['0148', '0149', 'Z-9'])
    await expect(deliver(rest)).rejects.toMatchObject({ code: 'UnreadableAnswer' })
  })

  test('whoever had time for nobody fails, and leaves nothing', async () => {
    dingtalk.server.answer(({ path }) => (path === 'topapi/v2/user/get' ? { errcode: 0, result: {} } : undefined))
    const event = native({ EventType: 'user_add_org', userId: ['0147', '0148'] })
    await expect(deliver(event, timeFor(1))).rejects.toMatchObject({ code: 'UnreadableAnswer' })
    expect(dingtalk.directory.published).toEqual([])
  })

  test('DingTalk that is gone by then: the event comes again as it is', async () => {
    dingtalk.server.answer(({ path, body }) =>
      path === 'topapi/v2/user/get' && body['userid'] === '0148' ? { punish: 'deny' } : undefined,
    )
    const event = native({ EventType: 'user_add_org', userId: ['0147', '0148', '0149'] })
    await expect(deliver(event, timeFor(2))).rejects.toMatchObject({ code: 'Banned' })
    expect(dingtalk.directory.published.map(({ type }) => type)).toEqual([SNAPSHOT])
  })
})
