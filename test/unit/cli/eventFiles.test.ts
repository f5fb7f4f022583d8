import { eventFiles } from '../../../cli/events/eventFiles'
import type { FcHttpEvent } from '../../../shared/fc/types'
import { callbackKeys } from '../../support/callback'
import { fcContext } from '../../support/fcEvent'
import { acceptAll, NOW, setUpWebhook } from '../../support/webhook'

const own = { token: 'a-token-of-the-test', apiSecret: 'a-secret-of-the-test' }

test.each<[string, Partial<typeof own>, Record<string, string>, number]>([
  ['the token', { token: own.token }, { WEBHOOK_TOKEN: own.token }, 200],
  ["the connector's signature", { apiSecret: own.apiSecret }, { CONNECTOR_API_SECRET: own.apiSecret }, 200],
  ['nothing, to an open webhook', {}, {}, 200],
  ['nothing, to one that asks for the token', {}, { WEBHOOK_TOKEN: own.token }, 401],
])("a connector's event proves itself with %s", async (_name, { token, apiSecret }, environment, status) => {
  const keys = { ...callbackKeys, ownerKey: callbackKeys.owner }
  const files = eventFiles({ keys, corpId: 'dingcorp', secrets: { token, apiSecret }, now: NOW })
  const event = files.find(({ name }) => name === 'connector-add.json')?.content as FcHttpEvent
  const { handler } = setUpWebhook(environment, acceptAll)
  expect((await handler(Buffer.from(JSON.stringify(event)), fcContext)).statusCode).toBe(status)
})
