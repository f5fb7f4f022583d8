import { alignColumns } from '../../../shared/alignColumns'

test.each<[string, string[][], string[]]>([
  ['no line', [], []],
  [
    'Chinese is as wide as two',
    [
      ['小明', '1'],
      ['ab', '2'],
    ],
    ['  小明  1', '  ab    2'],
  ],
  [
    'a line of fewer cells than the first',
    [
      ['a', 'b', 'c', 'd'],
      ['one', 'two'],
    ],
    ['  a    b    c  d', '  one  two'],
  ],
  ['line breaks, colours, what turns round', [['a\r\nb', '\x1b[31mc', '\u202Ed\u2028e']], ['  a b   [31mc   d e']],
])('%s', (_, lines, written) => {
  expect(alignColumns(lines)).toEqual(written)
})
