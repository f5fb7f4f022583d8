import { callbackEnvironment, callbackRequest, readReply } from '../../support/callback'
import { setUpWebhook } from '../../support/webhook'

const frame = (eventType: string, data: object) => ({
  specVersion: '1.0',
  type: 'EVENT',
  headers: { topic: '*', contentType: 'application/json', eventType, eventCorpId: 'dingcorp' },
  data: JSON.stringify(data),
})

/** An event in each of the forms that DingTalk has for it. */
const forms: Record<string, (action: string, fields: object) => object> = {
  'a callback': (EventType, fields) => ({ EventType, ...fields }),
  'a connector': (syncAction, fields) => ({ syncAction, ...fields }),
  'snake case': (sync_action, fields) => ({ sync_action, ...fields }),
  'Stream, as the SDK shows it': (eventType, fields) => ({ eventType, eventId: 'e', data: fields }),
  'a frame of Stream': frame,
  'a frame whose data names it': (syncAction, fields) => ({ ...frame('', { syncAction, ...fields }), headers: {} }),
  'a single row': (syncAction, fields) => ({ biz_type: 1, biz_data: JSON.stringify({ syncAction, ...fields }) }),
}

const appEvents = [
  ...['suite_ticket', 'tmp_auth_code', 'change_auth', 'suite_relieve', 'SUITE_TICKET', 'SuiteTicket'],
  ...['org_suite_auth', 'org_suite_change', 'org_suite_relieve', 'market_buy', 'market_order'],
  ...['org_micro_app_stop', 'org_micro_app_restore', 'org_micro_app_remove', 'org_micro_app_scope_update'],
  ...['check_url', 'check_create_suite_url', 'check_update_suite_url', 'check_suite_license_code'],
]
const organisationEvents = [
  ...['user_add_org', 'user_modify_org', 'user_leave_org', 'user_active_org', 'org_admin_add', 'org_dept_create'],
  ...['org_change', 'org_remove', 'org_update', 'label_user_change', 'label_conf_modify', 'contact_add_org'],
  ...['inner_app_scopes_change', 'inner_app_status_change', 'bpms_instance_change', 'bpms_task_change'],
  ...['workflow_form_change', 'oa_timeout_plugin_task_msg', 'meetingroom_book', 'meeting_status_change'],
  ...['calendar_event_change', 'check_in', 'attendance_check_record', 'attend_group_change', 'leave_quota_update'],
  ...['hrm_mdm_user_change', 'chat_update_title', 'market_campaign_begun', 'suite_booked', 'check_invoice'],
]
const secrets = { SuiteTicket: 'planted', AuthCode: 'planted', permanent_code: 'planted', corp: 'dingcorp' }

describe.each(Object.entries(forms))('in the form of %s', (_, write) => {
  test.each(appEvents)('%s is answered and not published', async (action) => {
    const { post, published, log } = setUpWebhook({ DROP_FIELDS: 'none' })
    const response = await post({ body: JSON.stringify(write(action, secrets)) })
    expect(response).toMatchObject({
      statusCode: 200,
      json: { RequestId: 'request-1', FailedEntryCount: 0, EntryList: [] },
    })
    expect(published).toEqual([])
    expect(log.lines).toEqual([expect.objectContaining({ level: 'info', outcome: 'answered' })])
    expect(log.text()).not.toContain('planted')
  })

  test.each(organisationEvents)('%s is published, without what is secret', async (action) => {
    const { post, published } = setUpWebhook({ DROP_FIELDS: 'none' })
    expect((await post({ body: JSON.stringify(write(action, secrets)) })).statusCode).toBe(200)
    expect(published).toEqual([expect.stringContaining('dingcorp')])
    expect(published.join()).not.toContain('planted')
  })
})

test.each([[5], [null], [{ a: 'SYSTEM' }], ['SYSTEMS'], ['ECOSYSTEM'], ['EVENT']])(
  'what has a specVersion and the type %j is no message to the client of a Stream',
  async (type) => {
    const { post, published } = setUpWebhook()
    await post({ body: JSON.stringify({ specVersion: '1.0', type, syncAction: 'user_add_org' }) })
    expect(published).toHaveLength(1)
  },
)

