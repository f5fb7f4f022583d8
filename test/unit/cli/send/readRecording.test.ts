import fs from 'node:fs'
import path from 'node:path'
import { namesRecording, readRecording } from '../../../../cli/send/readRecording'
import { stringifyLossless } from '../../../../shared/json'
import { temporaryFolder } from '../../../support/temporaryFolder'

const folder = temporaryFolder()
const file = path.join(folder, 'events.jsonl')
const read = (text: string, args: Parameters<typeof readRecording>[1] = {}) => {
  fs.writeFileSync(file, text)
  return readRecording(file, args)
}

test.each<[string[], boolean]>([
  [['events.jsonl'], true],
  [['/tmp/.local/recorded-20260101.jsonl'], true],
  [[], false],
  [['user_add_org'], false],
  [['events.json'], true],
  [['events.json5'], false],
  [['json'], false],
  [['events.jsonl', 'other.jsonl'], false],
])('%j names a recording: %s', (words, isOne) => {
  expect(namesRecording(words)).toBe(isOne)
})

test('a line is an event, as it is', () => {
  const lines = ['{"EventType":"user_add_org","userId":["0042"]}', '{"deptId":[176292748870660512]}']
  const messages = read(`${lines.join('\r\n')}\n\n`, { yes: true, to: 'http://127.0.0.1:1' })
  expect(messages.map((message) => stringifyLossless(message))).toEqual(lines)
})

test.each<[string, string, RegExp]>([
  ['nothing', '', /events\.jsonl holds no event\.$/],
  ['empty lines', '\n \n', /events\.jsonl holds no event\.$/],
  ['no JSON', '{"a":1}\n{"name":"林晓满"', /events\.jsonl, line 2: is no JSON object\./],
  ['a list', '[{"name":"林晓满"}]', /line 1: is no JSON object\./],
  ['a number of many digits', '176292748870660512', /line 1: is no JSON object\./],
  ['text', '"林晓满"', /line 1: is no JSON object\./],
  ['null', 'null', /line 1: is no JSON object\./],
  ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, /line 1: is no JSON object\./],
])('%s is refused in a line that quotes nothing', (_, text, message) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({ name: 'UserError', message: expect.stringMatching(message) }),
  )
  expect(() => read(text)).not.toThrow(/林晓满/)
})

test('a .json is one event, on as many lines as it has', () => {
  const one = path.join(folder, 'one.json')
  fs.writeFileSync(one, '{\n  "EventType": "bpms_task_change",\n  "taskId": 176292748870660512\n}\n')
  expect(readRecording(one, {}).map((message) => stringifyLossless(message))).toEqual([
    '{"EventType":"bpms_task_change","taskId":176292748870660512}',
  ])
  for (const text of ['', '[{"name":"林晓满"}]', '{"name":"林晓满"}\n{"name":"林晓满"}', 'null']) {
    fs.writeFileSync(one, text)
    expect(() => readRecording(one, {})).toThrow(
      /one\.json: is no JSON object\. The file is one event; several go into a /,
    )
  }
})

test('what would change the events is refused', () => {
  expect(() => read('{}', { name: '小红', encrypted: true })).toThrow('leave out --name, --encrypted.')
})

test('a file that is not there', () => {
  expect(() => readRecording(path.join(folder, 'none.jsonl'), {})).toThrow(/none\.jsonl cannot be read \(ENOENT\)\.$/)
})
