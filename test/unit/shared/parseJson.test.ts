import { jsonFields, parseJson } from '../../../shared/json'

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
})
