import fc from 'fast-check'
import { type CutFields, compileFields } from '../../../shared/dropFields/fieldNames'
import { applyCuts, cutFields, findCuts } from '../../../shared/dropFields/findCuts'

const fields = compileFields(['mobile'])
const cut = (text: string) => applyCuts(text, findCuts(text, fields))

/** The cut text, and how many characters were looked at for it. */
function counted(text: string): { kept: string; looked: number } {
  let looked = 0
  const counting: CutFields = {
    has(name) {
      looked += name.length
      return fields.has(name)
    },
    mayBeIn(part) {
      looked += part.length
      return fields.mayBeIn(part)
    },
  }
  return { kept: applyCuts(text, findCuts(text, counting)) ?? '', looked }
}

const repeated = (part: string, size: number) => part.repeat(Math.ceil(size / part.length))
const nested = (text: string, size: number, wrap: (text: string) => string) => {
  let all = text
  while (all.length < size) all = wrap(all)
  return all
}

describe('a hostile text is looked through a bounded number of times, and never grows', () => {
  test.each<[string, (size: number) => string]>([
    ['names upon names', (size) => `${repeated('a=', size)}mobile=1`],
    ['names upon names of a field', (size) => repeated('mobile=', size)],
    ['names upon encoded names', (size) => `${repeated('a=%', size)}mobile=1`],
    ['a value that is not encoded', (size) => `a={"mobile":1,"b":"${repeated('小 %', size)}"}`],
    ['forms encoded in forms', (size) => nested('mobile=1', size, (text) => `a=1&b=${encodeURIComponent(text)}`)],
    ['percent signs encoded', (size) => `%${repeated('25', size)}7Bmobile=1`],
    ['percent signs encoded, without a form', (size) => `{%${repeated('25', size)}7B mobile: 1`],
    ['two codes in turn', (size) => `x ${repeated('%5Cu0025', size)} mobile: 1`],
    ['two codes within each other', (size) => `x %${repeated('5Cu00255Cu0025', size)}6dobile: 1`],
    ['JSON texts in JSON texts', (size) => nested('{"mobile":1}', size, (text) => JSON.stringify([text]))],
    ['many pairs', (size) => repeated('mobile=1&a=2&', size)],
    ['many pairs of nothing', (size) => `${repeated('&', size)}mobile=1`],
    ['many members', (size) => `{${repeated('"mobile":1,"a":"b=1&mobile=2",', size)}"b":1}`],
    ['deep members', (size) => `${repeated('{"a":', 320)}["${repeated('mobile=1","', size)}"]${'}'.repeat(64)}`],
    ['quotes', (size) => `x${repeated('"', size)}mobile`],
    ['words in quotes', (size) => `mobile ${repeated('a"', size)}`],
    ['tags', (size) => `mobile ${repeated('<a', size)}`],
    ['blanks', (size) => `mobile${repeated(' ', size)}x`],
    ['backslashes', (size) => `mobile ${repeated('\\', size)}`],
  ])('%s', (_, write) => {
    for (const size of [1_000, 64_000]) {
      const text = write(size)
      const { kept, looked } = counted(text)
      expect(kept.length).toBeLessThanOrEqual(text.length)
      expect(looked).toBeLessThanOrEqual(50 * text.length)
    }
  })
})

test('text in text beyond the eighth goes as a whole, and only when it names a field', () => {
  expect(cut(`${'a='.repeat(20)}mobile=1&b=2`)).toBe(`${'a='.repeat(8)}&b=2`)
  const other = `${'a='.repeat(20)}b=%25`
  expect(cut(other)).toBe(other)
})

/** A text that was cut within a character is mended: half of one cannot be encoded. */
const encoded = (inner: string) => encodeURIComponent(Buffer.from(inner).toString())

/** Texts in which `mobile` is a field, beside what has to stay as it was sent. */
const kept = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }).map((text) => JSON.stringify(text)),
  fc.constantFrom('"小 100% a+b"', '"\\u5c0f \\/ \\n"', '176292748870660512', '1.0', 'null', '[ 1 , 2 ]', '{ }'),
)
const text = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4 },
    fc.tuple(kept, kept).map(([a, b]) => `{"a":${a} , "mobile":1, "b": ${b}}`),
    kept.map((b) => `[ {"mobile" : "1"}, ${b} ]`),
    fc.constantFrom(
      'mobile=1&a=%e5%b0%8F+x',
      'a=小&mobile=1',
      'a&mobile=1&b',
      '&mobile=1',
      'a==&mobile=1',
      'mobile: 1',
    ),
    tie('text').map((inner) => JSON.stringify({ data: inner, b: '小' })),
    tie('text').map((inner) => JSON.stringify(inner)),
    tie('text').map((inner) => encoded(inner)),
    tie('text').map((inner) => `a=%20&d=${encoded(inner)}&b=小 x`),
    tie('text').map((inner) => `d=${inner}`),
    tie('text').map((inner) => `callback(${inner})`),
    fc.tuple(tie('text'), fc.nat(40)).map(([inner, by]) => inner.slice(0, Math.max(1, inner.length - by))),
  ),
})).text

/** Whether a text is another one with parts taken out, or with null in their place. */
function isLeftOf(left: string, sent: string): boolean {
  let at = 0
  for (const character of left.replaceAll('null', '')) {
    at = sent.indexOf(character, at) + 1
    if (at === 0) return false
  }
  return true
}

test('what is left is what was sent, without the parts that go, and there is nothing more to go', () => {
  let count = 0
  fc.assert(
    fc.property(text, (sent) => {
      const left = cut(sent)
      if (left === undefined) return
      count++
      expect(left.length).toBeLessThanOrEqual(sent.length)
      expect(isLeftOf(left, sent)).toBe(true)
      expect(cut(left)).toBe(left)
    }),
    { numRuns: 5_000 },
  )
  expect(count).toBeGreaterThan(1_000)
})

test.each([
  ['without the field', '{"a":[1,{"mobile":2,"b":1.0}]}', '{"a":[1,{"b":1.0}]}'],
  ['as it is, where it has none', '{"a": 1}', '{"a": 1}'],
  ['null, where it is nested too deep to be taken apart', `${'['.repeat(65)}{"mobile":1}${']'.repeat(65)}`, 'null'],
])('JSON is left %s', (_, json, left) => {
  expect(cutFields(json, fields)).toBe(left)
})
