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
columns: { c: { slot: 0, type: VARCHAR(30), ${column} } }
`,
    'mapping.yaml',
  )
  const event = deliveredEvent({ action: 'change', id: '1', ...body })
  return toChanges({ id: 'e', source: 's', event, text: '' }, mapping, {}, Date.parse('2026-06-01'))
}

function columnValue(column: string, body: object): unknown {
  return reading(column, body).changes[0]?.values[0]
}

const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

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
  ['a template of a great number', "template: '${$.data.body.a}!'", { a: 9_007_199_254_740_993n }, '9007199254740993!'],
  ['a template that lacks a part', "template: '${$.data.body.a}-${$.data.body.b}'", { a: 'x' }, undefined],
  ['a template of an object', "template: '${$.data.body.a}'", { a: {} }, undefined],
  ["the event's time", 'from: $time, as: date, zone: UTC', {}, '2022-05-13'],
  ['null clears', 'from: $.data.body.a', { a: null }, null],
  ['"" clears', 'from: $.data.body.a', { a: '' }, null],
  ['null is kept out', 'from: $.data.body.a, empty: keep', { a: null }, undefined],
  ['a bad value leaves the column', 'from: $.data.body.a, as: integer', { a: 'x' }, undefined],
  ['a bad value clears the column', 'from: $.data.body.a, as: integer, bad: clear', { a: 'x' }, null],
  ['a value too long leaves the column', 'from: $.data.body.a', { a: 'x'.repeat(31) }, undefined],
  ['a date in Shanghai', 'from: $.data.body.a, as: date', { a: 1_767_196_800_000 }, '2026-01-01'],
  [
    'a date in New York',
    'from: $.data.body.a, as: date, zone: America/New_York',
    { a: 1_767_196_800_000 },
    '2025-12-31',
  ],
  ['the part behind a separator', 'from: .a, after: ";"', { a: 'primary;x' }, 'x'],
  ['behind the last of several', 'from: .a, after: ";"', { a: 'a;b;x' }, 'x'],
  ['behind a longer one', 'from: .a, after: "::"', { a: 'a::x:y' }, 'x:y'],
  ['a text without one', 'from: .a, after: ";"', { a: 'x' }, 'x'],
  ['nothing behind it', 'from: .a, after: ";"', { a: 'primary;' }, null],
  ['nothing behind it, and another path', 'from: [.a, .b], after: ";"', { a: 'primary;', b: 'x' }, 'x'],
  ['a number has no parts', 'from: .a, after: "2"', { a: 123 }, '123'],
  ['the part of a template', "template: '${.a}/${.b}', after: /", { a: 'x', b: 'y' }, 'y'],
  ['a word for a code', 'from: .a, values: { 1: one }', { a: 1 }, 'one'],
  ['for its text', 'from: .a, values: { 1: one }', { a: '1' }, 'one'],
  ['for a flag', 'from: .a, values: { true: yes }', { a: true }, 'yes'],
  ['a code that is not listed', 'from: .a, values: { 1: one }', { a: 2 }, '2'],
  ['a code in another case', 'from: .a, values: { agree: yes }', { a: 'Agree' }, 'Agree'],
  ['a code with a blank', 'from: .a, values: { agree: yes }', { a: ' agree' }, ' agree'],
  ['what every object has', 'from: .a, values: { 1: one }', { a: 'constructor' }, 'constructor'],
  ['an object has no code', 'from: .a, as: json, values: { 1: one }', { a: { b: 1 } }, '{"b":1}'],
  ['a list of one has none either', 'from: .a, as: json, values: { 1: one }', { a: ['1'] }, '["1"]'],
  ['a word that is read', 'from: .a, as: integer, values: { few: 3 }', { a: 'few' }, 3],
  ['a word that is a flag', 'from: .a, as: boolean, values: { on: true, off: false }', { a: 'off' }, 0],
  ['a code that is no value', 'from: .a, values: { NONE: null }', { a: 'NONE' }, null],
  ['a code that is no value, and another path', 'from: [.a, .b], values: { NONE: null }', { a: 'NONE', b: 'x' }, 'x'],
  ['a code that is no value, kept out', 'from: .a, empty: keep, values: { NONE: null }', { a: 'NONE' }, undefined],
  ['null has no code', 'from: .a, values: { null: x }', { a: null }, null],
  ['the part first, then its word', 'from: .a, after: ";", values: { 1: one }', { a: 'x;1' }, 'one'],
  ['a wall in Shanghai', 'from: .a, as: time', { a: '2026-09-22 15:00:00' }, '2026-09-22 07:00:00.000'],
  [
    'a wall in New York',
    'from: .a, as: time, zone: America/New_York',
    { a: '2026-09-22 15:00' },
    '2026-09-22 19:00:00.000',
  ],
  [
    'a time with an offset has its own',
    'from: .a, as: time, zone: America/New_York',
    { a: '2026-09-22T15:00:00+08:00' },
    '2026-09-22 07:00:00.000',
  ],
  ['the first whole number', 'from: .a, as: firstInteger', { a: '500人以上' }, '500'],
  ['another first letter', 'from: .deptId', { DeptId: 'x' }, 'x'],
  ['another first letter, the other way', 'from: .DeptId', { deptId: 'x' }, 'x'],
  ['the spelling as written goes first', 'from: .deptId', { DeptId: 'x', deptId: 'y' }, 'y'],
  ['wherever it stands', 'from: .deptId', { deptId: 'y', DeptId: 'x' }, 'y'],
  ['where it has a value', 'from: .deptId', { deptId: '', DeptId: 'x' }, 'x'],
  ['not null', 'from: .deptId', { deptId: null, DeptId: 'x' }, 'x'],
  ['null in the other spelling clears', 'from: .deptId', { DeptId: null }, null],
  ['within another', 'from: .diff.name', { Diff: { name: 'x' } }, 'x'],
  ['but there it is exact', 'from: .diff.name', { diff: { Name: 'x' } }, undefined],
  ['in a template', "template: '${.a}-${.b}'", { A: 'x', B: 'y' }, 'x-y'],
  ['no other letter', 'from: .deptid', { deptId: 'x' }, undefined],
  ['a path from the root is exact', 'from: $.data.body.deptId', { DeptId: 'x' }, undefined],
  ['one level deeper', 'from: .deptId', { data: { DeptId: 'x' } }, undefined],
  ['within JSON text', 'from: .diff.name', { diff: '{"name":"x"}' }, 'x'],
  ['within a list as JSON text', "from: '.diff[0].name'", { diff: '[{"name":"x"}]' }, 'x'],
  ['within text within text', 'from: .a.b.c', { a: '{"b":"{\\"c\\":\\"x\\"}"}' }, 'x'],
  ['within text, from the root', 'from: $.data.body.a.b', { a: '{"b":"x"}' }, 'x'],
  ['within text, in a template', "template: '${.a.b}-${.c}'", { a: '{"b":"x"}', c: 'y' }, 'x-y'],
  ['within text that is cut off', 'from: .a.b', { a: '{"b":"x"' }, undefined],
  ['within text of more levels than the stack has', "from: '.a[0]', as: json", { a: lists(100_000) }, undefined],
  ['text as it is, and within it', 'from: [.a.c, .a]', { a: '{"b":"x"}' }, '{"b":"x"}'],
  ['in the first place, before the other as it is written', 'from: .type', { Type: 'x', data: { type: 'y' } }, 'x'],
  ['both in a list, as they stand', 'from: [.deptId, .DeptId]', { DeptId: 'x', deptId: '' }, 'x'],
])('%s', (_, column, body, expected) => {
  expect(columnValue(column, body)).toBe(expected)
})

test('what mapping.yaml says itself is no code', () => {
  const mapping = readMapping(
    `
