import { contentOf, parseCloudEvents } from '../../../shared/eventbridge/parseCloudEvents'

const EVENT = '{"id":"e","source":"s"}'

test.each<[string, string, events: string[], unreadable: string[]]>([
  ['one event', ` ${EVENT}\n`, ['e'], []],
  ['a list', `[${EVENT}, {"id":"f","source":"s"}]`, ['e', 'f'], []],
  ['an empty list', ' [ ] ', [], []],
  ['nothing between two commas', `[${EVENT},,${EVENT}]`, ['e', 'e'], ['not JSON']],
  ['a list that is cut off', `[${EVENT},{"id":"f","sou`, ['e'], ['not JSON']],
  ['a list with something behind it', `[${EVENT}] x`, [], ['not JSON']],
  ['two lists', `[${EVENT}][${EVENT}]`, [], ['not JSON']],
  ['a list with blanks behind it', `[${EVENT}]\n \n`, ['e'], []],
  ['no source', '{"id":"e"}', [], ['not a CloudEvent: it has no id or no source']],
])('%s', (_, payload, ids, reasons) => {
  const { events, unreadable } = parseCloudEvents(Buffer.from(payload))
  expect(events.map(({ id }) => id)).toEqual(ids)
  expect(unreadable.map(({ reason }) => reason)).toEqual(reasons)
})

test.each<[string, string, string]>([
  ['the webhook’s body', '{"body":{"a":1},"path":"/"}', '{"a":1}'],
  ['data that has no body', '{"a":1}', '{"a":1}'],
  ['a body of null', '{"body":null}', 'null'],
  ['text', '"a"', '"a"'],
  ['null', 'null', 'null'],
  ['digits beyond 2^53', '{"body":{"id":12345678901234567890}}', '{"id":12345678901234567890}'],
])('what an event says is %s', (_, data, content) => {
  const [event] = parseCloudEvents(Buffer.from(`{"id":"e","source":"s","data":${data}}`)).events
  expect(event && contentOf(event)).toBe(content)
})

test('an event without data says nothing', () => {
  const [event] = parseCloudEvents(Buffer.from(EVENT)).events
  expect(event && contentOf(event)).toBe('')
})
