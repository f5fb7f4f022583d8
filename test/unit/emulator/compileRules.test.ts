import fc from 'fast-check'
import { compilePattern } from '../../../emulator/pattern/compilePattern'
import { compileRules } from '../../../emulator/pattern/compileRules'
import { parseLossless } from '../../../shared/json'

type Json = Record<string, unknown>

/** What compileRules says, held against what each pattern says by itself. */
function expectSame(patterns: readonly unknown[], event: Json): void {
  const compiled = patterns.map(compilePattern)
  expect(compileRules(compiled)(event)).toEqual(compiled.map(({ whyNot }) => whyNot(event)))
}

test('no patterns, no reasons', () => {
  expect(compileRules([])({ source: 'a' })).toEqual([])
})

test('each pattern has its own reason, in its own place', () => {
  const patterns = [
    { source: ['a'], type: ['x'] },
    {},
    { source: ['b'] },
    { data: { v: [1] }, source: ['a'] },
    { source: ['a'], type: ['y'] },
  ]
  expect(compileRules(patterns.map(compilePattern))({ source: 'a', type: 'y' })).toEqual([
    'type does not match ["x"]',
    undefined,
    'source does not match ["b"]',
    'data is absent, and the pattern asks for fields in it',
    undefined,
  ])
})

describe('a dozen patterns that ask one field for values', () => {
  const lists = ['["a"]', '["b"]', '["a", "b"]', '["a", "a"]', '[1]', '["1"]', '[1.0]', '[null]', '["null"]', '[true]']
  const others = ['[""]', '[9007199254740993]', '[{"prefix": "a"}]', '["a", {"exists": false}]']
  // as many as are looked up where they are for values alone
  const mixed = ['c', 'd', 'e', 'f', 'g'].map((value) => `["${value}", {"prefix": "a"}]`)

  test.each([
    '"a"',
    '"b"',
    '"c"',
    '""',
    '1',
    '"1"',
    '1e0',
    'null',
    '"null"',
    'true',
    '"true"',
    '9007199254740993',
    '9007199254740993.0',
    '"9007199254740993"',
    '9007199254740992',
    '["c", "a"]',
    '[null]',
    '[]',
    '["a", {}]',
    '{}',
    '{"value": "a"}',
  ])('%s', (value) => {
    const patterns = [...lists, ...others, ...mixed].flatMap((list) => [
      parseLossless(`{"data": {"v": ${list}}}`),
      parseLossless(`{"data": {"v": ${list}, "w": [2]}}`),
    ])
    expectSame(patterns, parseLossless(`{"data": {"v": ${value}, "w": 2}}`) as Json)
    expectSame(patterns, parseLossless(`{"data": {"v": ${value}}}`) as Json)
  })

  test('where the field is absent', () => {
    const patterns = [...lists, ...others, ...mixed].map((list) => parseLossless(`{"data": {"v": ${list}}}`))
    expectSame(patterns, { data: {} })
    expectSame(patterns, { data: 'text' })
    expectSame(patterns, {})
  })
})

test('a.b in one pattern and b in a in another are two places', () => {
  const patterns = [{ data: { 'a.b': ['x'] } }, { data: { a: { b: ['x'] } } }, { data: { 'a.b': ['y'] } }]
  expectSame(patterns, { data: { 'a.b': 'y', a: { b: 'x' } } })
  expectSame(patterns, { data: { a: { b: 'x' } } })
})

test('patterns of thousands of fields that they share use up no stack', () => {
  const fields = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`f${n}`, n]))
  const listed = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value]]))
  const patterns = [{ data: listed }, { data: { ...listed } }, { data: { ...listed, last: ['x'] } }]
  expectSame(patterns, { data: fields })
})

describe('for any patterns and events', () => {
  const scalar = fc.constantFrom(
    '"a"',
    '"ab"',
    '"10.0.0.1"',
    '""',
    '1',
    '"1"',
    '2.5',
    'true',
    'null',
    '9007199254740993',
  )
  const condition = fc.oneof(
    { arbitrary: scalar, weight: 6 },
    fc.constantFrom(
      ...[
        '{"prefix": "a"}',
        '{"suffix": "b"}',
        '{"contains": "b"}',
        '{"anything-but": ["a", 1]}',
        '{"anything-but": "a"}',
      ],
      ...['{"anything-but": {"prefix": "a"}}', '{"numeric": [">", 0]}', '{"cidr": "10.0.0.0/8"}'],
      ...['{"exists": false}', '{"exists": true}'],
    ),
  )
  const list = fc.array(condition, { minLength: 1, maxLength: 3 }).map((conditions) => `[${conditions.join()}]`)

  /** JSON of some of these fields, in any order. */
  const object = (fields: Readonly<Record<string, fc.Arbitrary<string>>>, minLength: number) =>
    fc
      .shuffledSubarray(Object.keys(fields), { minLength })
      .chain((names) =>
        fc
          .tuple(...names.map((name) => fields[name] ?? scalar))
          .map((values) => `{${names.map((name, at) => `${JSON.stringify(name)}: ${values[at]}`).join()}}`),
      )
  const nested = (leaf: fc.Arbitrary<string>, minLength: number) => {
    const inner = object({ a: leaf, 'b.c': leaf, length: leaf }, minLength)
    return object({ a: fc.oneof(leaf, inner), 'a.a': leaf, b: fc.oneof(leaf, inner), toString: leaf }, minLength)
  }
  const pattern = object({ source: list, type: list, data: nested(list, 1) }, 0)
  const value = fc.oneof(
    { arbitrary: scalar, weight: 4 },
    fc.array(scalar, { maxLength: 3 }).map((elements) => `[${elements.join()}]`),
    fc.constantFrom('[{}]', '["a", []]'),
  )
  const data = fc.oneof({ arbitrary: nested(value, 0), weight: 6 }, value)
  const event = object({ source: value, type: value, data }, 0)

  test('all patterns together say what each says by itself', () => {
    let [matched, refused] = [0, 0]
    fc.assert(
      fc.property(
        fc.array(pattern, { maxLength: 40 }),
        fc.array(event, { minLength: 1, maxLength: 8 }),
        (texts, events) => {
          const compiled = texts.map((text) => compilePattern(parseLossless(text)))
          const whyNots = compileRules(compiled)
          for (const text of events) {
            const given = parseLossless(text) as Json
            const reasons = whyNots(given)
            expect(reasons).toEqual(compiled.map(({ whyNot }) => whyNot(given)))
            matched += reasons.filter((reason) => reason === undefined).length
            refused += reasons.filter((reason) => reason !== undefined).length
          }
        },
      ),
      { numRuns: 1500 },
    )
    expect(Math.min(matched, refused)).toBeGreaterThan(1000)
  })
})
