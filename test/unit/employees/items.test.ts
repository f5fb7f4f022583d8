import { namesId } from '../../../functions/employees/maintenance/explain'
import { toChanges } from '../../../functions/employees/toChanges'
import { timeOfVersion } from '../../../shared/mapping/version'
import { deliveredEvent } from '../../support/events'
import { readMapping } from '../../support/mapping'

const mapping = readMapping(
  `
table: records
fields: [$.data.body, $.data.body.data]
action: [.EventType, .headers.eventType]
time: ["@.checkTime", .EventTime, $.time]
each: [.dataList, .items]
failed: { path: [.errcode, "@.errcode"], set: { state: failed } }
events: { record: {} }
parts:
  - { path: "@.diff", about: "@.diff.id" }
key:
  corpId: { type: VARCHAR(64) NOT NULL, from: ["@.corpId", .CorpId] }
  id: { type: VARCHAR(64) NOT NULL, from: ["@.bizId", "@"] }
columns:
  user: { slot: 0, type: VARCHAR(4) NULL, from: "@.userId" }
  count: { slot: 1, type: INT NULL, as: integer, bad: reject, from: "@.count" }
  state: { slot: 2, type: VARCHAR(10) NULL, from: .state }
  part: { slot: 3, type: VARCHAR(10) NULL, from: "@.diff.name" }
  whole: { slot: 4, type: VARCHAR(10) NULL, template: "\${.state}-\${@.userId}" }
`,
  'mapping.yaml',
)
const [AT, BEFORE] = [1_780_000_000_000, 1_779_000_000_000]
const event = (body: object) =>
  deliveredEvent({ EventType: 'record', CorpId: 'c', EventTime: AT, ...body }, { time: '2026-12-01T00:00:00Z' })
const read = (body: object) =>
  toChanges({ id: 'e', source: 's', event: event(body), text: '' }, mapping, {}, Date.parse('2027-01-01'))
const rowsOf = (body: object) => read(body).changes.map(({ key, values }) => [...key, ...values.slice(0, 1)])

test.each<[string, object, unknown[][]]>([
  [
    'a list',
    { dataList: [{ bizId: 1, userId: 'a' }, { bizId: 2 }] },
    [
      ['c', '1', 'a'],
      ['c', '2', undefined],
    ],
  ],
  ['a list with a capital', { DataList: [{ bizId: 1, userId: 'a' }] }, [['c', '1', 'a']]],
  ['items with capitals', { dataList: [{ BizId: 1, UserId: 'a' }] }, [['c', '1', 'a']]],
  ['another of the paths', { items: [{ bizId: 1 }] }, [['c', '1', undefined]]],
  ['JSON text of a list', { dataList: '[{"bizId":1,"userId":"a"}]' }, [['c', '1', 'a']]],
  [
    'a list of JSON texts',
    { dataList: ['{"bizId":1,"userId":"a"}', ' {"bizId":2}'] },
    [
      ['c', '1', 'a'],
      ['c', '2', undefined],
    ],
  ],
  ['one item that is no list', { dataList: { bizId: 1, userId: 'a' } }, [['c', '1', 'a']]],
  [
    'an item that is an id',
    { dataList: [7, '8'] },
    [
      ['c', '7', undefined],
      ['c', '8', undefined],
    ],
  ],
  [
    'an item of several ids',
    { dataList: [{ bizId: [1, 2], userId: 'a' }] },
    [
      ['c', '1', 'a'],
      ['c', '2', 'a'],
    ],
  ],
  [
    'what the whole event says, with its other letter',
    { CorpId: '', corpId: 'o', items: [5] },
    [['o', '5', undefined]],
  ],
  ['items that say it with a capital', { dataList: [{ CorpId: 'own', bizId: 1 }] }, [['own', '1', undefined]]],
  ['what an item says itself goes first', { dataList: [{ corpId: 'own', bizId: 1 }] }, [['own', '1', undefined]]],
  ['an empty list', { dataList: [] }, []],
  ['Stream', { data: '{"dataList":[{"bizId":1}]}' }, [['c', '1', undefined]]],
])('%s', (_, body, rows) => {
  expect(rowsOf(body)).toEqual(rows)
  expect(read(body).faults).toEqual([])
})

