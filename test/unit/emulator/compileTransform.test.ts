// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${name} is what EventBridge's templates hold
import fc from 'fast-check'
import { compileTransform, InvalidTransform, type TargetParam } from '../../../emulator/transform/compileTransform'

/** Numbers and spaces as a sender might write them; nothing of it may be rewritten by ORIGINAL. */
const eventText = `{ "id": "e-1", "source":"my.source", "data": {
  "text": "100", "number": 100, "big": 176373034540521512345, "money": 1.10, "tiny": 1e-400, "boolean": false, "null": null,
  "quote": "say \\"hi\\"\\n", "cn": "中国", "empty": "", "dollar": "\${text} $& $1",
  "list": [ {"a": 12345678901234567890}, {"b": "x"} ], "twice": 1, "twice": 2
} }`

const param = (given: Omit<TargetParam, 'ResourceKey'>): TargetParam => ({ ResourceKey: 'Body', ...given })
const jsonPath = (Value: string) => compileTransform(param({ Form: 'JSONPATH', Value }))
const template = (variables: unknown, Template: string) =>
  compileTransform(param({ Form: 'TEMPLATE', Value: JSON.stringify(variables), Template }))

test('ORIGINAL hands the event on unchanged, to the last space and digit', () => {
  expect(compileTransform(param({ Form: 'ORIGINAL' }))(eventText)).toBe(eventText)
  expect(compileTransform(param({ Form: 'ORIGINAL', Value: '', Template: '' }))(eventText)).toBe(eventText)
})

test('CONSTANT gives its Value, whatever the event', () => {
  expect(compileTransform(param({ Form: 'CONSTANT', Value: '$.data.text ${x}' }))('not even JSON')).toBe(
    '$.data.text ${x}',
  )
})

describe('JSONPATH', () => {
  test.each<[path: string, text: string]>([
    ['$.id', 'e-1'],
    ['$.data.text', '100'],
    ['$.data.number', '100'],
    ['$.data.big', '176373034540521512345'],
    ['$.data.money', '1.10'],
    ['$.data.tiny', '1e-400'],
    ['$.data.boolean', 'false'],
    ['$.data.null', 'null'],
    ['$.data.quote', 'say "hi"\n'],
    ['$.data.cn', '中国'],
    ['$.data.empty', ''],
    ['$.data.missing', ''],
    ['$.data.number.value', ''],
    ['$.data.list', '[{"a":12345678901234567890},{"b":"x"}]'],
    ['$.data.list[0]', '{"a":12345678901234567890}'],
    ["$['data']['list'][-1].b", 'x'],
    ['$.data.twice', '2'],
  ])('%s gives %j', (path, text) => {
    expect(jsonPath(path)(eventText)).toBe(text)
  })

  test('$ gives the whole event with every digit', () => {
    expect(jsonPath('$')('{ "a": [1.10, 12345678901234567890] }')).toBe('{"a":[1.10,12345678901234567890]}')
  })
})

describe('TEMPLATE', () => {
  test.each<[variables: unknown, template: string, text: string]>([
    // the twin's own tests
    [{ text: '$.data.text', number: '$.data.number' }, 'The ${text} = ${number}!', 'The 100 = 100!'],
    [{}, 'The ${text}!', 'The ${text}!'],
    [{ text: '$.data.missing', number: '$.data.missing' }, 'The ${text} = ${number}!', 'The ${text} = ${number}!'],
    [{ text: '$.data.null', number: '$.data.null' }, 'The ${text} = ${number}!', 'The null = null!'],
    [{ name: '$.data.text', table: 'tableName' }, 'name ${name}, table ${table}', 'name 100, table tableName'],
    [{ text: '$.data.text', n: '$.data.number' }, '{"text":"${text}","n":${n}}', '{"text":"100","n":100}'],
    // constants
    [{ a: 1.5, b: true, c: '' }, '${a} ${b} ${c}.', '1.5 true .'],
    [{ price: '$5', dollar: '$5.00', word: 'data.text' }, '${price} ${dollar} ${word}', '$5 $5.00 data.text'],
    // nothing is escaped, nothing is substituted twice
    [{ q: '$.data.quote' }, '{"q":"${q}"}', '{"q":"say "hi"\n"}'],
    [{ d: '$.data.dollar', text: 'no' }, '<${d}>', '<${text} $& $1>'],
    [{ list: '$.data.list[0]' }, '{"list":${list}}', '{"list":{"a":12345678901234567890}}'],
    [{ big: '$.data.big' }, '${big} ${big}', '176373034540521512345 176373034540521512345'],
    // what looks like a variable and is none
    [{ a: 'x' }, '${a}${b} $a {a} ${} ${a', 'x${b} $a {a} ${} ${a'],
    [{ a: 'x' }, '${constructor} ${__proto__} ${toString}', '${constructor} ${__proto__} ${toString}'],
    [{ 'a b': 'x' }, '${a b}', 'x'],
    [{ a: 'x' }, 'no variable', 'no variable'],
    [{ event: '$' }, '${event}', '{"a":1}'],
  ])('%j in %j', (variables, text, result) => {
    expect(template(variables, text)(text === '${event}' ? '{"a":1}' : eventText)).toBe(result)
  })

  test('a constant keeps its digits, and __proto__ is a name like any other', () => {
    const Value = '{"n":12345678901234567890,"__proto__":"p"}'
    const transform = compileTransform(param({ Form: 'TEMPLATE', Value, Template: '${n} ${__proto__}' }))
    expect(transform(eventText)).toBe('12345678901234567890 p')
  })
})

