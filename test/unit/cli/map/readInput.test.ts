import { InputFault, readInput } from '../../../../cli/map/readInput'
import { callbackKeys, callbackRequest } from '../../../support/callback'

const KEYS = [callbackKeys.aesKey]
const EVENT = { EventType: 'user_add_org', userId: ['1'] }
const CLOUD_EVENT = { id: 'e', source: 's', specversion: '1.0', type: 't', data: { body: EVENT } }
const FRAME = {
  specVersion: '1.0',
  type: 'EVENT',
  headers: { eventType: 'user_add_org', eventId: 'e', eventBornTime: '1790000000000' },
  data: '{"userId":["1"]}',
}
const PUSH = { EventType: 'SYNC_HTTP_PUSH_HIGH', bizData: [] }
const encrypted = String(callbackRequest(JSON.stringify(EVENT)).body)
const trigger = (body: string, isBase64Encoded: boolean) => ({ version: 'v1', rawPath: '/x', body, isBase64Encoded })

const [event, cloudEvent] = [JSON.stringify(EVENT), JSON.stringify(CLOUD_EVENT)]

test.each<[string, string, string, string[], string[]]>([
  ['what DingTalk posts', event, 'posted', [event], []],
  ['the same with a byte order mark and blanks around it', `\ufeff\n ${event}\n`, 'posted', [event], []],
  ['a list', `[${event}]`, 'posted', [`[${event}]`], []],
  ['digits beyond 2^53 stay', '{"id":12345678901234567890}', 'posted', ['{"id":12345678901234567890}'], []],
  ['a SyncHTTP push', JSON.stringify(PUSH), 'push', [JSON.stringify(PUSH)], []],
  [
    'a frame of Stream',
    JSON.stringify(FRAME),
    'stream',
    ['{"EventType":"user_add_org","EventTime":1790000000000,"BizId":"1790000000000","eventId":"e","userId":["1"]}'],
    [],
  ],
  ['a frame of a ping', '{"specVersion":"1.0","type":"SYSTEM","headers":{}}', 'posted', [expect.anything()], []],
  ['an encrypted callback', encrypted, 'callback', [event], []],
  ['a CloudEvent', cloudEvent, 'cloudevent', [], [cloudEvent]],
  [
    'one without specversion',
    '{"id":"e","source":"s","data":{}}',
    'cloudevent',
    [],
    ['{"id":"e","source":"s","data":{}}'],
  ],
  ['a list of CloudEvents', `[${cloudEvent}]`, 'cloudevent', [], [`[${cloudEvent}]`]],
  ['as the trace page answers', JSON.stringify({ seq: 1, event: cloudEvent }), 'cloudevent', [], [cloudEvent]],
  ['a field of that name is none', '{"seq":"1","event":"x"}', 'posted', ['{"seq":"1","event":"x"}'], []],
  ["the webhook's event", JSON.stringify(trigger(event, false)), 'posted', [event], []],
  ['the same in Base64', JSON.stringify(trigger(Buffer.from(event).toString('base64'), true)), 'posted', [event], []],
  ['the same, encrypted', JSON.stringify(trigger(encrypted, false)), 'callback', [event], []],
  ['a recording', `${event}\n\n${event}\n`, 'lines', [event, event], []],
])('%s', (_, text, form, posted, delivered) => {
  const input = readInput(text, KEYS)
  expect([input.form, input.posted.map(({ json }) => json), input.delivered]).toEqual([form, posted, delivered])
})

test.each<[string, string, string, (readonly string[])?]>([
  ['', '1:1', 'holds no event'],
  [' \n', '1:1', 'holds no event'],
  ['"text"', '1:1', 'is no event'],
  ['null', '1:1', 'is no event'],
  ['userId: 1', '1:1', 'a value is missing'],
  ['\n{"a" 1}', '2:6', 'a colon is missing'],
  ['{"a":1,\n}', '2:1', 'a name in double quotes is missing, or the comma before it is one too many'],
  ['{"a":1,\n "b":[1,]}', '2:9', 'an item is missing, or the comma before it is one too many'],
  ['{\n  a: 1}', '2:3', 'a name in double quotes is missing'],
  ["{\n  'a': 1}", '2:3', 'has a single quote'],
  ['{"a": 1', '1:8', 'a } is missing'],
  ['[1', '1:3', 'a ] is missing'],
  ['{"a" 1}', '1:6', 'a colon is missing'],
  ['{"a": }', '1:7', 'a value is missing'],
  ['{"a": tru}', '1:7', 'a value is missing, or is no value of JSON'],
  ['{"a": 1 "b": 2}', '1:9', 'a comma is missing'],
  ['{"a": "b', '1:9', 'a text does not end'],
  ['{"a": "b\nc"}', '1:9', 'a text has a line break'],
  ['{"a": "\\x"}', '1:8', 'a \\ stands before'],
  ['{"a": "\\u12"}', '1:8', 'a \\ stands before'],
  ['{"a": 1.}', '1:9', 'a number does not end'],
  ['{"a": 1}}', '1:9', 'something follows the event'],
  ['{"a"： 1}', '1:5', 'has the fullwidth ：, where : is meant'],
  ['{"a": 1，"b": 2}', '1:8', 'has the fullwidth ，, where , is meant'],
  ['{"a": 1} // one', '1:10', 'has a comment'],
  ['{"encrypt":"AAAA"}', '1:1', 'DINGTALK_AES_KEY does not open'],
  [encrypted, '1:1', 'DINGTALK_AES_KEY does not open', ['0000000000000000000000000000000000000000000']],
  [encrypted, '1:1', 'set DINGTALK_AES_KEY in .env.local', []],
])('%j is refused at %s: %s', (text, place, message, keys = KEYS) => {
  const fault = faultOf(() => readInput(text, keys))
  expect([`${fault.place.line}:${fault.place.column}`, fault.message]).toEqual([
    place,
    expect.stringContaining(message),
  ])
})

// in no title: those of the tests that Stryker asks are put into one pattern
test('a hundred thousand levels are refused', () => {
  expect(faultOf(() => readInput('['.repeat(100_000), KEYS)).message).toContain('it is nested too deep')
})

test('a fault quotes nothing of the event', () => {
  const fault = faultOf(() => readInput('{"name": "\\小明", "userId": 42}', []))
  expect(fault.message).not.toMatch(/小明|42/)
})

function faultOf(read: () => unknown): InputFault {
  try {
    read()
  } catch (error) {
    if (error instanceof InputFault) return error
    throw error
  }
  throw new Error('it was taken')
}
