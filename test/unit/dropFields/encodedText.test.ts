import { type DecodedText, decodeEscapes, decodePercent } from '../../../shared/dropFields/encodedText'

/** Each character of what is decoded, with what encodes it; of several for one code, the first has none. */
function pairs({ text, starts }: DecodedText, source: string): string[] {
  expect(starts).toHaveLength(text.length + 1)
  expect(starts.at(-1)).toBe(source.length)
  return [...text].map((character, at) => `${character} ${source.slice(starts[at], starts[at + 1])}`)
}

test.each<[source: string, each: string[]]>([
  ['', []],
  ['ab', ['a a', 'b b']],
  ['a+b', ['a a', '  +', 'b b']],
  ['%41%4a%7A', ['A %41', 'J %4a', 'z %7A']],
  ['%2B+%25', ['+ %2B', '  +', '% %25']],
  ['a%E5%b0%8Fb', ['a a', '小 ', 'b b']],
  ['%g1%4g%', ['% %', 'g g', '1 1', '% %', '4 4', 'g g', '% %']],
  ['%', ['% %']],
  ['é%20', ['é é', '  %20']],
])('%j of a form is decoded, and each character has its place', (source, each) => {
  const plain = each.map((pair) => (pair === '小 ' ? '小 %E5%b0%8F' : pair))
  expect(pairs(decodePercent(source), source)).toEqual(plain)
})

test.each<[source: string, each: string[]]>([
  ['', []],
  ['ab', ['a a', 'b b']],
  ['\\n\\"\\\\', ['\n \\n', '" \\"', '\\ \\\\']],
  ['\\u005c\\u006D\\/', ['\\ \\u005c', 'm \\u006D', '/ \\/']],
  ['a+%41', ['a a', '+ +', '% %', '4 4', '1 1']],
  ['\\u5c0fx', ['小 \\u5c0f', 'x x']],
])('%j of a JSON string is decoded, and each character has its place', (source, each) => {
  expect(pairs(decodeEscapes(source), source)).toEqual(each)
})

test('several characters that are encoded in one are in one place', () => {
  expect(decodePercent('a%E5%B0%8F%E5%8D%8Eb')).toEqual({ text: 'a小华b', starts: [0, 1, 1, 19, 20] })
})