table: t
action: .action
time: $.time
events: { change: { set: { c: agree } } }
key: { id: { type: INT, from: .id } }
columns: { c: { slot: 0, type: VARCHAR(10), from: .a, values: { agree: no } } }
`,
    'mapping.yaml',
  )
  const event = deliveredEvent({ action: 'change', id: '1', a: 'agree' })
  const [change] = toChanges({ id: 'e', source: 's', event, text: '' }, mapping, {}, Date.parse('2026-06-01')).changes
  expect(change?.values).toEqual(['agree'])
})

test('a bad value refuses the event, where the mapping says so', () => {
  expect(reading('from: $.data.body.a, as: integer, bad: reject', { a: 'planted' })).toEqual({
    changes: [],
    faults: ['the value for c cannot be read as integer'],
  })
})

test.each<[string, object, unknown]>([
  ['in both places, the first that has a value', { name: 'x', data: { name: 'y' } }, 'x'],
  ['in both places, null in the first', { name: null, data: { name: 'y' } }, 'y'],
  ['in both places, "" in the first', { name: '', data: { name: 'y' } }, 'y'],
  ['deeper', { data: { name: 'y' } }, 'y'],
  ['deeper, as text', { data: '{"name":"y"}' }, 'y'],
])('fields that begin at the root of an event are found %s', (_, fields, value) => {
  const text = `
table: t
fields: [$, $.data]
action: .action
time: $.time
events: { change: {} }
key: { id: { type: INT, from: .id } }
columns: { c: { slot: 0, type: VARCHAR(30), from: .name } }
`
  const event = { id: '1', source: 's', action: 'change', ...fields }
  const received = { id: '1', source: 's', event, text: '' }
  const { changes } = toChanges(received, readMapping(text, 'mapping.yaml'), {}, Date.parse('2026-06-01'))
  expect(changes.map(({ values }) => values)).toEqual([[value]])
})

/** What an event says of one whom `gone` or `lost` have ended. */
function goneAt(body: object): unknown {
  const mapping = readMapping(
    `
table: t
action: .action
time: [.at, $.time]
events: { told: {}, gone: { ends: goneAt, set: { state: gone, seenAt: $time } }, lost: { ends: goneAt, set: { state: lost } } }
key: { id: { type: INT, from: .id } }
columns:
  state: { slot: 0, type: VARCHAR(10), from: .state }
  seenAt: { slot: 1, type: DATETIME(3), as: time, from: .seenAt }
  goneAt: { slot: 2, type: DATETIME(3), as: time, from: .goneAt }
`,
    'mapping.yaml',
  )
  const event = deliveredEvent({ id: '1', action: 'told', ...body })
  return toChanges({ id: 'e', source: 's', event, text: '' }, mapping, {}, Date.parse('2026-06-01')).changes[0]
    ?.values[2]
}

const AT = '2021-01-01T00:00:00Z'

test.each<[string, object, unknown]>([
  ['says otherwise', { state: 'here' }, null],
  ['says the same', { state: 'gone' }, undefined],
  ['says the same as another ending', { state: 'lost' }, undefined],
  ['says nothing', {}, undefined],
  ['says that it knows nothing', { state: null }, undefined],
  ['says another time of what the ending set by its own', { seenAt: AT }, null],
  ['says since when itself', { state: 'here', goneAt: AT }, '2021-01-01 00:00:00.000'],
  ['is an ending itself', { action: 'gone', at: AT, state: 'here' }, '2021-01-01 00:00:00.000'],
])('an event that %s, about what has ended', (_, body, expected) => {
  expect(goneAt(body)).toBe(expected)
})
