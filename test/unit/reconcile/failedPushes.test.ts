import { publishFailedPushes, readFailedPush } from '../../../functions/reconcile/failedPushes'
import { HTTP_EVENT } from '../../../shared/eventbridge/cloudEvent'
import { type DingtalkServer, dingtalkServer } from '../../support/dingtalkServer'
import { keptLog } from '../../support/logs'
import { directoryTools } from '../../support/organisation'

const PATH = 'call_back/get_call_back_failed_result'
const TIME = 1606126433000

test.each<[string, Record<string, unknown>, object | undefined]>([
  [
    'under its own name',
    { user_add_org: { userid: ['0147'], corpid: 'ding1' }, call_back_tag: 'user_add_org', event_time: TIME },
    { EventType: 'user_add_org', EventTime: TIME, CorpId: 'ding1', userId: ['0147'] },
  ],
  [
    'beside it',
    { userid: '0147', corpid: 'ding1', call_back_tag: 'user_leave_org', event_time: TIME },
    { EventType: 'user_leave_org', EventTime: TIME, CorpId: 'ding1', userId: '0147' },
  ],
  [
    'of a department',
    { org_dept_create: { deptid: [610000447], corpid: 'ding1' }, call_back_tag: 'org_dept_create', event_time: TIME },
    { EventType: 'org_dept_create', EventTime: TIME, CorpId: 'ding1', deptId: [610000447] },
  ],
  [
    'of an approval',
    {
      bpmsCallBackData: { processInstanceId: 'k', corpId: 'ding1' },
      call_back_tag: 'bpms_task_change',
      event_time: TIME,
    },
    { EventType: 'bpms_task_change', EventTime: TIME, CorpId: 'ding1', processInstanceId: 'k' },
  ],
  [
    'of a role',
    { roleLabelChange: { roleLabelId: 1 }, call_back_tag: 'label_conf_add', corpid: 'ding1', event_time: TIME },
    { EventType: 'label_conf_add', EventTime: TIME, CorpId: 'ding1', roleLabelId: 1 },
  ],
  [
    'as text, which names event and time itself',
    {
      callBackData: `{"EventType":"calendar_event_change","EventTime":1,"CorpId":"ding1","UnionIdList":["u"]}`,
      callBackTag: 'calendar_event_change',
      corpId: 'ding1',
      eventTime: TIME,
    },
    { EventType: 'calendar_event_change', EventTime: 1, CorpId: 'ding1', UnionIdList: ['u'] },
  ],
  [
    'of a department, under both names',
    {
      org_dept_create: {
        callbackData: {
          EventType: 'org_dept_create',
          EventTime: 1,
          CorpId: 'ding1',
          deptId: [610000447],
          eventId: 'e',
        },
        corpid: 'ding1',
      },
      call_back_tag: 'org_dept_create',
      event_time: TIME,
    },
    { EventType: 'org_dept_create', EventTime: 1, CorpId: 'ding1', deptId: [610000447], eventId: 'e' },
  ],
  [
    'of an approval, under both names, as text',
    {
      bpms_task_change: { bpmsCallBackData: '{"processInstanceId":"k"}', corpid: 'ding1' },
      call_back_tag: 'bpms_task_change',
      event_time: TIME,
    },
    { EventType: 'bpms_task_change', EventTime: TIME, CorpId: 'ding1', processInstanceId: 'k' },
  ],
  [
    'of a role, under both names',
    {
      label_user_change: { roleLabelChange: { labelIdList: [1], userIdList: ['0147'] }, corpid: 'ding1' },
      call_back_tag: 'label_user_change',
      event_time: TIME,
    },
    { EventType: 'label_user_change', EventTime: TIME, CorpId: 'ding1', labelIdList: [1], userIdList: ['0147'] },
  ],
  [
    'beside it, with a part of its own',
    { userid: ['0147'], diffInfo: { curr: { name: '林' } }, call_back_tag: 'user_modify_org', event_time: TIME },
    { EventType: 'user_modify_org', EventTime: TIME, userId: ['0147'], diffInfo: { curr: { name: '林' } } },
  ],
  [
    'in capitals',
    { user_modify_org: { UserId: ['0147'], TimeStamp: '1', CorpId: 'ding1' }, call_back_tag: 'user_modify_org' },
    { EventType: 'user_modify_org', CorpId: 'ding1', userId: ['0147'], TimeStamp: '1' },
  ],
  [
    'with ids as a push has them',
    { user_add_org: { userId: ['0147'], deptId: [1], CorpId: 'ding1' }, call_back_tag: 'user_add_org' },
    { EventType: 'user_add_org', CorpId: 'ding1', userId: ['0147'], deptId: [1] },
  ],
  [
    'named within it alone',
    { callbackData: { EventType: 'user_add_org', userId: ['0147'] }, corpid: 'ding1' },
    { EventType: 'user_add_org', CorpId: 'ding1', userId: ['0147'] },
  ],
  [
    'under the second of two names, where the first is empty',
    { call_back_tag: null, callBackTag: 'user_add_org', userid: null, userids: ['0147'], corpid: '', corpId: 'ding1' },
    { EventType: 'user_add_org', CorpId: 'ding1', userId: ['0147'] },
  ],
  [
    'named beside it, where its own name is empty',
    { call_back_tag: 'user_add_org', callbackData: { EventType: '', userId: ['0147'] } },
    { EventType: 'user_add_org', userId: ['0147'] },
  ],
  ['of no name', { userid: ['0147'], event_time: TIME }, undefined],
  ['of an empty name', { EventType: '', userid: ['0147'], event_time: TIME }, undefined],
  ['that is empty', {}, undefined],
])('an entry whose event is %s', (_, entry, event) => {
  expect(readFailedPush(entry)).toEqual(event)
})

