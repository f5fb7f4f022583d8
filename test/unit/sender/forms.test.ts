import { type Change, toChanges } from '../../../functions/employees/toChanges'
import { EVENTS, type Form, isEncrypted } from '../../../local/sender/events'
import { expectedReply, type Message, messagesFor } from '../../../local/sender/messages'
import type { Person } from '../../../local/sender/person'
import { type CallbackKeys, encryptedCallback, readCallbackReply } from '../../../local/sender/requests'
import { parseCloudEvents } from '../../../shared/eventbridge/parseCloudEvents'
import { callbackEnvironment, callbackKeys } from '../../support/callback'
import { shippedMapping } from '../../support/mapping'
import { NOW, setUpWebhook } from '../../support/webhook'

const person = { userId: '0042', name: '小明' }
const keys: CallbackKeys = { token: callbackKeys.token, aesKey: callbackKeys.aesKey, ownerKey: callbackKeys.owner }
/** Events happen a minute before they arrive. */
const [HAPPENED, ARRIVED] = ['2022-05-13 07:27:29.504', '2022-05-13 07:28:29.504']

function messages(event: string, form: Form, people: readonly Person[]): Message[] {
  const kind = EVENTS.find(({ name }) => name === event)
  if (kind === undefined || !kind.forms.includes(form)) throw new Error(`${event} has no form ${form}`)
  return messagesFor(kind, form, { people, corpId: 'dingcorp', now: NOW - 60_000 })
}

/** Sends through the real webhook and the real mapping; gives what DingTalk reads and what would be written. */
async function send(event: string, form: Form, people: readonly Person[] = [person]) {
  const { post, published } = setUpWebhook(isEncrypted(form) ? callbackEnvironment : {})
  const replies: (string | undefined)[] = []
  const sent = messages(event, form, people)
  for (const message of sent) replies.push(await postAs(form, message, post))
  const { events, unreadable } = parseCloudEvents(Buffer.from(`[${published.join(',')}]`))
  expect(unreadable).toEqual([])
  const changes = events.flatMap(
    (received) => toChanges(received, shippedMapping, { DINGTALK_CORP_ID: '' }, Date.now()).changes,
  )
  return { sent, replies, published, rows: changes.map(rowOf) }
}

async function postAs(form: Form, message: Message, post: ReturnType<typeof setUpWebhook>['post']) {
  if (!isEncrypted(form)) {
    expect(await post({ body: JSON.stringify(message) })).toMatchObject({ statusCode: 200 })
    return undefined
  }
  const { url, body } = encryptedCallback(
    new URL('http://127.0.0.1/webhook/putEvents'),
    JSON.stringify(message),
    keys,
    NOW,
  )
  const answer = await post({ query: Object.fromEntries(url.searchParams), body: JSON.stringify(body) })
  expect(answer.statusCode).toBe(200)
  return readCallbackReply(answer.body, keys)
}

function rowOf({ key, values, unreadable }: Change) {
  expect(unreadable).toEqual([])
  const columns = shippedMapping.columns.map(({ name }, index) => [name, values[index]] as const)
  const { lastEventId, syncState, ...row } = Object.fromEntries(columns.filter(([, value]) => value !== undefined))
  expect([typeof lastEventId, syncState]).toEqual(['string', 'ok'])
  return { key: key.join('/'), ...row }
}

const state = {
  dingId: '$:LWCP_v1:$MDA0Mg==',
  active: 'true',
  isAdmin: 'false',
  name: '小明',
  department: '[1]',
  orderInDepts: '{1:176292748870660512}',
  isLeaderInDepts: '{"1":false}',
  isBoss: 0,
  isSenior: 0,
  isHide: 0,
}
const fullState = {
  ...state,
  unionId: '0042iE',
  title: '总监',
  jobNumber: '002',
  hiredDate: '2018-12-17',
  managerUserId: 'manager001',
}
/** Whoever joins has not left, and neither has one who is said to be active or an administrator. */
const here = { leftAt: null }
const joined = { ...here, joinedAt: HAPPENED }
const activated = { active: 'true', leftAt: null }
const left = { active: 'false', isAdmin: 'false' }

