import * as z from 'zod/mini'
import { placeIn, readYaml, readYamlDocuments } from '../../../shared/yaml'

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
  ['a: "x', '1:4 begins with a quote that does not end'],
  // the second quote of the line below is no other text that is open
  ["a: '\n'b: c'", '1:4 begins with a quote that does not end'],
  ['a: @b', '1:4 begins with @, which YAML keeps for itself: put it in quotes'],
  ['a: %b', '1:4 Plain value cannot start with directive indicator character %'],
  ['a: x\na: y', '2:1 a comes twice in one map: where a further document begins, a line --- is missing'],
  ['a:\n  b: 1\n  b: 2', '3:3 b comes twice in one map'],
  ['- a: 1\n  a: 2', '2:3 a comes twice in one map'],
  ['a：1', '1:2 the fullwidth ：, where : is meant'],
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
  ['1234567890.12345678901', '1234567890.12345678901'],
  ['1e400', '1e400'],
])('the number %s is %s', (written, value) => {
  expect(String(readYaml<{ a: unknown }>(`a: ${written}`, 'x.yaml', z.any()).data.a)).toBe(value)
})

test('a number in quotes is text', () => {
  expect(readYaml('{ a: "12345678901234567890", b: "12" }', 'x.yaml', z.any()).data).toEqual({
    a: '12345678901234567890',
    b: '12',
  })
})

const SCHEMA = z.strictObject({
  name: z.string(),
  kind: z._default(z.enum(['a', 'b'], 'must be a or b'), 'a'),
  slots: z.optional(z.array(z.int())),
  none: z.optional(z.null()),
  sizes: z.optional(
    z.record(
      z.string().check(z.regex(/^[a-z]+$/, 'must be in small letters')),
      z.strictObject({ type: z.string(), unit: z.enum(['m', 'l'], 'must be m or l') }),
    ),
  ),
})
const COMMA = 'is not known here: where a text between { and } has a comma, put it in quotes'

test.each([
  ['# of nobody\nslots: [1]', '2:1 name: is missing'],
  ['name: 1', '1:1 name: must be text'],
  ['name:', '1:1 name: must be text'],
  ['- name: x', '1:1 must be a map of names and values'],
  ['', '1:1 must be a map of names and values'],
  ['name: x\nkind: c', '2:1 kind: must be a or b'],
  ['name: x\nslots: 5', '2:1 slots: must be a list'],
  ['name: x\nslots: [1, 2.5]', '2:12 slots.1: must be a whole number'],
  ['name: x\nnone: 5', '2:1 none: must be null'],
  ['name: x\nsizes: [1]', '2:1 sizes: must be a map of names and values'],
  ['name: x\nsizes:\n  A: { type: y, unit: m }', '3:3 sizes.A: must be in small letters'],
  ['name: x\nsizes:\n  a: { type: y }', '3:3 sizes.a.unit: must be m or l'],
  ['name: x\nother: 1', '2:1 other: is not known here'],
  ['name: x\nother:', '2:1 other: is not known here'],
  // a name of a line of its own is none that a comma made, however it is written
  ['name: x\nsizes: { a: { type: y, other: , unit: m } }', '2:24 sizes.a.other: is not known here'],
  ['name: x\n? other', '2:3 other: is not known here'],
  ['name: x\nsizes: { a: { type: y(6,2) NULL, unit: m } }', `2:25 sizes.a.2) NULL: ${COMMA}`],
  ['name: x\nsizes: { a: { type: y,2, unit: m } }', `2:23 sizes.a.2: ${COMMA}`],
  ['name: x\nsizes: { a: { type: y, other: 1, unit: m } }', '2:24 sizes.a.other: is not known here'],
  [
    'name: x\nsizes: { a: { type: y(6,2), other: 1, unit: m } }',
    `2:25 sizes.a.2): ${COMMA}\nx.yaml:2:29 sizes.a.other: is not known here`,
  ],
  ['name: 1\nother: 1', '1:1 name: must be text\nx.yaml:2:1 other: is not known here'],
])('what is not as the schema has it, %j: %s', (text, faults) => {
  expect(() => readYaml(text, 'x.yaml', SCHEMA)).toThrow(new Error(`x.yaml:${faults}`))
  expect(() => readYamlDocuments(text, 'x.yaml', SCHEMA)).toThrow(new Error(`x.yaml:${faults}`))
})

test('faults that the schema does not see, each at its place', () => {
  const { data, faults } = readYaml('name: x\nslots: [1, 2]', 'x.yaml', SCHEMA)
  expect(data).toEqual({ name: 'x', kind: 'a', slots: [1, 2] })
  expect(faults.refuse()).toBeUndefined()
  faults.add([], 'is nobody')
  faults.add(['slots', 1], 'is taken')
  faults.add(['slots', 7, 'x'], 'is none')
  expect(() => faults.refuse()).toThrow(
    new Error('x.yaml:1:1 is nobody\nx.yaml:2:12 slots.1: is taken\nx.yaml:2:1 slots.7.x: is none'),
  )
})

describe('a file of several documents', () => {
  const read = (text: string) => readYamlDocuments(text, 'x.yaml', SCHEMA).map(({ data }) => data.name)

  test.each([
    ['name: x', ['x']],
    ['name: x\n---\nname: y\n', ['x', 'y']],
    ['---\nname: x\n---\n', ['x']],
    ['---\n# nobody\n---\nname: x\n---\n---\nname: y', ['x', 'y']],
  ])('%j has %j', (text, names) => {
    expect(read(text)).toEqual(names)
  })

  test.each([
    ['---\n---\n', '1:4 must be a map of names and values'],
    ['name: x\n---\n5', '3:1 must be a map of names and values'],
    ['# only this', '1:1 must be a map of names and values'],
    ['%YAML 1.2\n', '2:1 Missing directives-end indicator line'],
    ['name: x\n---\nname: "y', '3:7 begins with a quote that does not end'],
    ['name: x\n---\n@', '3:1 begins with @, which YAML keeps for itself: put it in quotes'],
    ['name: x\n---\n]', '3:1 Unexpected flow-seq-end token in YAML document: "]"'],
    ['name: 1\n---\nname: 2', '1:1 name: must be text\nx.yaml:3:1 name: must be text'],
  ])('%j: %s', (text, faults) => {
    expect(() => read(text)).toThrow(new Error(`x.yaml:${faults}`))
  })
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
