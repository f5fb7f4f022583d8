import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { compilePattern, InvalidPattern } from '../../../emulator/pattern/compilePattern'
import { parseLossless } from '../../../shared/json'

type Json = Record<string, unknown>

interface Vectors {
  match: { src: string; note: string; pattern: unknown; event: Json; matches: boolean }[]
  invalid: { note: string; pattern: unknown }[]
}

const vectors: Vectors = JSON.parse(readFileSync(path.join(__dirname, '../../fixtures/event-patterns.json'), 'utf8'))

const page = readFileSync(path.join(__dirname, '../../../docs/event-patterns.md'), 'utf8')

/** Does the value of `data.v` match this list of conditions? Leave the value out for an event without the field. */
const matchesField = (list: unknown[], ...value: unknown[]) =>
  compilePattern({ data: { v: list } }).matches({ data: value.length === 0 ? { other: 1 } : { v: value[0] } })

describe('the examples of docs/event-patterns.md', () => {
  test('the first one', () => {
    const { matches } = compilePattern(JSON.parse(/```json\n([^`]*)```/.exec(page)?.[1] ?? ''))
    const event = (syncAction: string) => ({ source: 'my.dingtalk', data: { body: { syncAction } } })
    expect(matches(event('user_modify_org'))).toBe(true)
    expect(matches(event('user_leave_org'))).toBe(false)
  })

  test.each(page.match(/`"[a-z]+": \[[^`]*\]`/g) ?? [])('%s', (example) => {
    expect(() => compilePattern({ data: JSON.parse(`{${example.slice(1, -1)}}`) })).not.toThrow()
  })
})

describe('the vectors of the documents and of the open-source twin', () => {
  test.each(vectors.match)('$src: $note: $pattern', ({ pattern, event, matches }) => {
    const compiled = compilePattern(pattern)
    expect(compiled.matches(event)).toBe(matches)
    expect(compiled.whyNot(event) === undefined).toBe(matches)
  })

  test.each(vectors.invalid)('$note is refused: $pattern', ({ pattern }) => {
    expect(() => compilePattern(pattern)).toThrow(InvalidPattern)
  })
})

describe('one condition against one value', () => {
  test.each<[list: unknown[], value: unknown, matches: boolean]>([
    // exact: by text
    [['a'], 'a', true],
    [['a'], 'A', false],
    [['a'], 'ab', false],
    [['100'], 100, true],
    [[100], '100', true],
    [[300], 3.0e2, true],
    [['3.0e2'], 300, false],
    [[0.1], 0.1, true],
    [[0], '', false],
    [[true], 'true', true],
    [['false'], false, true],
    [[true], 1, false],
    [[''], '', true],
    [[''], null, false],
    [[null], null, true],
    [[null], 'null', false],
    [['null'], null, false],
    [[null], 0, false],
    [['a', 7], 7, true],
    [['a', null], null, true],
    [['a', 'b'], 'c', false],
    // texts
    [[{ prefix: 'ab' }], 'abc', true],
    [[{ prefix: 'ab' }], 'ab', true],
    [[{ prefix: 'ab' }], 'xab', false],
    [[{ prefix: '1' }], 123, false],
    [[{ prefix: 'n' }], null, false],
    [[{ suffix: 'bc' }], 'abc', true],
    [[{ suffix: 'bc' }], 'abcd', false],
    [[{ suffix: '3' }], 123, false],
    [[{ contains: 'b' }], 'abc', true],
    [[{ contains: 'B' }], 'abc', false],
    [[{ contains: '2' }], 123, false],
    [[{ contains: '.*' }], 'abc', false],
    // anything-but
    [[{ 'anything-but': 'a' }], 'b', true],
    [[{ 'anything-but': 'a' }], 'a', false],
    [[{ 'anything-but': 1 }], '1', false],
    [[{ 'anything-but': 1 }], 2, true],
    [[{ 'anything-but': true }], false, true],
    [[{ 'anything-but': null }], null, false],
    [[{ 'anything-but': null }], 'a', true],
    [[{ 'anything-but': ['a', 2] }], 2, false],
    [[{ 'anything-but': ['a', 2] }], 'b', true],
    [[{ 'anything-but': ['a', 'b'] }], 'b', false],
    [[{ 'anything-but': { prefix: 'a' } }], 'ab', false],
    [[{ 'anything-but': { prefix: 'a' } }], 'ba', true],
    [[{ 'anything-but': { prefix: 'a' } }], 5, true],
    [[{ 'anything-but': { suffix: 'a' } }], 'ba', false],
    [[{ 'anything-but': { suffix: 'a' } }], 'ab', true],
    [[{ 'anything-but': 'a' }, { 'anything-but': 'b' }], 'a', true],
    [[{ 'anything-but': 'a' }], {}, false],
    // numeric
    [[{ numeric: ['=', 5] }], 5, true],
    [[{ numeric: ['=', 5] }], '5', false],
    [[{ numeric: ['=', 5] }], null, false],
    [[{ numeric: ['=', 5] }], true, false],
    [[{ numeric: ['=', 1.1234567] }], 1.12345678, true],
    [[{ numeric: ['=', 1.1234567] }], 1.1234569, false],
    [[{ numeric: ['=', 0] }], 0.99e-7, true],
    [[{ numeric: ['=', 0] }], 1e-7, false],
    [[{ numeric: ['!=', 5] }], 5.00000001, false],
    [[{ numeric: ['!=', 5] }], 6, true],
    [[{ numeric: ['>', 5] }], 5, false],
    [[{ numeric: ['>', 5] }], 5.00000001, false],
    [[{ numeric: ['>', 5] }], 5.1, true],
    [[{ numeric: ['>=', 5] }], 5, true],
    [[{ numeric: ['>=', 5] }], 4.99999999, true],
    [[{ numeric: ['>=', 5] }], 4.9, false],
    [[{ numeric: ['<', 5] }], 4.9, true],
    [[{ numeric: ['<', 5] }], 5, false],
    [[{ numeric: ['<=', 5] }], 5, true],
    [[{ numeric: ['<=', 5] }], 5.1, false],
    [[{ numeric: ['>', 0, '<=', 5] }], 5, true],
    [[{ numeric: ['>', 0, '<=', 5] }], 0, false],
    [[{ numeric: ['>', 0, '<=', 5] }], 6, false],
    [[{ numeric: ['<', 0, '>', 5] }], 6, false],
    [[{ numeric: ['>', 1e9] }], 1e300, true],
    // cidr
    [[{ cidr: '10.0.0.0/24' }], '10.0.0.0', true],
    [[{ cidr: '10.0.0.0/24' }], '10.0.0.255', true],
    [[{ cidr: '10.0.0.0/24' }], '10.0.1.0', false],
    [[{ cidr: '10.0.0.0/24' }], '9.255.255.255', false],
    [[{ cidr: '10.0.0.77/24' }], '10.0.0.1', true],
    [[{ cidr: '0.0.0.0/0' }], '255.255.255.255', true],
    [[{ cidr: '255.255.255.255/32' }], '255.255.255.255', true],
    [[{ cidr: '255.255.255.255/32' }], '255.255.255.254', false],
    [[{ cidr: '10.0.0.1' }], '10.0.0.1', true],
    [[{ cidr: '10.0.0.1' }], '10.0.0.2', false],
    [[{ cidr: '0.0.0.0/0' }], '10.0.0.1234', false],
    [[{ cidr: '0.0.0.0/0' }], '10.0.0', false],
    [[{ cidr: '0.0.0.0/0' }], '::ffff:10.0.0.1', false],
    [[{ cidr: '0.0.0.0/0' }], 167772161, false],
    // exists
    [[{ exists: true }], 'a', true],
    [[{ exists: true }], '', true],
    [[{ exists: true }], null, true],
    [[{ exists: true }], false, true],
    [[{ exists: true }], {}, false],
    [[{ exists: true }], [], false],
    [[{ exists: true }], ['a'], true],
    [[{ exists: false }], 'a', false],
    [[{ exists: false }], null, false],
    [[{ exists: false }], {}, false],
    [[{ exists: false }], [], false],
    [[{ exists: false }, 'a'], 'a', true],
    // lists in the event: any element is enough, objects and lists in it spoil it
    [['b', 'c'], ['a', 'b'], true],
    [['x'], ['a', 'b'], false],
    [['a'], ['a', {}], false],
    [['a'], ['a', ['b']], false],
    [[{ 'anything-but': 'a' }], ['a'], false],
    [[{ 'anything-but': 'a' }], ['a', 'b'], true],
    [[{ 'anything-but': 'a' }], [], false],
    [[{ numeric: ['>', 5] }], [1, 9], true],
    [[{ numeric: ['>', 5, '<', 7] }], [1, 9], false],
    [[null], [null], true],
  ])('%j against %j: %j', (list, value, matches) => {
    expect(matchesField(list, value)).toBe(matches)
  })

  test.each<[list: unknown[], matches: boolean]>([
    [['a'], false],
    [[''], false],
    [[null], false],
    [['undefined'], false],
    [[{ prefix: 'a' }], false],
    [[{ suffix: 'a' }], false],
    [[{ contains: 'a' }], false],
    [[{ 'anything-but': 'a' }], false],
    [[{ 'anything-but': { prefix: 'a' } }], false],
    [[{ numeric: ['!=', 5] }], false],
    [[{ cidr: '0.0.0.0/0' }], false],
    [[{ exists: true }], false],
    [[{ exists: false }], true],
    [['a', { exists: false }], true],
  ])('%j against a field that is absent: %j', (list, matches) => {
    expect(matchesField(list)).toBe(matches)
  })
})

describe('where the pattern looks', () => {
  test.each<[what: string, pattern: unknown, event: Json, matches: boolean]>([
    ['an attribute', { subject: [{ prefix: 'acs:' }] }, { subject: 'acs:x' }, true],
    ['an attribute that is absent', { subject: [{ exists: false }] }, { source: 'a' }, true],
    ['an extension of the service', { aliyuneventbusname: ['bus'] }, { aliyuneventbusname: 'bus' }, true],
    ['all keys must match', { source: ['a'], data: { v: [1] } }, { source: 'a', data: { v: 2 } }, false],
    ['all fields must match', { data: { v: [1], w: [2] } }, { data: { v: 1, w: 3 } }, false],
    ['depth', { data: { a: { b: { c: ['x'] } } } }, { data: { a: { b: { c: 'x' } } } }, true],
    ['a key with a dot is one key', { data: { 'a.b': ['x'] } }, { data: { 'a.b': 'x' } }, true],
    ['a key with a dot is a path, too', { data: { 'a.b': ['x'] } }, { data: { a: { b: 'x' } } }, true],
    ['a path of another value', { data: { 'a.b': ['x'] } }, { data: { a: { b: 'y' } } }, false],
    ['the field of that name comes first', { data: { 'a.b': ['x'] } }, { data: { 'a.b': 'y', a: { b: 'x' } } }, false],
    [
      'null in the field of that name, too',
      { data: { 'a.b': ['x'] } },
      { data: { 'a.b': null, a: { b: 'x' } } },
      false,
    ],
    ['a path within a field', { data: { a: { 'b.c': ['x'] } } }, { data: { a: { b: { c: 'x' } } } }, true],
    ['fields within a path', { data: { 'a.b': { c: ['x'] } } }, { data: { a: { b: { c: 'x' } } } }, true],
    ['a path of three', { data: { 'a.b.c': ['x'] } }, { data: { a: { b: { c: 'x' } } } }, true],
    ['a path not into a list', { data: { 'a.b': ['x'] } }, { data: { a: [{ b: 'x' }] } }, false],
    ['nothing at the path', { data: { 'a.b': [{ exists: false }] } }, { data: { a: { c: 'x' } } }, true],
    ['something at the path', { data: { 'a.b': [{ exists: false }] } }, { data: { a: { b: 'x' } } }, false],
    ['what objects inherit is at no path', { data: { 'a.toString': [{ exists: false }] } }, { data: { a: {} } }, true],
    ['not into a list', { data: { a: { b: ['x'] } } }, { data: { a: [{ b: 'x' }] } }, false],
    ['absent inside a list', { data: { a: { b: [{ exists: false }] } } }, { data: { a: [{ b: 'x' }] } }, true],
    ['absent inside a text', { data: { a: { length: [{ exists: false }] } } }, { data: { a: 'x' } }, true],
    ['the length of a list is no field', { data: { a: { length: [1] } } }, { data: { a: ['x'] } }, false],
    ['what objects inherit is no field', { data: { toString: [{ exists: false }] } }, { data: {} }, true],
    ['no data', { data: { v: [{ exists: false }] } }, { source: 'a' }, false],
    ['data null', { data: { v: [{ exists: false }] } }, { data: null }, false],
    ['data that is a text', { data: { v: [{ exists: false }] } }, { data: 'hello' }, true],
    ['data_base64 is not looked into', { data: { v: [1] } }, { data_base64: 'eyJ2IjoxfQ==' }, false],
    ['no pattern for data, no data', { source: ['a'] }, { source: 'a' }, true],
  ])('%s: %j against %j: %j', (_what, pattern, event, matches) => {
    expect(compilePattern(pattern).matches(event)).toBe(matches)
  })

  test.each<[list: string, value: string, matches: boolean]>([
    ['[9007199254740993]', '9007199254740993', true],
    ['[9007199254740993]', '9007199254740992', false],
    ['[9007199254740992]', '9007199254740993', false],
    ['[-9007199254740993]', '-9007199254740992', false],
    ['[1, 9007199254740993]', '9007199254740993', true],
    ['[9007199254740993]', '[1, 9007199254740993]', true],
    ['[9007199254740993]', '[1, 9007199254740992]', false],
    ['[9007199254740993]', '9007199254740993.0', true],
    ['[9007199254740993]', '9.007199254740993e15', true],
    ['[9007199254740993]', '9.007199254740992e15', false],
    ['[9007199254740993]', '"9007199254740993"', true],
    ['["9007199254740993"]', '9007199254740993', true],
    ['["9007199254740993"]', '9007199254740992', false],
    ['[123456789012345678901234567890]', '123456789012345678901234567891', false],
    ['[123456789012345678901234567890]', '1.2345678901234567890123456789e29', true],
    ['[{"anything-but": 9007199254740993}]', '9007199254740992', true],
    ['[{"anything-but": 9007199254740993}]', '9007199254740993', false],
    ['[{"anything-but": [1, 9007199254740993]}]', '9007199254740993', false],
    ['[{"anything-but": [1, 9007199254740993]}]', '9007199254740992', true],
    ['[{"exists": true}]', '9007199254740993', true],
    ['[0.1234567890123456789]', '0.1234567890123456788', false],
    ['[0.1234567890123456789]', '1.234567890123456789e-1', true],
    ['[0.1]', '0.10000000000000000555', false],
    ['[1]', '1.00000000000000000001', false],
    ['[1e400]', '1e401', false],
    ['[1e400]', '10e399', true],
    ['[1e999999999]', '1e999999998', false],
    ['[0]', '1e-400', false],
    ['[0]', '-0.0', true],
    ['[1.0]', '1', true],
    ['[100]', '1e2', true],
    ['[300.0]', '3.0e2', true],
    ['["100"]', '1e2', true],
    ['[{"numeric": [">", 1]}]', '9007199254740993', true],
    ['[{"numeric": ["<", 1]}]', '-9007199254740993', true],
    ['[{"numeric": ["=", 1.12345670000000000001]}]', '1.1234567', true],
    ['[{"numeric": [">", 1]}]', '1e400', true],
    ['[{"prefix": "9007"}]', '9007199254740993', false],
  ])('digit by digit: %s against %s: %j', (list, value, matches) => {
    const pattern = compilePattern(parseLossless(`{"data": {"v": ${list}}}`))
    const event = parseLossless(`{"data": {"v": ${value}}}`) as Json
    expect(pattern.matches(event)).toBe(matches)
  })

  test('a number beyond 2^53 has no fields, and the reason tells its digits', () => {
    const event = parseLossless('{"data": {"v": 9007199254740993}}') as Json
    expect(compilePattern({ data: { v: { value: ['9007199254740993'] } } }).matches(event)).toBe(false)
    const { whyNot } = compilePattern(parseLossless('{"data": {"v": [9007199254740995]}}'))
    expect(whyNot(event)).toBe('data.v does not match [9007199254740995]')
  })

  test('__proto__ is a field like any other, if the event has it', () => {
    const { matches } = compilePattern(JSON.parse('{"data":{"__proto__":{"v":["x"]}}}'))
    expect(matches(JSON.parse('{"data":{"__proto__":{"v":"x"}}}'))).toBe(true)
    expect(matches({ data: {} })).toBe(false)
  })
})

describe('what is refused, and where', () => {
  const field = (list: unknown) => ({ data: { v: list } })
  const refused: [pattern: unknown, message: RegExp][] = [
    [null, /^a pattern is a JSON object/],
    ['{}', /^a pattern is a JSON object/],
    [[], /^a pattern is a JSON object/],
    [{ detail: { state: ['a'] } }, /^detail: cannot be filtered by; the keys of a pattern are data, id, source/],
    [{ traceparent: ['a'] }, /^traceparent: cannot be filtered by/],
    [{ constructor: ['a'] }, /^constructor: cannot be filtered by/],
    [{ $or: [{ source: ['a'] }] }, /^\$or: cannot be filtered by/],
    [{ source: 'a' }, /^source: must be a list/],
    [{ source: null }, /^source: must be a list/],
    [{ source: { a: ['b'] } }, /^source: must be a list/],
    [{ source: [] }, /^source: is an empty list/],
    [{ data: null }, /^data: must be an object of fields/],
    [{ data: ['a'] }, /^data: must be an object of fields/],
    [{ data: {} }, /^data: names no field/],
    [{ data: { a: { b: {} } } }, /^data\.a\.b: names no field/],
    [{ data: { a: { b: 1 } } }, /^data\.a\.b: must be a list/],
    [{ data: { a: { b: null } } }, /^data\.a\.b: must be a list/],
    [field([]), /^data\.v: is an empty list/],
    [field(['a', ['b']]), /^data\.v\[1\]: a list inside the list/],
    [field([{}]), /^data\.v\[0\]: a condition is an object with one operator/],
    [field([{ prefix: 'a', suffix: 'b' }]), /^data\.v\[0\]: a condition is an object with one operator/],
    [field([{ wildcard: 'a*' }]), /^data\.v\[0\]: unknown operator "wildcard"; known are prefix/],
    [field([{ 'equals-ignore-case': 'a' }]), /unknown operator "equals-ignore-case"/],
    [field([{ toString: 'a' }]), /unknown operator "toString"/],
    [field([{ prefix: '' }]), /^data\.v\[0\]: prefix needs a text that is not empty/],
    [field([{ prefix: ['a'] }]), /prefix needs a text/],
    [field([{ prefix: { 'equals-ignore-case': 'a' } }]), /prefix needs a text/],
    [field([{ suffix: '' }]), /suffix needs a text/],
    [field([{ suffix: 1 }]), /suffix needs a text/],
    [field([{ contains: '' }]), /contains needs a text/],
    [field([{ contains: null }]), /contains needs a text/],
    [field([{ 'anything-but': [] }]), /anything-but with an empty list/],
    [field([{ 'anything-but': [['a']] }]), /the list of anything-but holds only/],
    [field([{ 'anything-but': [{ prefix: 'a' }] }]), /the list of anything-but holds only/],
    [field([{ 'anything-but': {} }]), /anything-but takes/],
    [field([{ 'anything-but': { cidr: '10.0.0.1' } }]), /anything-but takes/],
    [field([{ 'anything-but': { contains: 'a' } }]), /anything-but takes/],
    [field([{ 'anything-but': { prefix: 'a', suffix: 'b' } }]), /anything-but takes/],
    [field([{ 'anything-but': { prefix: '' } }]), /prefix needs a text/],
    [field([{ numeric: 5 }]), /numeric needs one or two comparisons/],
    [field([{ numeric: [] }]), /numeric needs one or two comparisons/],
    [field([{ numeric: ['>', 1, '<'] }]), /numeric needs one or two comparisons/],
    [field([{ numeric: ['>', 1, '<', 2, '=', 3] }]), /numeric needs one or two comparisons/],
    [field([{ numeric: ['==', 1] }]), /numeric compares by one of = != > >= < <=/],
    [field([{ numeric: [1, '>'] }]), /numeric compares by one of/],
    [field([{ numeric: ['>', 1, 'constructor', 2] }]), /numeric compares by one of/],
    [field([{ numeric: ['>', '1'] }]), /numeric compares with a number/],
    [field([{ numeric: ['>', 1, '<', null] }]), /numeric compares with a number/],
    [field([{ numeric: ['>', 1.1e9] }]), /between -1000000000 and 1000000000/],
    [field([{ numeric: ['>', -1.1e9] }]), /between -1000000000 and 1000000000/],
    [field([{ numeric: ['>', Number.POSITIVE_INFINITY] }]), /between -1000000000 and 1000000000/],
    [field([{ cidr: 5 }]), /cidr needs an IPv4 block/],
    [field([{ cidr: '' }]), /cidr needs an IPv4 block/],
    [field([{ cidr: 'fefefef' }]), /cidr needs an IPv4 block/],
    [field([{ cidr: '10.0.0.0/33' }]), /cidr needs an IPv4 block/],
    [field([{ cidr: '10.0.0.0/' }]), /cidr needs an IPv4 block/],
    [field([{ cidr: '10.0.0.0/-1' }]), /cidr needs an IPv4 block/],
    [field([{ cidr: '10.0.0.0/8/8' }]), /cidr needs an IPv4 block/],
    [field([{ cidr: '10.0.0/24' }]), /cidr needs an IPv4 block/],
    [field([{ cidr: '010.0.0.0/24' }]), /cidr needs an IPv4 block/],
    [field([{ cidr: '2001:db8::/32' }]), /IPv6 is not supported/],
    [field([{ exists: 'true' }]), /exists needs true or false/],
    [field([{ exists: null }]), /exists needs true or false/],
    [JSON.parse(`{"data":${'{"a":'.repeat(50_000)}["x"]${'}'.repeat(50_000)}}`), /is nested deeper than 64 levels/],
    [JSON.parse(`{"source":${'['.repeat(50_000)}"x"${']'.repeat(50_000)}}`), /^source\[0\]: a list inside the list/],
  ]
  test.each(refused.map(([pattern, message]) => ({ pattern, message })))('$message', ({ pattern, message }) => {
    expect(() => compilePattern(pattern)).toThrow(InvalidPattern)
    expect(() => compilePattern(pattern)).toThrow(message)
  })

  test('64 levels are not too deep', () => {
    const nest = (leaf: unknown) => JSON.parse(`{"data":${'{"a":'.repeat(64)}${JSON.stringify(leaf)}${'}'.repeat(64)}}`)
    expect(compilePattern(nest(['x'])).matches(nest('x'))).toBe(true)
  })
})

describe('why an event did not match', () => {
  const pattern = {
    source: ['my.dingtalk'],
    data: { body: { syncAction: ['user_add_org', { prefix: 'user_modify' }], tags: ['a'] } },
  }
  const body = { syncAction: 'user_add_org', tags: ['a'] }
  const event = { source: 'my.dingtalk', data: { body } }
  test.each<[what: string, event: Json, reason: string | undefined]>([
    ['it matches', event, undefined],
    ['an attribute', { ...event, source: 'other' }, 'source does not match ["my.dingtalk"]'],
    ['no attribute', { data: { body } }, 'source is absent and cannot match ["my.dingtalk"]'],
    [
      'a field',
      { ...event, data: { body: { ...body, syncAction: 'user_leave_org' } } },
      'data.body.syncAction does not match ["user_add_org",{"prefix":"user_modify"}]',
    ],
    ['a list', { ...event, data: { body: { ...body, tags: ['b'] } } }, 'no element of data.body.tags matches ["a"]'],
    [
      'an object',
      { ...event, data: { body: { ...body, tags: {} } } },
      'data.body.tags is or holds an object or a list, which never matches ["a"]',
    ],
    ['no data', { source: 'my.dingtalk' }, 'data is absent, and the pattern asks for fields in it'],
    ['the first of several', { source: 'other' }, 'source does not match ["my.dingtalk"]'],
  ])('%s', (_what, given, reason) => {
    expect(compilePattern(pattern).whyNot(given)).toBe(reason)
  })
})

describe('for any JSON', () => {
  const scalar = fc.constantFrom('a', 'b', '10.0.0.1', '', 1, 2.5, true, null)
  const operand = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.constantFrom({ prefix: 'a' }, {}, ['>', 0]))
  const operator = fc.constantFrom('prefix', 'suffix', 'contains', 'anything-but', 'numeric', 'cidr', 'exists', 'glob')
  const condition = fc.oneof(
    { arbitrary: scalar, weight: 4 },
    fc.constantFrom<unknown>({ prefix: 'a' }, { 'anything-but': ['a', 1] }, { numeric: ['>', 0] }, { exists: false }),
    fc.tuple(operator, operand).map(([name, given]) => ({ [name]: given })),
  )
  const list = fc.array(condition, { minLength: 1, maxLength: 2 })

  const some = { requiredKeys: [] }
  const object = <T>(leaf: fc.Arbitrary<T>) => {
    const node = fc.oneof(leaf, fc.record({ a: leaf, length: leaf }, some))
    return fc.record({ a: node, b: node, length: node }, some)
  }
  /** Often valid, so that there is something to match. */
  const pattern = fc.record({ source: list, data: object(list) }, some)
  const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }))
  const event = fc.oneof(
    fc.record({ source: value, data: object(value) }, some),
    fc.dictionary(fc.string(), fc.jsonValue()),
  )

  const compiles = (given: unknown) => {
    try {
      return compilePattern(given)
    } catch (error) {
      if (error instanceof InvalidPattern) return undefined
      throw error
    }
  }

  test('compiling throws nothing but InvalidPattern', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), pattern, fc.record({ source: fc.jsonValue(), data: fc.jsonValue() }, some)),
        (given) => void compiles(given),
      ),
      { numRuns: 2000 },
    )
  })

  test('matching never throws, and whyNot agrees with it', () => {
    let compiled = 0
    fc.assert(
      fc.property(pattern, event, (given, other) => {
        const result = compiles(given)
        if (result === undefined) return
        compiled++
        expect(result.whyNot(other) === undefined).toBe(result.matches(other))
      }),
      { numRuns: 1000 },
    )
    expect(compiled).toBeGreaterThan(300)
  })

  test('whyNot holds no text of the event', () => {
    const secret = 'private-3f2a'
    const hide = (json: unknown): unknown =>
      JSON.parse(JSON.stringify(json), (_key, leaf) => (typeof leaf === 'string' ? secret : leaf))
    fc.assert(
      fc.property(pattern, event, (given, other) => {
        expect(compiles(given)?.whyNot(hide(other) as Json) ?? '').not.toContain(secret)
      }),
      { numRuns: 1000 },
    )
  })
})
