import fc from 'fast-check'
import { depthOf } from '../../../shared/json'

test.each([
  ['a number', '1', 0],
  ['text', '"[[["', 0],
  ['nothing at all', '', 0],
  ['an empty object', '{}', 1],
  ['an empty list', ' [ ] ', 1],
  ['neighbours', '[[],[],{}]', 2],
  ['brackets in text', '{"a":"[{","b":["]"]}', 2],
  ['brackets in a key', '{"[[[":1}', 1],
  ['escaped quotes', '["\\"[[","\\\\",["\\\\\\"["]]', 2],
  ['an escape at the end of a text', '["\\\\"]', 1],
  ['a value under a key that comes twice', '{"a":[[[1]]],"a":1}', 4],
  ['text that does not end', '["[[', 1],
])('%s', (_, json, depth) => {
  expect(depthOf(json)).toBe(depth)
})

test('a million levels', () => {
  expect(depthOf('['.repeat(1_000_000) + ']'.repeat(1_000_000))).toBe(1_000_000)
})

test('of whatever JSON.stringify makes it is the depth of the value', () => {
  const depth = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      expect(depthOf(JSON.stringify(value))).toBe(depth(value))
      expect(depthOf(JSON.stringify(value, null, 2))).toBe(depth(value))
    }),
  )
})