describe('they are published', () => {
  let server: DingtalkServer
  let directory: ReturnType<typeof directoryTools>
  beforeEach(async () => {
    server = await dingtalkServer()
    directory = directoryTools(server)
  })
  afterEach(async () => {
    directory.client.close()
    await server.close()
  })
  const entry = (userid: string) => ({
    user_add_org: { userid: [userid], corpid: 'ding1', mobile: 'planted' },
    call_back_tag: 'user_add_org',
    event_time: TIME,
  })

  test('page by page, each before the next is asked for, as the webhook would have', async () => {
    const publishedBefore: number[] = []
    server.answer(({ path, count }) => {
      if (path !== PATH) return undefined
      publishedBefore.push(directory.published.length)
      return { errcode: 0, failed_list: [entry(`u${count}`), {}], has_more: count < 3 }
    })
    directory.client.close()
    directory = directoryTools(server, undefined, ['mobile'])
    const log = keptLog()
    expect(await publishFailedPushes(directory.tools, log)).toEqual({
      outcome: 'failed_pushes',
      pages: 3,
      events: 3,
      unreadable: 3,
      published: 3,
    })
    expect(publishedBefore).toEqual([0, 1, 2])
    expect(directory.published[0]).toMatchObject({
      type: HTTP_EVENT,
      data: {
        headers: {},
        path: '/',
        body: { EventType: 'user_add_org', EventTime: TIME, CorpId: 'ding1', userId: ['u1'] },
        httpMethod: 'POST',
        queryString: {},
      },
    })
    expect(JSON.stringify(directory.published)).not.toContain('planted')
    expect(log.lines).toEqual([])
  })

  test('one that comes twice is one event', async () => {
    server.answer(({ path, count }) =>
      path === PATH ? { errcode: 0, failed_list: [entry('u')], has_more: count < 2 } : undefined,
    )
    await publishFailedPushes(directory.tools, keptLog())
    const [first, second] = directory.published
    expect(first?.id).toMatch(/^failed-[0-9a-f]{64}$/)
    expect(second?.id).toBe(first?.id)
  })

  test.each([
    ['own', 'e-1', /^e-1$/],
    ['none, where its own is empty', '', /^failed-/],
    ['none, where its own is no text', 7, /^failed-/],
  ])('by its id, so that it is one with the push that did arrive: %s', async (_, eventId, id) => {
    const failed = { callbackData: { EventType: 'user_add_org', userId: ['0147'], eventId } }
    server.answer(({ path }) => (path === PATH ? { errcode: 0, failed_list: [failed] } : undefined))
    await publishFailedPushes(directory.tools, keptLog())
    expect(directory.published.map((event) => event.id)).toEqual([expect.stringMatching(id)])
  })

  test('no more than 10,000 at once, so that a list without an end is no month’s quota', async () => {
    server.answer(({ path }) => (path === PATH ? { errcode: 0, failed_list: [entry('u')], has_more: true } : undefined))
    expect(await publishFailedPushes(directory.tools, keptLog())).toMatchObject({ pages: 50, events: 50 })
    expect(server.askedFor(PATH)).toHaveLength(50)
  })

  test.each([
    ['none', { errcode: 0, failed_list: [], has_more: false }],
    ['none, and always more', { errcode: 0, failed_list: [], has_more: true }],
  ])('%s', async (_, reply) => {
    server.answer(({ path }) => (path === PATH ? reply : undefined))
    expect(await publishFailedPushes(directory.tools, keptLog())).toMatchObject({ pages: 1, events: 0 })
  })
})
