import { CloudEvent } from 'cloudevents'
import {
  type EventParts,
  type EventSource,
  HTTP_EVENT,
  validId,
  writeCloudEvent,
} from '../../../shared/eventbridge/cloudEvent'

const source: EventSource = {
  name: 'my.dingtalk',
  busName: 'dingtalk',
  region: 'cn-hangzhou',
  accountId: '123456789012',
}
const parts: EventParts = { id: 'e-1', type: HTTP_EVENT, time: new Date('2026-01-31T04:00:00.5Z'), data: '{"a":1}' }

// The webhook leaves this check out: it makes every attribute itself.
test.each<[string, Partial<EventSource>, Partial<EventParts>]>([
  ['as it is made of most requests', {}, {}],
  ['with a trace', {}, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }],
  ['with a trace that is none', {}, { traceparent: 'x' }],
  ['with an id that is a hash', {}, { id: validId('a b/ü') }],
  ['with the longest names that the variables take', { name: 'a'.repeat(127), busName: 'b'.repeat(127) }, {}],
  ['with a name of dots and hyphens', { name: '.-1', busName: '-1' }, {}],
  ['where the platform gives neither region nor account', { region: '', accountId: '' }, {}],
  ['with an integer beyond 2^53', {}, { data: '{"a":9007199254740993}' }],
  ['with data that is a text', {}, { data: '"ü"' }],
  ['with data that is null', {}, { data: 'null' }],
])('an event is valid by the schema of CloudEvents: %s', (_, its, given) => {
  const { id, json } = writeCloudEvent({ ...source, ...its }, { ...parts, ...given })
  const event = new CloudEvent(JSON.parse(json), true)
  expect(event.validate()).toBe(true)
  expect(event.id).toBe(id)
  expect(JSON.parse(json).time).toBe('2026-01-31T12:00:00.500+08:00')
})