describe('what is refused', () => {
  const text = (length: number) => 'x'.repeat(length)
  test.each<[given: Omit<TargetParam, 'ResourceKey'>, message: string]>([
    [{ Form: 'original' }, 'Body: Form must be ORIGINAL, JSONPATH, CONSTANT or TEMPLATE'],
    [{ Form: 'toString' }, 'Body: Form must be ORIGINAL, JSONPATH, CONSTANT or TEMPLATE'],
    [{ Form: 'CONSTANT' }, 'Body: CONSTANT needs a Value'],
    [{ Form: 'CONSTANT', Value: '' }, 'Body: CONSTANT needs a Value'],
    [{ Form: 'CONSTANT', Value: text(10_241) }, 'Body: Value may have 10240 characters'],
    [{ Form: 'JSONPATH' }, 'Body: JSONPATH needs a Value'],
    [{ Form: 'JSONPATH', Value: 'data.name' }, 'Body: "data.name" cannot be read from "data.name" on'],
    [{ Form: 'JSONPATH', Value: '$.list[*]' }, 'Body: "$.list[*]" cannot be read from "[*]" on'],
    [{ Form: 'JSONPATH', Value: '{"a":"$.a"}' }, 'cannot be read from'],
    [{ Form: 'TEMPLATE', Value: '{"a":"b"}' }, 'Body: TEMPLATE needs a Template'],
    [{ Form: 'TEMPLATE', Template: 'x' }, 'Body: TEMPLATE needs a Value'],
    [{ Form: 'TEMPLATE', Value: '{"a":"b"}', Template: text(10_241) }, 'Body: Template may have 10240 characters'],
    [{ Form: 'TEMPLATE', Value: '{a:1}', Template: 'x' }, 'Body: Value must be the JSON text of an object'],
    [{ Form: 'TEMPLATE', Value: '["a"]', Template: 'x' }, 'Body: Value must be the JSON text of an object'],
    [{ Form: 'TEMPLATE', Value: 'null', Template: 'x' }, 'Body: Value must be the JSON text of an object'],
    [{ Form: 'TEMPLATE', Value: '5', Template: 'x' }, 'Body: Value must be the JSON text of an object'],
    [{ Form: 'TEMPLATE', Value: '{"a":{"b":"c"}}', Template: 'x' }, 'Body: variable a must be a path'],
    [{ Form: 'TEMPLATE', Value: '{"a":["c"]}', Template: 'x' }, 'Body: variable a must be a path'],
    [{ Form: 'TEMPLATE', Value: '{"a":null}', Template: 'x' }, 'Body: variable a must be a path'],
    [{ Form: 'TEMPLATE', Value: '{"a":"$.b[*]"}', Template: 'x' }, 'Body: "$.b[*]" cannot be read from "[*]" on'],
    [{ Form: 'TEMPLATE', Value: '{"a":"$[b]"}', Template: 'x' }, 'Body: "$[b]" cannot be read from "[b]" on'],
    [{ Form: 'TEMPLATE', Value: '{"a":"b"}', Template: '{"EB_SYS_EMBED_OBJECT":"${a}"}' }, 'Body: EB_SYS_EMBED_OBJECT'],
  ])('%#: %j', (given, message) => {
    expect(() => compileTransform(param(given))).toThrow(InvalidTransform)
    expect(() => compileTransform(param(given))).toThrow(message)
  })

  test('10,240 characters are allowed, in Value, in Template and in what is taken from the event', () => {
    const longest = text(10_240)
    expect(compileTransform(param({ Form: 'CONSTANT', Value: longest }))('')).toBe(longest)
    expect(template({ a: 'b' }, longest)('{}')).toBe(longest)
    expect(jsonPath('$.a')(JSON.stringify({ a: longest }))).toBe(longest)
  })

  test.each([
    ['JSONPATH', jsonPath('$.a')],
    ['TEMPLATE', template({ a: '$.a' }, '${a}')],
  ])('%s throws on a longer value of the event, without repeating it', (_form, transform) => {
    const event = JSON.stringify({ a: text(10_241) })
    expect(() => transform(event)).toThrow(InvalidTransform)
    expect(() => transform(event)).toThrow(/^Body: the value at \$\.a has 10241 characters, 10240 are allowed$/)
  })
})

test('JSONPATH reads what JSON.parse reads, for any JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = jsonPath('$.data.v')(JSON.stringify({ data: { v: value } }))
      if (typeof value === 'string') expect(text).toBe(value)
      else expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
