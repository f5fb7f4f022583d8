import * as z from 'zod/mini'
import { placeIn, readYaml } from '../../../shared/yaml'

test.each([
  ['a:\n  b: 1\n  c:2\n  d: 3', '3:3 has no colon behind its name, or no blank behind the colon: name: value'],
  ['a:\n  b: 1\n  c\n  d: 3', '3:3 has no colon behind its name, or no blank behind the colon: name: value'],
  ['a:\n b: 1\n  c: 2', '2:5 is a value, and the next line is further in: names of one level begin in one column'],
  ['a: x\n  b: 1', '1:4 is a value, and the next line is further in: names of one level begin in one column'],
  ['a: "b\nc: 1\nd: 2\n', '1:4 begins with a quote that does not end'],
  ["a: 1\nb: 'c\nd: 2\n", '2:4 begins with a quote that does not end'],
  ['a: 1\nb: *c', '2:4 begins with *, which YAML takes for the name of something else in the file: put it in quotes'],
  ['a: [1, *c]', '1:8 begins with *, which YAML takes for the name of something else in the file: put it in quotes'],
  ['a: [1, 2\nb: 3', '2:1 Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ['a: ["x" "y"]', '1:9 Missing , or : between flow sequence items'],
  ['a: 1\n\tb: 2', '2:1 Tabs are not allowed as indentation'],
])('%j: %s', (text, fault) => {
  expect(() => readYaml(text, 'x.yaml', z.any())).toThrow(new Error(`x.yaml:${fault}`))
})

test('an anchor that is there', () => {
  expect(readYaml('a: &b 1\nc: *b', 'x.yaml', z.any()).data).toEqual({ a: 1, c: 1 })
})

test.each([
  ['12', '12'],
  ['-1.5e3', '-1500'],
  ['0x1F', '31'],
  ['0o17', '15'],
  ['.inf', 'Infinity'],
  ['+5', '5'],
  ['12345678901234567890', '12345678901234567890'],
])('the number %s is %s', (written, value) => {
  expect(String(readYaml<{ a: unknown }>(`a: ${written}`, 'x.yaml', z.any()).data.a)).toBe(value)
})

test.each([
  ['the first place that there is', [['c'], ['b', 'd']], {}, '3:3'],
  ['the beginning of the document, where there is none of them', [['b', 'x']], { a: 2 }, '5:1'],
  ['in the document that is meant', [['b']], { a: 2 }, '6:1'],
  ['the beginning, where there is no such document', [['b']], { a: 3 }, '1:1'],
])('a place in a file: %s', (_, places, among, place) => {
  const text = 'a: 1\nb:\n  d: 2\n---\na: 2\nb: 1\n'
  expect(placeIn(text, 'x.yaml', places, among)).toBe(`x.yaml:${place}`)
})
