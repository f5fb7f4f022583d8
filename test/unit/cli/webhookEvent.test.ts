import { webhookEvent, webhookSource } from '../../../cli/webhookEvent'
import { NOW, setUpWebhook } from '../../support/webhook'

const account = { accountId: '123456789012', region: 'cn-hangzhou' }
const file = { bus: 'bus', sources: [{ name: 'first' }, { name: 'second' }] }

test('the same event as the webhook publishes', async () => {
  const message = { syncAction: 'user_add_org', userId: '0042', name: '小明', eventId: 'e-1' }
  const { post, published } = setUpWebhook()
  await post({ body: JSON.stringify(message) })
  const source = { name: 'my.dingtalk', busName: 'dingtalk', ...account }
  expect(webhookEvent(message, source, new Date(NOW))).toEqual({ id: 'e-1', json: published[0] })
})

test.each<[string, Record<string, string>, typeof file, string]>([
  ['EVENT_SOURCE_NAME', { EVENT_SOURCE_NAME: 'second' }, file, 'second'],
  ["the file's first source", { EVENT_SOURCE_NAME: '' }, file, 'first'],
  ["the webhook's default", {}, { ...file, sources: [] }, 'my.dingtalk'],
])('it is published as %s', (_, environment, eventBridgeFile, name) => {
  expect(webhookSource(environment, eventBridgeFile, account)).toEqual({ name, busName: 'bus', ...account })
})
