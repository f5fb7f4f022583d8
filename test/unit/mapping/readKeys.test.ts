import type { KeyColumn } from '../../../shared/mapping/mapping'
import { parsedText, readKeys } from '../../../shared/mapping/readKeys'

const id: KeyColumn = { name: 'id', type: 'VARCHAR(4) NOT NULL', from: [['id'], ['ids']], maxLength: 4 }
const read = (event: object, column: Partial<KeyColumn> = {}) => {
  const { keys, faults } = readKeys([{ ...id, ...column }], event, { DINGTALK_CORP_ID: 'own' })
  return { ids: keys.flat(), faults }
}
const NONE = ['the event names no id that can be read']
const SOME = ['the event names a id that cannot be read']

test.each<[string, object, string[], string[]]>([
  ['one', { id: 'a' }, ['a'], []],
  ['a number', { id: 7 }, ['7'], []],
  ['blanks around it', { id: ' a\n' }, ['a'], []],
  ['brackets within it', { id: 'a[1]' }, ['a[1]'], []],
  ['a quote within it', { id: 'a"' }, ['a"'], []],
  ['several', { id: ['a', 'b'] }, ['a', 'b'], []],
  ['several as JSON text', { id: '["a", "b"]' }, ['a', 'b'], []],
  ['one twice', { id: ['a', 'a'] }, ['a'], []],
  ['null, and one in another place', { id: null, ids: 'b' }, ['b'], []],
  ['blanks, and one in another place', { id: ' ', ids: 'b' }, ['b'], []],
  ['a list of blanks, and one in another place', { id: [' ', null], ids: 'b' }, ['b'], []],
  ['none', {}, [], NONE],
  ['null', { id: null }, [], NONE],
  ['an object', { id: {}, ids: 'b' }, [], NONE],
  ['a text in quotes', { id: '"a"' }, [], NONE],
  ['null beside one', { id: [null, 'a'], ids: 'b' }, ['a'], SOME],
  ['blanks beside one', { id: ['a', ' '], ids: 'b' }, ['a'], SOME],
  ['one of as many characters as its column takes', { id: 'abcd' }, ['abcd'], []],
  ['one of as many that are no ASCII', { id: '😀😀😀é' }, ['😀😀😀é'], []],
  ['one too long', { id: ['abcde', 'a'] }, ['a'], ['id is longer than 4 characters']],
])('of an event that names %s', (_, event, ids, faults) => {
  expect(read(event)).toEqual({ ids, faults })
})

test.each<[string, Partial<KeyColumn>, unknown, string | undefined]>([
  ['a whole number', { type: 'INT NOT NULL' }, '-12', undefined],
  ['a word', { type: 'INT NOT NULL' }, 'abc', 'id is no whole number'],
  ['a word', { type: 'integer' }, 'abc', 'id is no whole number'],
  ['a number with a point', { type: 'BIGINT NOT NULL' }, '1.4', 'id is no whole number'],
  ['a word', { type: "CHAR(4) COMMENT 'an int'" }, 'abc', undefined],
  ['ASCII', { isAscii: true }, 'a~', undefined],
  ['a word', { isAscii: true }, '小明', 'id holds other characters than ASCII'],
  ['a word', { isAscii: false }, '小明', undefined],
])('%s for a key %j', (_, column, value, fault) => {
  const fits = { ids: [value], faults: [] }
  expect(read({ id: value }, column)).toEqual(fault === undefined ? fits : { ids: [], faults: [fault] })
})

test('one of a type without a length has at most 64 characters', () => {
  const { maxLength: _, ...column } = id
  const [longest, longer] = ['x'.repeat(64), 'x'.repeat(65)]
  expect(readKeys([column], { id: [longest, longer] }, {})).toEqual({
    keys: [[longest]],
    faults: ['id is longer than 64 characters'],
  })
})

test('a variable stands in where the event names none, and for nothing that cannot be read', () => {
  const column = { defaultVariable: 'DINGTALK_CORP_ID' }
  expect(read({ id: ' ' }, column)).toEqual({ ids: ['own'], faults: [] })
  expect(read({ id: {} }, column)).toEqual({ ids: [], faults: NONE })
})

test.each<[unknown, unknown]>([
  [' {"a":1}', { a: 1 }],
  ['[1]', [1]],
  ['"[1]"', '"[1]"'],
  ['1', '1'],
  ['[1', '[1'],
  [1, 1],
])('%j is read as %j', (value, parsed) => {
  expect(parsedText(value)).toEqual(parsed)
})
