import { readMark, withMark } from '../../../../cli/provision/state'

test.each<[string, string[], string]>([
  ['', [], '[dingtalk-eventbridge]'],
  ['Personnel events', [], 'Personnel events [dingtalk-eventbridge]'],
  ['Personnel events', ['a', 'b.c-1'], 'Personnel events [dingtalk-eventbridge: a, b.c-1]'],
  ['two\nlines', ['a'], 'two\nlines [dingtalk-eventbridge: a]'],
  ['in [brackets]', ['a'], 'in [brackets] [dingtalk-eventbridge: a]'],
])('%j with targets %j is marked and read back', (text, targets, marked) => {
  expect(withMark(text, targets)).toBe(marked)
  expect(readMark(marked)).toEqual({ text, isMade: true, targets })
})

test.each([
  '',
  'Personnel events',
  '[dingtalk-eventbridge] at the front',
  'dingtalk-eventbridge',
  '[dingtalk-eventbridge',
])('%j is not marked', (text) => {
  expect(readMark(text)).toEqual({ text, isMade: false, targets: [] })
})