test.each([
  ['a form', 'application/x-www-form-urlencoded', 'a=1&EventType=suite_ticket&SuiteTicket=planted'],
  ['text', 'text/plain', '{"EventType":"suite_ticket","SuiteTicket":"planted"}'],
  ['JSON text in JSON', 'application/json', JSON.stringify('{"EventType":"suite_ticket","SuiteTicket":"planted"}')],
  ['text of text', 'text/plain', JSON.stringify(JSON.stringify({ EventType: 'suite_ticket' }))],
  [
    'text of text in JSON',
    'application/json',
    JSON.stringify(JSON.stringify(JSON.stringify({ EventType: 'suite_ticket' }))),
  ],
  [
    'text of text in data',
    'application/json',
    JSON.stringify({ data: JSON.stringify(JSON.stringify({ EventType: 'suite_ticket' })) }),
  ],
  ['a list', 'application/json', '[{"EventType":"suite_ticket","SuiteTicket":"planted"}]'],
  ['a list of two', 'application/json', '[{"EventType":"suite_ticket"},{"syncAction":"org_suite_auth"}]'],
  ['a list of lists', 'application/json', '[[{"EventType":"suite_ticket"}]]'],
  ['a list of texts', 'application/json', JSON.stringify([JSON.stringify({ EventType: 'suite_ticket' })])],
  ['a list that is text', 'text/plain', JSON.stringify(JSON.stringify([{ EventType: 'suite_ticket' }]))],
  ['a value of a form', 'application/x-www-form-urlencoded', 'a=1&payload=%7B%22EventType%22%3A%22suite_ticket%22%7D'],
  ['an encoded body', 'application/x-www-form-urlencoded', '%7B%22EventType%22%3A%22suite_ticket%22%7D'],
])('one in %s is answered and not published', async (_, type, body) => {
  const { post, published } = setUpWebhook({ DROP_FIELDS: 'none' })
  expect((await post({ body, headers: { 'Content-Type': type } })).statusCode).toBe(200)
  expect(published).toEqual([])
})

test.each([
  ['first', '[{"EventType":"suite_ticket"},{"EventType":"user_add_org","userId":["0147"]}]'],
  ['last', '[{"EventType":"user_add_org","userId":["0147"]},{"EventType":"suite_ticket"}]'],
  ['first, in a list of lists', '[[{"EventType":"suite_ticket"},{"EventType":"user_add_org","userId":["0147"]}]]'],
])('a list with one of them %s and an event of somebody is published', async (_, body) => {
  const { post, published } = setUpWebhook()
  expect((await post({ body })).statusCode).toBe(200)
  expect(published).toEqual([expect.stringContaining('0147')])
})

test('an encrypted one is answered with the encrypted success, and the log tells its type', async () => {
  const { post, published, log } = setUpWebhook(callbackEnvironment)
  const event = { EventType: 'suite_ticket', SuiteKey: 'suite1', SuiteTicket: 'planted' }
  const response = await post(callbackRequest(JSON.stringify(event)))
  expect(readReply(response.json)).toBe('success')
  expect(published).toEqual([])
  expect(log.lines).toEqual([expect.objectContaining({ kind: 'callback', type: 'suite_ticket', outcome: 'answered' })])
})

test.each([
  ['a ping', { specVersion: '1.0', type: 'SYSTEM', headers: { topic: 'ping' }, data: '{"opaque":"x"}' }],
  ['a disconnect', { specVersion: '1.0', type: 'SYSTEM', headers: { topic: 'disconnect' }, data: '{}' }],
  ['a message to a robot', { specVersion: '1.0', type: 'CALLBACK', headers: {}, data: '{"sessionWebhook":"planted"}' }],
])('a frame of Stream that is no event, %s, is answered', async (_, message) => {
  const json = JSON.stringify(message)
  const text = { 'Content-Type': 'text/plain' }
  const requests = [{ body: json }, { body: JSON.stringify(json) }, { body: `[${json}]` }]
  for (const request of [...requests, ...requests.map((one) => ({ ...one, headers: text }))]) {
    const { post, published } = setUpWebhook()
    expect((await post(request)).statusCode).toBe(200)
    expect(published).toEqual([])
  }
})

test('of a list the events of the organisation are published, with their digits, and pushes in it are read', async () => {
  const { post, published } = setUpWebhook()
  const ticket = '{"EventType":"suite_ticket","SuiteTicket":"planted"}'
  const row = '{"id":7,"biz_type":13,"biz_data":{"syncAction":"user_leave_org","userid":"p1"}}'
  const push = `{"EventType":"SYNC_HTTP_PUSH_HIGH","bizData":[{"biz_type":2,"biz_data":{"suiteTicket":"planted"}},${row}]}`
  const body = `[${ticket},{"EventType":"user_add_org","n":176292748870660512},${push}]`
  expect((await post({ body })).statusCode).toBe(200)
  expect(published).toEqual([
    expect.stringContaining('"body":[{"EventType":"user_add_org","n":176292748870660512}],'),
    expect.stringContaining('"userid":"p1"'),
  ])
  expect(published.join()).not.toMatch(/planted|suite/)
})

test.each([
  ['no action', { name: 'x' }],
  ['an action that is no text', { syncAction: { toString: 1 }, EventType: 7 }],
  ['a list of events', [{ EventType: 'user_add_org' }]],
  ['data that is no JSON', { data: 'suite_ticket' }],
])('a custom event with %s is published', async (_, event) => {
  const { post, published } = setUpWebhook()
  expect((await post({ body: JSON.stringify(event) })).statusCode).toBe(200)
  expect(published).toHaveLength(1)
})
