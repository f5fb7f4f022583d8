import { jsonFields, losslessJson, parseJson, stringifyLossless, textOfAny } from '../../../shared/json'

test.each<[string, unknown, fields: object]>([
  ['{"a":1}', { a: 1 }, { a: 1 }],
  ['[1]', [1], {}],
  ['"a"', 'a', {}],
  ['null', null, {}],
  ['{"a":', undefined, {}],
  ['<html>', undefined, {}],
  ['', undefined, {}],
])('%s', (text, value, fields) => {
  expect(parseJson(text)).toEqual(value)
  expect(jsonFields(text)).toEqual(fields)
  expect(losslessJson(text)).toEqual(value)
})

test('losslessJson loses no digits', () => {
  expect(stringifyLossless(losslessJson('{"a":9007199254740993}'))).toBe('{"a":9007199254740993}')
})

test.each<[unknown, string]>([
  ['a', 'a'],
  [5, '5'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [{ a: [1] }, '{"a":[1]}'],
  [{ toString: 1 }, '{"toString":1}'],
  [losslessJson('9007199254740993'), '9007199254740993'],
])('%j as text is %s', (value, text) => {
  expect(textOfAny(value)).toBe(text)
})
