import { isLosslessObject, parseExact, parseLossless, stringifyLossless } from '../../../shared/json'

test.each([
  '1',
  '123456789012345',
  '1234567890123456',
  '-9007199254740993',
  '{"a":9007199254740993}',
  '{"a":-176292748870660512,"b":[1,2.5,true,null,"x"]}',
  '[ 9007199254740993 ]',
  '["x",9007199254740993]',
  '{"a":[null,{"b":null}]}',
  '{"a":1234567890.1234567890123456}',
  '{"a":0.12345678901234567890}',
  '{"a":1e400}',
  '{"a":1E-400}',
  '{"a":-0.0e0}',
  '{"id":"1411463790012463790"}',
  '{"order":"{1:176292748870660512}","n":7}',
  '{"\\"":9007199254740993}',
  '{"a":"\\\\","b":9007199254740993}',
  '"9007199254740993"',
])('%s comes back as it is written', (json) => {
  expect(stringifyLossless(parseLossless(json))).toBe(json.replace(/\s/g, ''))
})

test.each<[string, unknown, string]>([
  ['a bigint', { toJSON: () => ({ id: 9_007_199_254_740_993n }) }, '{"id":9007199254740993}'],
  ['a number that was parsed', { toJSON: () => parseLossless('9007199254740993') }, '9007199254740993'],
  ['a time', new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ['nothing', { toJSON: () => undefined }, 'null'],
])('%s that an own toJSON makes comes as it is', (_, value, json) => {
  expect(stringifyLossless(value)).toBe(json)
  expect(stringifyLossless([{ in: value }])).toBe(json === 'null' ? '[{}]' : `[{"in":${json}}]`)
})

test('toJSON is a name as any other', () => {
  expect(stringifyLossless(parseLossless('{"toJSON":1}'))).toBe('{"toJSON":1}')
})

test.each<[string, unknown]>([
  ['{"a":9007199254740993}', { a: 9_007_199_254_740_993n }],
  ['{"a":9007199254740991}', { a: 9_007_199_254_740_991 }],
  ['{"a":1,"a":2}', { a: 2 }],
  ['{"a":[1],"a":9007199254740993}', { a: 9_007_199_254_740_993n }],
  ['[1.5,1e3]', [1.5, 1000]],
  ['{"id":"x:9007199254740993"}', { id: 'x:9007199254740993' }],
])('%s is exactly %j', (json, value) => {
  expect(parseExact(json)).toEqual(value)
  expect(parseExact(stringifyLossless(value))).toEqual(value)
})

test.each(['', '{', '{"a":}', '[1,]', 'undefined', '{"a":9007199254740993', "{'a':1}"])('no JSON: %s', (json) => {
  expect(() => parseExact(json)).toThrow()
  expect(() => parseLossless(json)).toThrow()
})

test.each([
  ['{}', true],
  ['{"isLosslessNumber":true,"value":"1"}', true],
  ['[]', false],
  ['9007199254740993', false],
  ['"{}"', false],
  ['null', false],
])('%s is an object: %s', (json, isObject) => {
  expect(isLosslessObject(parseLossless(json))).toBe(isObject)
})
