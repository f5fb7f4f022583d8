import { toChanges } from '../../../functions/employees/toChanges'
import { deliveredEvent } from '../../support/events'
import { readMapping } from '../../support/mapping'

const mapping = readMapping(
  `
table: approvals
action: [.EventType]
subtype: [.type]
time: [.EventTime, .finishTime, .createTime, .bookTime, $.time]
events:
  bpms_instance_change/start: { set: { status: running } }
  bpms_instance_change/finish: { stage: 1 }
  bpms_instance_change: { stage: 2, set: { status: other } }
key: { id: { type: VARCHAR(64) NOT NULL, from: .processInstanceId } }
columns:
  status: { slot: 0, type: VARCHAR(10) NULL, from: .result, values: { agree: agreed, 1: one } }
  calendar: { slot: 1, type: VARCHAR(64) NULL, from: .calendar, after: ";" }
  startsAt: { slot: 2, type: DATETIME(3) NULL, as: time, from: .startTime }
  capacity: { slot: 3, type: INT NULL, as: firstInteger, from: .capacity }
`,
  'mapping.yaml',
)
const read = (body: object, of = mapping) => {
  const event = deliveredEvent({ EventType: 'bpms_instance_change', processInstanceId: 'p1', ...body })
  return toChanges({ id: 'e', source: 's', event, text: '' }, of, {}, Date.parse('2027-01-01'))
}
const valuesOf = (body: object) => read(body).changes[0]?.values

test.each<[string, object, unknown[]]>([
  ['start', { type: 'start' }, ['running', undefined, undefined, undefined]],
  ['finish', { type: 'finish', result: 'agree' }, ['agreed', undefined, undefined, undefined]],
  ['a number', { type: 'finish', result: 1 }, ['one', undefined, undefined, undefined]],
  ['not listed', { type: 'finish', result: 'refuse' }, ['refuse', undefined, undefined, undefined]],
  ['the action alone', { type: 'new' }, ['other', undefined, undefined, undefined]],
  [
    'all',
    { type: 'start', Calendar: 'primary;x', StartTime: '2026-09-22 15:00:00', capacity: '500人以上' },
    ['running', 'x', '2026-09-22 07:00:00.000', '500'],
  ],
])('%s', (_, body, expected) => {
  expect(valuesOf(body)).toEqual(expected)
})

test('stages', () => {
  const start = read({ type: 'start', createTime: 1_790_000_100_000 }).changes[0]?.version
  const finish = read({ type: 'finish', finishTime: 1_780_000_000_000 }).changes[0]?.version
  expect(finish && start && finish.compare(start)).toBe(1)
})

test('items', () => {
  const each = readMapping(
    `
table: records
action: [.EventType]
time: ["@.checkTime", $.time]
each: [.dataList]
events: { attendance_check_record: {} }
key: { id: { type: VARCHAR(64) NOT NULL, from: "@.bizId" } }
columns: { user: { slot: 0, type: VARCHAR(64) NULL, from: "@.userId" } }
`,
    'mapping.yaml',
  )
  const { changes, faults } = read(
    { EventType: 'attendance_check_record', DataList: [{ bizId: '1', userId: 'u' }, 7, '{"BizId":"2","userId":"v"}'] },
    each,
  )
  expect(changes.map(({ key, values }) => [...key, ...values])).toEqual([
    ['1', 'u'],
    ['2', 'v'],
  ])
  expect(faults).toEqual(['the event names no id that can be read'])
})
