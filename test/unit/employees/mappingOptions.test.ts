import { toChanges } from '../../../functions/employees/toChanges'
import { deliveredEvent } from '../../support/events'
import { readMapping } from '../../support/mapping'

/** A mapping with this one column, and what it makes of an event with this body. */
function reading(column: string, body: object) {
  const mapping = readMapping(
    `
table: t
action: $.data.body.action
time: $.time
events: { change: {} }
key: { id: { type: INT, from: $.data.body.id } }
columns: { c: { slot: 0, type: VARCHAR(10), ${column} } }
`,
    'mapping.yaml',
  )
  const event = deliveredEvent({ action: 'change', id: '1', ...body })
  return toChanges({ id: 'e', source: 's', event, text: '' }, mapping, {}, Date.parse('2026-06-01'))
}

function columnValue(column: string, body: object): unknown {
  return reading(column, body).changes[0]?.values[0]
}

test.each<[string, string, object, unknown]>([
  ['one path', 'from: $.data.body.a', { a: 'x' }, 'x'],
  ['the first path that yields something', 'from: [$.data.body.a, $.data.body.b]', { b: 'x' }, 'x'],
  ['null yields nothing while another path does', 'from: [$.data.body.a, $.data.body.b]', { a: null, b: 'x' }, 'x'],
  ['"" neither', 'from: [$.data.body.a, $.data.body.b]', { a: '', b: 'x' }, 'x'],
  ['null clears where no path yields more', 'from: [$.data.body.a, $.data.body.b]', { a: null }, null],
  ['no path yields anything', 'from: [$.data.body.a]', {}, undefined],
  ['a path into a list', 'from: "$.data.body.a[1]"', { a: ['x', 'y'] }, 'y'],
  ['a path that would leave the data', 'from: $.data.body.constructor.name', {}, undefined],
  ['a constant', 'value: dingtalk', {}, 'dingtalk'],
  ['a constant that is a number', 'value: 5', {}, '5'],
  ['no value at all', 'value: null', {}, null],
  ['a template', "template: '${$.data.body.a}-${$.data.body.b}!'", { a: 'x', b: 7 }, 'x-7!'],
  ['a template that lacks a part', "template: '${$.data.body.a}-${$.data.body.b}'", { a: 'x' }, undefined],
  ['a template of an object', "template: '${$.data.body.a}'", { a: {} }, undefined],
  ["the event's time", 'from: $time, as: date, zone: UTC', {}, '2022-05-13'],
  ['null clears', 'from: $.data.body.a', { a: null }, null],
  ['"" clears', 'from: $.data.body.a', { a: '' }, null],
  ['null is kept out', 'from: $.data.body.a, empty: keep', { a: null }, undefined],
  ['a bad value leaves the column', 'from: $.data.body.a, as: integer', { a: 'x' }, undefined],
  ['a bad value clears the column', 'from: $.data.body.a, as: integer, bad: clear', { a: 'x' }, null],
  ['a value too long leaves the column', 'from: $.data.body.a', { a: 'x'.repeat(11) }, undefined],
  ['a date in Shanghai', 'from: $.data.body.a, as: date', { a: 1_767_196_800_000 }, '2026-01-01'],
  [
    'a date in New York',
    'from: $.data.body.a, as: date, zone: America/New_York',
    { a: 1_767_196_800_000 },
    '2025-12-31',
  ],
])('%s', (_, column, body, expected) => {
  expect(columnValue(column, body)).toBe(expected)
})

test('a bad value refuses the event, where the mapping says so', () => {
  expect(reading('from: $.data.body.a, as: integer, bad: reject', { a: 'planted' })).toEqual({
    changes: [],
    faults: ['the value for c cannot be read as integer'],
  })
})
