import { enrich } from '../../../functions/enrich/enrich'
import { SNAPSHOT } from '../../../shared/dingtalk/directory/events'
import { HTTP_EVENT } from '../../../shared/eventbridge/cloudEvent'
import { parseCloudEvents } from '../../../shared/eventbridge/parseCloudEvents'
import { type DingtalkServer, dingtalkServer, gatewayError } from '../../support/dingtalkServer'
import { deliveredEvent } from '../../support/events'
import { answerFor, directoryTools, type TestOrganisation, testOrganisation } from '../../support/organisation'

let server: DingtalkServer
let organisation: TestOrganisation
let directory: ReturnType<typeof directoryTools>

beforeEach(async () => {
  server = await dingtalkServer()
  organisation = testOrganisation()
  server.answer((asked) => answerFor(organisation)(asked))
  directory = directoryTools(server)
})
afterEach(async () => {
  directory.client.close()
  await server.close()
})

const deliver = (payload: unknown) =>
  enrich(parseCloudEvents(Buffer.from(JSON.stringify(payload))), { ...directory.tools, corpId: 'dingcorp' })
const users = (...userId: string[]) => deliveredEvent({ EventType: 'user_add_org', CorpId: 'dingcorp', userId })
const told = () => directory.published.map(({ type, data }) => [type, data.body])

test('somebody who was added is told of, with what the API says, without what is dropped', async () => {
  const before = Date.now()
  expect(await deliver(users('0147'))).toEqual({ received: 1, found: 1, gone: 0, outOfScope: 0, refused: 0 })
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
      },
    ],
  ])
  expect(directory.published[0]?.data.body['EventTime']).toBeGreaterThanOrEqual(before)
})

test('a department is', async () => {
  await deliver(deliveredEvent({ EventType: 'org_dept_create', CorpId: 'dingcorp', deptId: [610000447, 1] }))
  expect(directory.bodies('dept_snapshot')).toMatchObject([
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
  organisation.scope.departments = [610000447]
  const before = Date.now()
  await deliver(event)
  expect(told()).toEqual([[type, expect.objectContaining({ ...body, CorpId: 'dingcorp' })]])
  expect(directory.published[0]?.data.body['EventTime']).toBeGreaterThanOrEqual(before)
})

test('several people of several events are asked about once each', async () => {
  const summary = await deliver([users('0147', '0148'), users('0148', '0999'), deliveredEvent({ syncAction: 'x' })])
  expect(summary).toEqual({ received: 3, found: 2, gone: 1, outOfScope: 0, refused: 0 })
  expect(server.askedFor('topapi/v2/user/get')).toHaveLength(3)
  expect(directory.published).toHaveLength(3)
})

test('what DingTalk refuses for ever is counted, and holds up nobody', async () => {
  server.answer(({ path, body }) =>
    path === 'topapi/v2/user/get' && body['userid'] === '0148' ? { errcode: 400002 } : undefined,
  )
  expect(await deliver(users('0148', '0147'))).toMatchObject({ found: 1, refused: 1 })
})

test.each<[string, object | string, string]>([
  ['throttled beyond its time', { punish: 'deny' }, 'Banned'],
  ['no permission', gatewayError('60011'), '60011'],
  ['an address that is not allowed', gatewayError('60020'), '60020'],
  ['an answer that cannot be read', { errcode: 0, result: {} }, 'UnreadableAnswer'],
])('thrown, so that EventBridge tries again, with what was read published: %s', async (_, reply, code) => {
  server.answer(({ path, body }) => (path === 'topapi/v2/user/get' && body['userid'] === '0148' ? reply : undefined))
  await expect(deliver([users('0147', '0148')])).rejects.toMatchObject({ name: 'DingtalkError', code })
  expect(directory.bodies('user_snapshot')).toMatchObject([{ userId: '0147' }])
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
  expect(server.asked).toEqual([])
  expect(directory.published).toEqual([])
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
