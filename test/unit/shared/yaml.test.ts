import * as z from 'zod/mini'
import { readYaml } from '../../../shared/yaml'

test.each([
  ['a:\n  b: 1\n  c:2\n  d: 3', '3:3 has no colon behind its name, or no blank behind the colon: name: value'],
  ['a:\n  b: 1\n  c\n  d: 3', '3:3 has no colon behind its name, or no blank behind the colon: name: value'],
  ['a:\n b: 1\n  c: 2', '2:5 is a value, and the next line is further in: names of one level begin in one column'],
  ['a: x\n  b: 1', '1:4 is a value, and the next line is further in: names of one level begin in one column'],
  ['a: "b\nc: 1\nd: 2\n', '1:4 begins with a quote that does not end'],
  ["a: 1\nb: 'c\nd: 2\n", '2:4 begins with a quote that does not end'],
  ['a: 1\nb: *c', '2:4 begins with *, which YAML takes for the name of something else in the file: put it in quotes'],
  ['a: [1, *c]', '1:8 begins with *, which YAML takes for the name of something else in the file: put it in quotes'],
  ['a: 1\n\tb: 2', '2:1 Tabs are not allowed as indentation'],
])('%j: %s', (text, fault) => {
  expect(() => readYaml(text, 'x.yaml', z.any())).toThrow(new Error(`x.yaml:${fault}`))
})

test('an anchor that is there', () => {
  expect(readYaml('a: &b 1\nc: *b', 'x.yaml', z.any()).data).toEqual({ a: 1, c: 1 })
})
