import { createHash } from 'node:crypto'
import { contentOf, parseCloudEvents } from '../../../shared/eventbridge/parseCloudEvents'
import { MAX_DEPTH } from '../../../shared/json'

const EVENT = '{"id":"e","source":"s"}'
const NO_EVENT = 'not a CloudEvent: it has no id or no source'
const TOO_DEEP = `nested deeper than ${MAX_DEPTH} levels`
/** An event whose data are lists in lists; the event itself is the first level. */
const nested = (levels: number) =>
  `{"id":"deep","source":"s","data":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`

test.each<[string, string, events: string[], unreadable: string[]]>([
  ['one event', ` ${EVENT}\n`, ['e'], []],
  ['a list', `[${EVENT}, {"id":"f","source":"s"}]`, ['e', 'f'], []],
  ['an empty list', ' [ ] ', [], []],
  ['nothing between two commas', `[${EVENT},,${EVENT}]`, ['e', 'e'], ['not JSON']],
  ['a list that is cut off', `[${EVENT},{"id":"f","sou`, ['e'], ['not JSON']],
  ['a list with something behind it', `[${EVENT}] x`, [], ['not JSON']],
  ['two lists', `[${EVENT}][${EVENT}]`, [], ['not JSON']],
  ['a list with blanks behind it', `[${EVENT}]\n \n`, ['e'], []],
  ['a comma behind the last one', `[${EVENT},]`, ['e'], ['not JSON']],
  ['a list of a list', `[[${EVENT}],${EVENT}]`, ['e'], [NO_EVENT]],
  ['nothing', '', [], ['not JSON']],
  ['no source', '{"id":"e"}', [], [NO_EVENT]],
  ['an empty source', '{"id":"e","source":""}', [], [NO_EVENT]],
  ['no id', '{"source":"s"}', [], [NO_EVENT]],
  ['an empty id', '{"id":"","source":"s"}', [], [NO_EVENT]],
  ['a number for an id', '{"id":1,"source":"s"}', [], [NO_EVENT]],
  ['as deep as may be', nested(MAX_DEPTH), ['deep'], []],
  ['too deep', nested(MAX_DEPTH + 1), [], [TOO_DEEP]],
  [
    'too deep in a key that a later one hides',
    `{"data":${nested(MAX_DEPTH)},"data":1,${EVENT.slice(1)}`,
    [],
    [TOO_DEEP],
  ],
  ['one of a list too deep', `[${EVENT},${nested(MAX_DEPTH + 1)},${EVENT}]`, ['e', 'e'], [TOO_DEEP]],
  ['as deep as may be, in a list', `[${EVENT},${nested(MAX_DEPTH)}]`, ['e', 'deep'], []],
])('%s', (_, payload, ids, reasons) => {
  const { events, unreadable } = parseCloudEvents(Buffer.from(payload))
  expect(events.map(({ id }) => id)).toEqual(ids)
  expect(unreadable.map(({ reason }) => reason)).toEqual(reasons)
})

test('what cannot be read has an id of its text, the same each time that it is delivered', () => {
  const [first] = parseCloudEvents(Buffer.from(' {"id":1} ')).unreadable
  const id = createHash('sha256').update('{"id":1}').digest('hex')
  expect(first).toEqual({ id, source: 'unknown', reason: NO_EVENT, text: '{"id":1}' })
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
