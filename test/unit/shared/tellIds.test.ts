import { tellIds } from '../../../shared/tellIds'

const ids = (count: number) => Array.from({ length: count }, (_, at) => `u${at}`)

test.each<[string, string[], number | undefined, string[]]>([
  ['nobody', [], undefined, []],
  ['one', ['u0'], undefined, ['would leave:', '  u0']],
  ['more than a line has', ids(11), undefined, ['would leave:', '  u0 u1 u2 u3 u4 u5 u6 u7 u8 u9', '  u10']],
  ['as many as are shown', ids(2), 2, ['would leave:', '  u0 u1']],
  ['more than are shown', ids(2_000), 2, ['would leave, the first 2 of 2000:', '  u0 u1']],
  ['an id that is more than a line', ['a\nb', 'c\u001b[2J'], undefined, ['would leave:', '  a b c [2J']],
])('%s', (_, given, most, lines) => {
  expect(tellIds('would leave', given, most)).toEqual(lines)
})
