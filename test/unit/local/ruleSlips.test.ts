import { ruleSlips } from '../../../local/stack/ruleSlips'
import { shippedMapping } from '../../support/mapping'

const EMPLOYEES = {
  Id: 'employees',
  Type: 'acs.fc.function' as const,
  Endpoint: 'acs:fc:cn-hangzhou:1:functions/dingtalk-employees',
  ParamList: [],
}
const published = { source: 'my.dingtalk', busName: 'dingtalk', sources: ['my.dingtalk', 'my.badges'] }
const slipsOf = (pattern: object, rest = {}) =>
  ruleSlips(
    [{ name: 'r', enabled: true, filterPattern: JSON.stringify(pattern), targets: [EMPLOYEES], ...rest }],
    published,
    [shippedMapping],
  )
const action = (...values: unknown[]) => ({ data: { body: { syncAction: values } } })
const PAST = 'which is what the webhook publishes: it gets none of them'

test.each<[object, string[]]>([
  [{}, []],
  [{ source: ['my.dingtalk'], type: ['eventbridge:Events:HTTPEvent'] }, []],
  [{ source: [{ prefix: 'my.' }] }, []],
  [{ source: ['your.dingtalk'] }, [`rule r takes no events of source my.dingtalk, ${PAST}`]],
  [{ source: [{ prefix: 'acs.' }] }, [`rule r takes no events of source my.dingtalk, ${PAST}`]],
  [{ source: [{ 'anything-but': 'my.dingtalk' }] }, [`rule r takes no events of source my.dingtalk, ${PAST}`]],
  [{ source: ['my.dingtalk，other'] }, [`rule r takes no events of source my.dingtalk, ${PAST}`]],
  [{ type: ['dingtalk:event'] }, [`rule r takes no events of type eventbridge:Events:HTTPEvent, ${PAST}`]],
  [{ aliyuneventbusname: ['default'] }, [`rule r takes no events of aliyuneventbusname dingtalk, ${PAST}`]],
  [
    { data: { syncAction: ['user_add_org'] } },
    ['rule r asks for data.syncAction, which no event has: what DingTalk sent is in data.body'],
  ],
  [{ data: { Body: { a: ['b'] } } }, ['rule r asks for data.Body, which no event has: is data.body meant?']],
  [{ data: { body: { a: ['b'] }, headers: { 'x-a': ['b'] }, path: ['/'] } }, []],
  [{ data: { other: [{ exists: false }] } }, []],
  [
    { data: { body: { SyncAction: ['user_add_org'] } } },
    ['rule r asks for SyncAction, which no event of DingTalk’s has: is syncAction meant?'],
  ],
  [action('user_add_org', { prefix: 'user_' }, { exists: true }), []],
  [action('user_snapshot', 'user_roster'), []],
  [
    action('user_ad_org'),
    ['rule r asks for user_ad_org, which is no event of DingTalk’s that is known here: is user_add_org meant?'],
  ],
  [
    action('user-add-org'),
    ['rule r asks for user-add-org, which is no event of DingTalk’s that is known here: is user_add_org meant?'],
  ],
  [action('something_else'), ['rule r asks for something_else, which is no event of DingTalk’s that is known here']],
  [action({ prefix: 'usr_' }), ['rule r asks for usr_, which is no event of DingTalk’s that is known here']],
  [
    { data: { body: { data: { EventType: ['user_leave_or'] } } } },
    ['rule r asks for user_leave_or, which is no event of DingTalk’s that is known here: is user_leave_org meant?'],
  ],
  [
    action('org_dept_create'),
    ['rule r brings the employees function org_dept_create, which mapping.yaml does not name: it ignores it'],
  ],
  [
    action('user_add_org', 'bpms_instance_change'),
    ['rule r brings the employees function bpms_instance_change, which mapping.yaml does not name: it ignores it'],
  ],
])('%j', (pattern, slips) => {
  expect(slipsOf(pattern)).toEqual(slips)
})

test('a rule that is disabled, a target that is another, a mapping that is not at hand', () => {
  expect(slipsOf({ source: ['your.dingtalk'] }, { enabled: false })).toEqual([])
  // another system's, on the same bus
  const http = { ...EMPLOYEES, Type: 'http' as const, Endpoint: 'http://127.0.0.1:9/' }
  expect(slipsOf({ source: ['my.badges'] }, { targets: [http] })).toEqual([])
  const own = { source: ['my.badges'], data: { door: ['1'], eventType: ['in'] } }
  expect(slipsOf(own, { targets: [http] })).toEqual([])
  expect(slipsOf({ source: ['my.badges'] })).toHaveLength(1)
  expect(slipsOf({ source: ['my.badgse'] }, { targets: [http] })).toHaveLength(1)
  const other = { ...EMPLOYEES, Endpoint: 'acs:fc:cn-hangzhou:1:functions/departments' }
  expect(slipsOf(action('org_dept_create'), { targets: [other] })).toEqual([])
  const rule = {
    name: 'r',
    enabled: true,
    filterPattern: JSON.stringify(action('org_dept_create')),
    targets: [EMPLOYEES],
  }
  expect(ruleSlips([rule], published)).toEqual([])
})

test('an event that mapping.yaml names with its subtype is not ignored', () => {
  const mapping = { ...shippedMapping, events: { 'bpms_task_change/finish': { set: {}, wins: false } } }
  const filterPattern = JSON.stringify(action('bpms_task_change'))
  const rules = [{ name: 'r', enabled: true, filterPattern, targets: [EMPLOYEES] }]
  expect(ruleSlips(rules, published, [mapping])).toEqual([])
  expect(ruleSlips(rules, published, [shippedMapping])).toEqual([expect.stringMatching(/it ignores it$/)])
})