const upserts: [string, Form, object][] = [
  ['user_add_org', 'connector', { ...state, ...here, joinedAt: ARRIVED }],
  ['user_add_org', 'native', joined],
  ['user_add_org', 'native-old', joined],
  ['user_add_org', 'stream', joined],
  ['user_add_org', 'synchttp', { ...fullState, ...joined }],
  ['user_modify_org', 'connector', { ...state, ...here }],
  ['user_modify_org', 'native', { name: '小明' }],
  ['user_modify_org', 'native-old', {}],
  ['user_modify_org', 'stream', { name: '小明' }],
  ['user_modify_org', 'synchttp', { ...fullState, ...here }],
  ['user_active_org', 'connector', { ...state, ...here }],
  ['user_active_org', 'native', activated],
  ['user_active_org', 'native-old', activated],
  ['user_active_org', 'stream', activated],
  ['user_active_org', 'synchttp', { ...fullState, ...here }],
  ['user_dept_change', 'connector', { ...state, ...here }],
  ['user_dept_change', 'synchttp', { ...fullState, ...here }],
  ['user_role_change', 'connector', { ...state, ...here }],
  ['user_role_change', 'synchttp', { ...fullState, ...here }],
  ['user_leave_org', 'connector', { ...left, leftAt: ARRIVED }],
  ['user_leave_org', 'native', { ...left, leftAt: HAPPENED }],
  ['user_leave_org', 'native-old', { ...left, leftAt: HAPPENED }],
  ['user_leave_org', 'stream', { ...left, leftAt: HAPPENED }],
  ['user_leave_org', 'synchttp', { dingId: state.dingId, unionId: '0042iE', ...left, leftAt: HAPPENED }],
  ['org_admin_add', 'native', { isAdmin: 'true', ...here }],
  ['org_admin_add', 'native-old', { isAdmin: 'true', ...here }],
  ['org_admin_add', 'stream', { isAdmin: 'true', ...here }],
  ['org_admin_remove', 'native', { isAdmin: 'false' }],
  ['org_admin_remove', 'native-old', { isAdmin: 'false' }],
  ['org_admin_remove', 'stream', { isAdmin: 'false' }],
]

/** Each in these forms; of what they carry, this. */
const ignored: [string, Form, object][] = [
  ['org_dept_create', 'native', { deptId: [432_825_033] }],
  ['org_dept_create', 'native-old', { DeptId: [432_825_033] }],
  ['org_dept_create', 'stream', { data: { timeStamp: '1652426849504', deptId: [432_825_033] } }],
  ['org_dept_create', 'synchttp', { syncAction: 'org_dept_create', biz_type: 14, name: '前端组', parentid: 1 }],
  ['org_dept_modify', 'native', { deptId: [432_825_033] }],
  ['org_dept_modify', 'native-old', { DeptId: [432_825_033] }],
  ['org_dept_modify', 'stream', { eventType: 'org_dept_modify', eventCorpId: 'dingcorp' }],
  ['org_dept_modify', 'synchttp', { syncAction: 'org_dept_modify', biz_type: 14, biz_id: '433885002' }],
  ['org_dept_remove', 'native', { deptId: [432_825_033] }],
  ['org_dept_remove', 'native-old', { DeptId: [432_825_033] }],
  ['org_dept_remove', 'stream', { eventType: 'org_dept_remove' }],
  ['org_dept_remove', 'synchttp', { syncAction: 'org_dept_remove', biz_type: 14, biz_id: '433885002' }],
  ['org_change', 'native', { EventType: 'org_change', CorpId: 'dingcorp' }],
  ['org_change', 'native-old', { EventType: 'org_change', TimeStamp: '1652426849504', CorpId: 'dingcorp' }],
  ['org_change', 'stream', { eventType: 'org_change' }],
  ['org_update', 'synchttp', { syncAction: 'org_update', biz_type: 16, corp_name: 'XX企业' }],
  ['org_remove', 'native', { EventType: 'org_remove' }],
  ['org_remove', 'native-old', { EventType: 'org_remove' }],
  ['org_remove', 'stream', { eventType: 'org_remove' }],
  ['org_remove', 'synchttp', { syncAction: 'org_remove', biz_type: 16, biz_id: 'dingcorp' }],
  ['label_user_change', 'native', { userIdList: ['0042'], action: 'add', labelIdList: [1_688_607_309] }],
  ['label_user_change', 'native-old', { UserIdList: ['0042'], action: 'add', LabelIdList: [1_688_607_309] }],
  ['label_user_change', 'stream', { eventType: 'label_user_change' }],
  ['label_conf_add', 'native', { labelIdList: [1_688_607_309], scope: '1' }],
  ['label_conf_add', 'native-old', { LabelIdList: [1_688_607_309] }],
  ['label_conf_add', 'stream', { eventType: 'label_conf_add' }],
  ['label_conf_modify', 'native', { labelIdList: [1_688_607_309] }],
  ['label_conf_modify', 'native-old', { LabelIdList: [1_688_607_309] }],
  ['label_conf_modify', 'stream', { eventType: 'label_conf_modify' }],
  ['label_conf_del', 'native', { labelIdList: [1_688_607_309] }],
  ['label_conf_del', 'native-old', { LabelIdList: [1_688_607_309] }],
  ['label_conf_del', 'stream', { eventType: 'label_conf_del' }],
  ['org_role_add', 'synchttp', { syncAction: 'org_role_add', biz_type: 15, role_name: '角色01' }],
  ['org_role_modify', 'synchttp', { syncAction: 'org_role_modify', biz_type: 15, role_id: 385_618_074 }],
  ['org_role_remove', 'synchttp', { syncAction: 'org_role_remove', biz_type: 15 }],
]

