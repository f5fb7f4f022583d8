import { deliveryFields } from '../../../shared/eventbridge/deliveryFields'

const event = (attributes: Record<string, unknown>) => ({
  id: String(attributes['id']),
  source: 'my.dingtalk',
  event: { source: 'my.dingtalk', data: {}, ...attributes },
  text: '',
})
const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('an id and a trace are told as they are', () => {
  expect(deliveryFields([event({ id: '7059131c', traceparent: trace })], undefined)).toEqual({
    ...{ eventId: '7059131c', traceparent: trace, users: undefined },
  })
})

test.each<[string, unknown]>([
  ['a text of any length', 'y'.repeat(70_000)],
  ['a name', '小明'],
  ['one with more behind it', `${trace} 小明`],
  ['one with the end of a line', `${trace}\n`],
  ['an object', { toString: trace }],
])('a traceparent that is %s is not told', (_, traceparent) => {
  expect(deliveryFields([event({ id: 'a', traceparent })], undefined)['traceparent']).toBeUndefined()
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'userId'],
  ['a list', [{ userId: 'user1' }]],
])('of an event whose data is %s nobody is told', (_, data) => {
  expect(deliveryFields([event({ id: 'a', data })], 'a key of sixteen letters')['users']).toBeUndefined()
})

test('of an id that is longer than EventBridge has them the beginning is told', () => {
  const ids = Array.from({ length: 20 }, () => event({ id: 'x'.repeat(70_000) }))
  expect(String(deliveryFields(ids, undefined)['eventId'])).toHaveLength(16 * 129 - 1)
})