const NO_LIST = 'the event has no list of items that can be read'
const NO_ID = 'the event names no id that can be read'

test.each<[string, object, string[], number]>([
  ['no list', {}, [NO_LIST], 0],
  ['null', { dataList: null }, [NO_LIST], 0],
  ['a word', { dataList: 'none' }, [NO_LIST], 0],
  ['text of more levels than the stack has', { dataList: '['.repeat(9_999) + ']'.repeat(9_999) }, [NO_LIST], 0],
  ['a number', { dataList: 3 }, [NO_LIST], 0],
  ['JSON that is cut off', { dataList: '[{"bizId":' }, [NO_LIST], 0],
  ['one item of three without an id', { dataList: [{ bizId: 1 }, {}, { bizId: 2 }] }, [NO_ID], 2],
  ['one that is null', { dataList: [null, { bizId: 2 }] }, [NO_ID], 1],
  ['one that is a list', { dataList: [[{}], { bizId: 2 }] }, [NO_ID], 1],
  [
    'one whose value refuses it',
    {
      dataList: [
        { bizId: 1, count: 'x' },
        { bizId: 2, count: 2 },
      ],
    },
    ['the value for count cannot be read as integer'],
    1,
  ],
  [
    'one with an id too long',
    { dataList: [{ bizId: 'x'.repeat(65) }, { bizId: 2 }] },
    ['id is longer than 64 characters'],
    1,
  ],
])('%s is a fault, and takes no other along', (_, body, faults, stored) => {
  expect(read(body)).toMatchObject({ faults, changes: Array.from({ length: stored }, () => ({})) })
})

test('each has its own time, or that of the event', () => {
  const { changes } = read({ dataList: [{ bizId: 1, checkTime: BEFORE }, { bizId: 2 }] })
  expect(changes.map(({ version }) => timeOfVersion(version))).toEqual([BEFORE, AT])
})

test('each has its own version: of two about one row at one time one wins, whichever comes first', () => {
  const [one, other] = [
    { bizId: 1, userId: 'a' },
    { bizId: 1, userId: 'b' },
  ]
  const winner = (items: object[]) =>
    read({ dataList: items }).changes.reduce((a, b) => (a.version.compare(b.version) < 0 ? b : a)).values[0]
  expect(winner([one, other])).toBe(winner([other, one]))
})

test('an error in the place of one is its own; in the place of all there need be no list', () => {
  const { changes } = read({
    dataList: [
      { bizId: 1, userId: 'a', errcode: 5 },
      { bizId: 2, userId: 'b' },
    ],
  })
  expect(changes.map(({ values }) => values.slice(0, 3))).toEqual([
    [undefined, undefined, 'failed'],
    ['b', undefined, undefined],
  ])
  expect(read({ errcode: 5 })).toEqual({ changes: [], faults: [] })
})

test('a part within an item is about its own id', () => {
  const parts = (id: string) => [{ bizId: '1', diff: { id, name: 'x' } }]
  expect(read({ dataList: parts('1') }).changes[0]?.values[3]).toBe('x')
  expect(read({ dataList: parts('2') }).changes[0]?.values[3]).toBeUndefined()
})

test('a template takes from both', () => {
  expect(read({ state: 'on', dataList: [{ bizId: 1, userId: 'a' }] }).changes[0]?.values[4]).toBe('on-a')
})

test('an event of another name is of no table, whatever it holds', () => {
  expect(read({ EventType: 'other', dataList: 3 })).toEqual({ changes: [], faults: [] })
})

test.each<[string, object, boolean]>([
  ['in an item', { dataList: [{ bizId: 2 }, { bizId: 1 }] }, true],
  ['in none', { dataList: [{ bizId: 2 }] }, false],
  ['in an event without a list', { bizId: 1 }, false],
])('explain finds the letter that names an id: %s', (_, body, names) => {
  expect(namesId(JSON.stringify(event(body)), mapping, '1')).toBe(names)
})
