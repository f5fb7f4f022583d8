import fc from 'fast-check'
import { parse } from 'lossless-json'
import { InvalidJsonPath, parseJsonPath, readJsonPath, tellJsonPath, withJsonPath } from '../../../shared/jsonPath'

describe('parseJsonPath', () => {
  test.each<[text: string, path: (string | number)[]]>([
    ['$', []],
    ['$.data', ['data']],
    ['$.data.name', ['data', 'name']],
    ["$['a']['b']", ['a', 'b']],
    ['$["a"].b', ['a', 'b']],
    ['$.list[0]', ['list', 0]],
    ['$.list[12].id', ['list', 12, 'id']],
    ['$.list[-1]', ['list', -1]],
    ['$[0][1]', [0, 1]],
    ['$.source-ip', ['source-ip']],
    ['$.dept_id', ['dept_id']],
    ['$.1st', ['1st']],
    ['$.姓名', ['姓名']],
    ['$.😀', ['😀']],
    ["$['a b.c']", ['a b.c']],
    ["$['']", ['']],
    ["$['0']", ['0']],
    ["$['it\\'s']", ["it's"]],
    ['$["it\'s"]', ["it's"]],
    ['$["a\\"b\\\\c"]', ['a"b\\c']],
    ["$['[0]']", ['[0]']],
    ['$.__proto__', ['__proto__']],
  ])('%s is %j', (text, path) => {
    expect(parseJsonPath(text)).toEqual(path)
  })

  test.each<[text: string, from: string]>([
    ['', '""'],
    ['data.name', '"data.name"'],
    [' $.a', '" $.a"'],
    ['$a', '"a"'],
    ['$.', '"."'],
    ['$.a.', '"."'],
    ['$.a ', '" "'],
    ['$..a', '"..a"'],
    ['$.*', '".*"'],
    ['$.list[*]', '"[*]"'],
    ['$.list[*].id', '"[*].id"'],
    ['$.list[0:2]', '"[0:2]"'],
    ['$.list[0,1]', '"[0,1]"'],
    ['$.list[?(@.a==1)]', '"[?(@.a==1)]"'],
    ['$.list[01]', '"[01]"'],
    ['$.list[-0]', '"[-0]"'],
    ['$.list[1.5]', '"[1.5]"'],
    ['$.list[]', '"[]"'],
    ['$.list[0', '"[0"'],
    ['$.list.length()', '"()"'],
    ['$[a]', '"[a]"'],
    ["$['a]", '"[\'a]"'],
    ["$['a\\n']", '"[\'a\\\\n\']"'],
    ["$['a','b']", "\"['a','b']\""],
    ['$.a b', '" b"'],
    ['$.a,$.b', '",$.b"'],
  ])('%s is refused, from %s on', (text, from) => {
    expect(() => parseJsonPath(text)).toThrow(InvalidJsonPath)
    expect(() => parseJsonPath(text)).toThrow(
      `${JSON.stringify(text)} cannot be read from ${from} on; a path names one value, as $.data.name, $['a b'] or $.list[0] do`,
    )
  })

  test('any names and positions survive being written in brackets', () => {
    const steps = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.integer({ min: -99, max: 99 })))
    const write = (step: string | number) =>
      typeof step === 'number' ? `[${step}]` : `['${step.replace(/[\\']/g, (character) => `\\${character}`)}']`
    fc.assert(
      fc.property(steps, (path) => {
        expect(parseJsonPath(`$${path.map(write).join('')}`)).toEqual(path.map((step) => (step === 0 ? 0 : step)))
        expect(parseJsonPath(`$${tellJsonPath(path)}`)).toEqual(path.map((step) => (step === 0 ? 0 : step)))
      }),
    )
  })

  test('throws nothing but InvalidJsonPath', () => {
    const piece = fc.oneof(fc.constantFrom('$', '.', '[', ']', "'", '"', '\\', '0', '-', '*', 'a'), fc.string())
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          parseJsonPath(`$${pieces.join('')}`)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidJsonPath)
        }
      }),
    )
  })
})

test.each<[path: (string | number)[], text: string]>([
  [[], ''],
  [['data', '姓名', 'job-number_1'], '.data.姓名.job-number_1'],
  [['list', 0, -1], '.list[0][-1]'],
  [['a b', "it's", ''], "['a b']['it\\'s']['']"],
])('%j is told as %s', (path, text) => {
  expect(tellJsonPath(path)).toBe(text)
})

test.each<[string, (string | number)[], unknown, object]>([
  ['in place of what is there', ['a', 'b'], 2, { a: { b: 2, c: [3] } }],
  ['beside it', ['a', 'd'], 2, { a: { b: 1, c: [3], d: 2 } }],
  ['nothing takes it away', ['a', 'b'], undefined, { a: { c: [3] } }],
  ['within what is no object it is not put', ['a', 'b', 'c'], 2, { a: { b: 1, c: [3] } }],
  ['nor within a list', ['a', 'c', 0], 2, { a: { b: 1, c: [3] } }],
  ['nor where there is nothing', ['b', 'c'], 2, { a: { b: 1, c: [3] } }],
])('a value at a path: %s', (_, path, value, expected) => {
  const fields = { a: { b: 1, c: [3] } }
  expect(withJsonPath(path, fields, value)).toEqual(expected)
  expect(fields).toEqual({ a: { b: 1, c: [3] } })
})

describe('readJsonPath', () => {
  const event = JSON.parse(
    '{"data":{"name":"Li","list":[1,[2],{"id":3}],"none":null,"__proto__":{"x":4},"0":"zero","":5}}',
  )
  test.each<[text: string, value: unknown]>([
    ['$', event],
    ['$.data.name', 'Li'],
    ['$.data.list[0]', 1],
    ['$.data.list[1][0]', 2],
    ['$.data.list[-1].id', 3],
    ['$.data.list[-3]', 1],
    ['$.data.none', null],
    ["$.data['']", 5],
    ["$.data['0']", 'zero'],
    ['$.data.__proto__.x', 4],
    ['$.data.missing', undefined],
    ['$.data.missing.deeper', undefined],
    ['$.data.none.deeper', undefined],
    ['$.data.list[3]', undefined],
    ['$.data.list[-4]', undefined],
    ['$.data.list.length', undefined],
    ["$.data.list['0']", undefined],
    ['$.data[0]', undefined],
    ['$.data.name.length', undefined],
    ['$.data.name[0]', undefined],
    ['$.__proto__', undefined],
    ['$.constructor.name', undefined],
    ['$.data.toString', undefined],
    ['$.data.list.at', undefined],
  ])('%s', (text, value) => {
    expect(readJsonPath(parseJsonPath(text), event)).toEqual(value)
  })

  test("a number of lossless-json has no fields, though it is an object's instance", () => {
    const number = parse('{"n":12345678901234567890}')
    expect(String(readJsonPath(['n'], number))).toBe('12345678901234567890')
    expect(readJsonPath(['n', 'value'], number)).toBeUndefined()
  })

  test.each([undefined, null, 'text', 1, true])('%p has no fields', (value) => {
    expect(readJsonPath(['a'], value)).toBeUndefined()
    expect(readJsonPath([0], value)).toBeUndefined()
  })
})
