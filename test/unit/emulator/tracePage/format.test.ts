import { chinese } from '../../../../emulator/tracePage/client/chinese'
import { english } from '../../../../emulator/tracePage/client/english'
import { clockTime, duration, exactTime, shortAnswer } from '../../../../emulator/tracePage/client/format'

const at = (text: string) => new Date(text).getTime()

test('a time of today is a time, another has its day', () => {
  const now = at('2026-11-24T15:03:22')
  expect(clockTime(at('2026-11-24T05:03:02.999'), now)).toBe('05:03:02')
  expect(clockTime(at('2026-11-23T15:03:22'), now)).toBe('11-23 15:03:22')
  expect(exactTime(at('2026-01-02T05:03:02.042'))).toBe('2026-01-02 05:03:02.042')
})

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1.0 s'],
  [59_940, '59.9 s'],
  [60_000, '1 min'],
  [7_200_000, '2 h'],
  [172_800_000, '2 d'],
])('%d ms is %s', (ms, text) => {
  expect(duration(ms, english.units)).toBe(text)
})

test.each([
  ['{"received":1,"stored":1,"ignored":0,"deadLettered":0}', 'received 1, stored 1'],
  ['{"received":2,"stored":1,"ignored":0,"deadLettered":1}', 'received 2, stored 1, set aside 1'],
  ['{"stored":1,"badValues":"title mobile"}', 'stored 1, left out: title mobile'],
  ['{"received":0}', ''],
  ['{"a":"***"}', '{"a":"***"}'],
  ['{}', '{}'],
  ['***', '***'],
  ['null', 'null'],
])('an answer %s is in short %s', (answer, text) => {
  expect(shortAnswer(answer, english.outcome)).toBe(text)
})

test('in Chinese, too', () => {
  expect(duration(59_940, chinese.units)).toBe('59.9 秒')
  const answer = '{"received":2,"stored":1,"ignored":0,"deadLettered":1,"badValues":"title"}'
  expect(shortAnswer(answer, chinese.outcome)).toBe('接收 2，写入 1，搁置 1，未写入的列 title')
})
