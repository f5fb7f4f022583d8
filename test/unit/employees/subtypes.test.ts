import { toChanges } from '../../../functions/employees/toChanges'
import { ruleOf } from '../../../shared/mapping/ruleOf'
import { deliveredEvent } from '../../support/events'
import { readMapping } from '../../support/mapping'

const mapping = readMapping(
  `
table: approvals
action: [.EventType, .headers.eventType]
subtype: [.type, .changeType]
time: [.EventTime, .finishTime, .createTime, $.time]
events:
  instance/start: { set: { status: running } }
  instance/finish: { stage: 1 }
  instance/terminate: { stage: 1, set: { status: terminated } }
  instance/delete: { stage: 15, set: { status: deleted } }
  hrm/1: { set: { status: onboarded } }
  hrm: { set: { status: other } }
  typed: { set: { status: bare } }
  typed/own: { type: of:ItsOwn, set: { status: own } }
key: { id: { type: VARCHAR(64) NOT NULL, from: .id } }
columns: { status: { slot: 0, type: VARCHAR(10) NULL, from: .result } }
`,
  'mapping.yaml',
)
const NOW = Date.parse('2027-01-01')
const read = (body: object) => {
  const event = deliveredEvent({ id: 'p1', ...body }, { time: '2026-12-01T00:00:00Z' })
  return toChanges({ id: 'e', source: 's', event, text: '' }, mapping, {}, NOW).changes
}
const OF_NO_EVENT = Symbol('of no event')
const statusOf = (body: object) => {
  const [change] = read(body)
  return change === undefined ? OF_NO_EVENT : change.values[0]
}

test.each<[string, object, unknown]>([
  ['its own name', { EventType: 'instance', type: 'start' }, 'running'],
  ['its own name, which sets nothing', { EventType: 'instance', type: 'finish', result: 'agree' }, 'agree'],
  ['what is set goes before a field', { EventType: 'instance', type: 'delete', result: 'agree' }, 'deleted'],
  ['a subtype that is not named, nor the action', { EventType: 'instance', type: 'comment' }, OF_NO_EVENT],
  ['no subtype, nor the action', { EventType: 'instance' }, OF_NO_EVENT],
  ['a number', { EventType: 'hrm', changeType: 1 }, 'onboarded'],
  ['the number as text', { EventType: 'hrm', changeType: '1' }, 'onboarded'],
  ['a great number', { EventType: 'hrm', changeType: 1n }, 'onboarded'],
  ['a number that is not named: the action', { EventType: 'hrm', changeType: 5 }, 'other'],
  ['no subtype: the action', { EventType: 'hrm' }, 'other'],
  ['null: the action', { EventType: 'hrm', changeType: null }, 'other'],
  ['a flag: the action', { EventType: 'hrm', changeType: true }, 'other'],
  ['an object: the action', { EventType: 'hrm', changeType: { toString: 1 } }, 'other'],
  ['a list: the action', { EventType: 'hrm', changeType: [1] }, 'other'],
  ['another case is another', { EventType: 'instance', type: 'Start' }, OF_NO_EVENT],
  ['an action that holds both', { EventType: 'instance/start' }, 'running'],
  ['the member of every object', { EventType: 'hrm', changeType: '__proto__' }, 'other'],
  ['what an object inherits', { EventType: 'constructor', type: 'name' }, OF_NO_EVENT],
  ['a name that wants another type than the event has', { EventType: 'typed', type: 'own' }, OF_NO_EVENT],
  ['as Stream has them', { headers: { eventType: 'instance' }, type: 'start' }, 'running'],
  ['as Stream has them, with null', { EventType: null, headers: { eventType: 'instance' }, type: 'start' }, 'running'],
  ['as Stream has them, with ""', { EventType: '', headers: { eventType: 'instance' }, type: 'start' }, 'running'],
  ['with capitals', { eventType: 'instance', Type: 'start' }, 'running'],
])('%s', (_, body, expected) => {
  expect(statusOf(body)).toBe(expected)
})

test('a table without subtypes has no second name', () => {
  expect(ruleOf({ ...mapping, subtype: [] }, { data: { body: { EventType: 'hrm', changeType: 1 } } })).toBe(
    mapping.events['hrm'],
  )
})

const EARLY = 1_780_000_000_000
const LATE = EARLY + 86_400_000

test.each<[string, object, string, object]>([
  ['a finish', { type: 'finish', finishTime: EARLY }, 'a later start', { type: 'start', createTime: LATE }],
  ['a delete', { type: 'delete', EventTime: EARLY }, 'a later finish', { type: 'finish', EventTime: LATE }],
  ['a later finish', { type: 'finish', EventTime: LATE }, 'a terminate', { type: 'terminate', EventTime: EARLY }],
])('%s goes over %s', (_, newer, __, older) => {
  const [one, other] = [newer, older].map((body) => read({ EventType: 'instance', ...body })[0]?.version)
  expect(one && other && one.compare(other)).toBe(1)
})
