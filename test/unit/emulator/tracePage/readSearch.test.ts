import { readSearch } from '../../../../emulator/tracePage/readSearch'

const event = {
  ...{ id: 'e', source: 'my.source', type: 'my.type', subject: 'order 7', specversion: '1.0' },
  data: {
    body: { userId: '4711', title: '总监', 'a.b': 'dotted', n: 5, list: ['x', 'y and z'], none: null, on: true },
    order: { state: 'paid', id: 4712 },
    type: 'inner',
  },
}

test.each<[string, boolean]>([
  ['data.body.userId = 4711', true],
  ['data.body.userId=4711', true],
  ['data.body.userId == "4711"', true],
  ['data.body.userId ＝ 4711', true],
  ['  $.data.body.userId   =   4711  ', true],
  ['data.body.userId = 471', false],
  ['data.body.userId != 4711', false],
  ['data.body.userId != 4712', true],
  ['data.body.gone != 4712', false],
  ['data.order.state prefix pa', true],
  ['data.order.state PREFIX pa', true],
  ['data.order.state prefix "pa"', true],
  ['data.order.state suffix id', true],
  ['data.order.state contains ai', true],
  ['data.order.state prefix id', false],
  ['data.body.title = 总监', true],
  ['data.order.id = 4712', true],
  ['data.order.id > 4711', true],
  ['data.order.id >= 4713', false],
  ['data.body.n < 5.5 and data.body.n >= 5', true],
  ['data.body.n <= -1', false],
  ['data.body.list = x', true],
  ['data.body.list = "y and z"', true],
  ['data.body.on = true', true],
  ['data.body.none = null', true],
  ['data.body.none = "null"', false],
  ['data.body.none exists', true],
  ['data.body.gone absent', true],
  ['data.body.gone exists', false],
  ['data.body."a.b" = dotted', true],
  ['body.userId = 4711', true],
  ['order.state = paid', true],
  ['subject = order 7', true],
  ['source prefix my. and data.order.state = paid && body.n = 5', true],
  ['source prefix my. and data.order.state = open', false],
  ['data.type = inner', true],
  ['type = my.type', true],
  ['{"data": {"body": {"userId": ["4711"]}}}', true],
  ['{"data": {"body": {"userId": [{"anything-but": ["4711"]}]}}}', false],
  ['data.body.title = “总监”', true],
  ['data.body.title ！= 总监', false],
  ['data.body.n ＞ 4', true],
  ['data.body.n ＜= 4', false],
  ['data.body.n = 5.0', true],
  ['data.body.n != 5e0', false],
  ['data.body.n > 4e0', true],
  ['{}', true],
])('%s: %s', (text, found) => {
  expect(readSearch(text).matches(JSON.stringify(event))).toBe(found)
})

// a rule would match just these: JavaScript has one number for both ids
test.each<[string, boolean]>([
  ['data.id = 9007199254740993', true],
  ['data.id = 9007199254740992', false],
  ['data.id != 9007199254740993', false],
  ['data.id = 9007199254740993.0', true],
  ['{"data": {"id": [9007199254740993]}}', true],
  ['{"data": {"id": [9007199254740992]}}', false],
])('%s is found digit by digit: %s', (text, found) => {
  expect(readSearch(text).matches('{"data": {"id": 9007199254740993}}')).toBe(found)
})

test.each<[string, string]>([
  ['4711', 'must be a field and what it is'],
  ['data.body.userId', 'must be a field and what it is'],
  ['data.body.userId =', 'must be a field and what it is'],
  ['= 4711', 'must be a field and what it is'],
  ['data.body.userId ~ 4711', 'must be a field and what it is'],
  ['data.body.userId = 4711 and', 'must be a field and what it is'],
  ['data.body.n = 5 or data.body.n = 6', 'must be a field and what it is'],
  ['data.body.n = 5 || data.body.n > 6', 'must be a field and what it is'],
  ['data.body.n > many', '> compares with a number'],
  ['{"data": ', 'the pattern, in line 1, column 9, is no JSON'],
  ['{"userId": ["4711"]}', 'userId: cannot be filtered by'],
  ['{"data": {"a": [{"sufix": "b"}]}}', 'data.a[0]: unknown operator'],
  [`a = ${'x'.repeat(4_097)}`, 'must have at most 4096 characters'],
])('%s is refused', (text, reason) => {
  expect(() => readSearch(text)).toThrow(reason)
})

test('what is no event is never found', () => {
  expect(readSearch('data.a absent').matches('[]')).toBe(false)
  expect(readSearch('data.a absent').matches('no JSON')).toBe(false)
})
