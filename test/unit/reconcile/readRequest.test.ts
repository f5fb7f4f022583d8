import { readRequest } from '../../../functions/reconcile/readRequest'
import { deliveredEvent } from '../../support/events'

const CHANGED = 'inner_app_scopes_change'
const timer = (payload: unknown) => ({ triggerTime: '2026-01-01T00:10:00Z', triggerName: 'nightly', payload })

test.each<[string, unknown, string]>([
  ['a timer', timer('full'), 'full'],
  ['a timer for the failed ones', timer('failed'), 'failed'],
  ['a timer without a payload', timer(''), 'full'],
  ['a timer with a payload of null', timer(null), 'full'],
  ['a payload with a line break', timer('failed\n'), 'failed'],
  ['from a desk', { payload: 'failed' }, 'failed'],
  ['nothing', {}, 'full'],
  ['a doctor', { maintenance: 'doctor' }, 'doctor'],
  ['an event that says so', deliveredEvent({ maintenance: 'doctor' }), 'none'],
  ['a change of the range', deliveredEvent({ EventType: CHANGED, CorpId: 'c' }), 'full'],
  ['the same, from a Stream', deliveredEvent({ eventType: CHANGED, data: {} }), 'full'],
  ['the same, under a Stream’s headers', deliveredEvent({ headers: { eventType: CHANGED }, data: '{}' }), 'full'],
  ['the same, from a Stream that wraps it', deliveredEvent({ data: `{"EventType":"${CHANGED}"}` }), 'full'],
  ['the same, as text', deliveredEvent(`{"EventType":"${CHANGED}"}`), 'full'],
  ['the same, from a push of data', deliveredEvent({ syncAction: CHANGED }), 'full'],
  ['the same, in a list', [deliveredEvent({ EventType: CHANGED })], 'full'],
  ['another event', deliveredEvent({ EventType: 'user_add_org', payload: 'full' }), 'none'],
  ['an event without a body', { specversion: '1.0', id: 'a', source: 'b' }, 'none'],
])('%s', (_, payload, task) => {
  expect(readRequest(Buffer.from(JSON.stringify(payload))).task).toBe(task)
})

test.each([
  ['no bytes at all', ''],
  ['blanks', ' \n'],
])('%s', (_, payload) => {
  expect(readRequest(Buffer.from(payload))).toEqual({ task: 'full', askedAt: Number.POSITIVE_INFINITY })
})

test.each<[string, string]>([
  ['another word', '{"payload":"planted"}'],
  ['a number', '{"payload":1}'],
  ['no JSON', 'planted'],
  ['a list', '[]'],
  ['a text', '"full"'],
])('refused, without the value: %s', (_, payload) => {
  expect(() => readRequest(Buffer.from(payload))).toThrow(/^the payload names no task: it is "full" or "failed"$/)
})
