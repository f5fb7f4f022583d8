import { jsonFault } from '../../../shared/jsonFault'

const NO_JSON = 'is no JSON: '
const NO_NAME = `${NO_JSON}a name in double quotes is missing, or the comma before it is one too many`
const NO_VALUE = `${NO_JSON}a value is missing, or is no value of JSON`

test.each([
  ['userId: 1', '1:1', NO_VALUE],
  ['\n{"a" 1}', '2:6', `${NO_JSON}a colon is missing`],
  ['{"a":1,\n}', '2:1', NO_NAME],
  ['{"a":1,\n "b":[1,]}', '2:9', `${NO_JSON}an item is missing, or the comma before it is one too many`],
  ['{\n\n  a: 1\n}', '3:3', NO_NAME],
  ['{"a": 1', '1:8', `${NO_JSON}a } is missing`],
  ['[1', '1:3', `${NO_JSON}a ] is missing`],
  ['{"a": }', '1:7', NO_VALUE],
  ['{"a": tru}', '1:7', NO_VALUE],
  ['{"a": 1 "b": 2}', '1:9', `${NO_JSON}a comma is missing`],
  ['{"a": "b', '1:9', `${NO_JSON}a text does not end`],
  [
    '{"a": "b\nc"}',
    '1:9',
    `${NO_JSON}a text has a line break or a control character, which is written as \\n or \\u000a`,
  ],
  ['{"a": "\\x"}', '1:8', `${NO_JSON}a \\ stands before what JSON has no escape for`],
  ['{"a": "\\u12"}', '1:8', `${NO_JSON}a \\ stands before what JSON has no escape for`],
  ['{"a": 1.}', '1:9', `${NO_JSON}a number does not end`],
  ['{"a": 1}}', '1:9', `${NO_JSON}something follows the event`],
  // a name that comes twice is none
  ['{"a": 1, "a": 2} x', '1:18', `${NO_JSON}something follows the event`],
  ['{"a"： 1}', '1:5', 'has the fullwidth ：, where : is meant'],
  ['{"a": 1，"b": 2}', '1:8', 'has the fullwidth ，, where , is meant'],
  ["{\n  'a': 1}", '2:3', 'has a single quote, where JSON has double ones'],
  ['{"a": 1} // one', '1:10', 'has a comment, which JSON has not'],
  ['{"a": 1} # one', '1:10', 'has a comment, which JSON has not'],
  ['{"a": 1} / one', '1:10', `${NO_JSON}something follows the event`],
])('%j: at %s, it %s', (text, place, message) => {
  const fault = jsonFault(text)
  expect([`${fault.line}:${fault.column}`, fault.message]).toEqual([place, message])
})

test('a hundred thousand levels', () => {
  expect(jsonFault('['.repeat(100_000))).toEqual({ line: 1, column: 1, message: `${NO_JSON}it is nested too deep` })
})