const checks: [string, Form][] = [
  ['check_url', 'native'],
  ['check_create_suite_url', 'native'],
  ['check_update_suite_url', 'native'],
]

test('the tables below name every event in every form that it has', () => {
  const named = [...upserts, ...ignored, ...checks].map(([event, form]) => `${event} ${form}`)
  const known = EVENTS.flatMap(({ name, forms }) => forms.map((form) => `${name} ${form}`))
  expect(named.toSorted()).toEqual(known.toSorted())
})

test.each(upserts)('%s as %s is understood and upserts', async (event, form, columns) => {
  const { rows, replies } = await send(event, form)
  const key = form === 'connector' ? '/0042' : 'dingcorp/0042'
  const lastEventTime = form === 'connector' ? ARRIVED : HAPPENED
  expect(rows).toEqual([{ key, ...columns, lastAction: event, lastEventTime }])
  expect(replies).toEqual([isEncrypted(form) ? 'success' : undefined])
})

test.each(ignored)('%s as %s is published as it was sent, and ignored', async (event, form, fields) => {
  const { rows, published, replies } = await send(event, form)
  expect(published.map((json) => JSON.parse(json).data.body)).toEqual([expect.objectContaining(fields)])
  expect(rows).toEqual([])
  expect(replies).toEqual([isEncrypted(form) ? 'success' : undefined])
})

test.each(checks)('%s as %s is answered as DingTalk wants it, and not published', async (event, form) => {
  const { sent, replies, published } = await send(event, form)
  expect(replies).toEqual(sent.map(expectedReply))
  expect(published).toEqual([])
})

describe('several employees', () => {
  const people = [person, { userId: '0043', name: '小红' }]
  test.each<[Form, number, number]>([
    ['connector', 2, 2],
    ['native', 1, 1],
    ['native-old', 1, 1],
    ['stream', 1, 1],
    ['synchttp', 1, 2],
  ])('as %s: %i pushes, %i events, a row each', async (form, pushes, events) => {
    const { sent, published, rows } = await send('user_leave_org', form, people)
    expect([sent.length, published.length]).toEqual([pushes, events])
    expect(rows.map(({ key }) => key.split('/')[1])).toEqual(['0042', '0043'])
  })

  test('what was modified is said of the first', async () => {
    const { rows } = await send('user_modify_org', 'native', people)
    expect(rows).toEqual([
      expect.objectContaining({ key: 'dingcorp/0042', name: '小明' }),
      expect.not.objectContaining({ name: expect.anything() }),
    ])
  })
})

test.each<[string, Form]>([
  ['user_add_org', 'native'],
  ['user_add_org', 'stream'],
  ['user_add_org', 'synchttp'],
])('%s as %s carries an event id of its own, which becomes the CloudEvent’s', async (event, form) => {
  const idsOf = async () => (await send(event, form)).published.map((json) => JSON.parse(json).id as string)
  const [[first], [second]] = [await idsOf(), await idsOf()]
  expect(first).toMatch(form === 'synchttp' ? /^sync-dingcorp-\d+$/ : /^[0-9a-f]{32}$/)
  expect(second).not.toBe(first)
})

test.each([
  ['no JSON', '<html>'],
  ['null', 'null'],
  ['a signature of another reply', '{"msg_signature":"00","timeStamp":"1","nonce":"n","encrypt":"AAAA"}'],
  ['nothing', '{}'],
])('a reply that DingTalk would not take: %s', (_, text) => {
  expect(readCallbackReply(text, keys)).toBeUndefined()
})
