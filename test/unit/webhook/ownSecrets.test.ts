import { createHmac } from 'node:crypto'
import { seedBody } from '../../fixtures/seedBody'
import { callbackEnvironment, callbackKeys, callbackRequest } from '../../support/callback'
import type { RequestParts } from '../../support/fcEvent'
import { NOW, setUpWebhook } from '../../support/webhook'

// What a proxy before the webhook copies is published with the event, and whoever reads the bus must not be able to send.

const TOKEN = 'right-token+right/token'
const json = { 'Content-Type': 'application/json' }
const bearer = { ...json, Authorization: `Bearer ${TOKEN}` }
const encoded = encodeURIComponent(TOKEN)
const at = String(Math.floor(NOW / 1000))
const signature = createHmac('sha256', 'connector-secret').update(at).digest('base64')
const signed = { ...json, 'x-ddpaas-signature-timestamp': at, 'x-ddpaas-signature': signature }
const callback = callbackRequest('{"EventType":"user_add_org","userId":["u1"]}')
const callbackSignature = callback.query?.['signature'] ?? ''

const environment = { ...callbackEnvironment, WEBHOOK_TOKEN: TOKEN, CONNECTOR_API_SECRET: 'connector-secret' }

test.each<[what: string, secret: string, request: RequestParts]>([
  ['a header of another name', TOKEN, { headers: { ...bearer, 'X-Copied': `Bearer ${TOKEN}` } }],
  ['a header of many values', TOKEN, { headers: { ...bearer, 'X-All': `a=1; b=${TOKEN}; c=2` } }],
  ['the name of a header', TOKEN, { headers: { ...bearer, [`X-${TOKEN}`]: '1' } }],
  ['a URL in a header', encoded, { headers: { ...bearer, 'X-Asked-For': `/webhook/putEvents?auth=${encoded}` } }],
  [
    'a URL within a URL',
    encoded,
    { headers: { ...bearer, 'X-Link': `https://p/?u=${encodeURIComponent(`/?t=${TOKEN}`)}` } },
  ],
  [
    'a URL within a URL, each escaped',
    encodeURIComponent(encoded),
    { headers: { ...bearer, 'X-Link': `https://p/?u=${encodeURIComponent(`/?t=${encoded}`)}` } },
  ],
  ['a user’s name in a referer', encoded, { headers: { ...bearer, Referer: `https://${encoded}@example.com/` } }],
  ['Basic', base64(TOKEN), { headers: { ...bearer, 'X-Copied': `Basic ${base64(`a:${TOKEN}`)}` } }],
  // of `xx:`, 23 characters and nothing, one and two more
  ...['', 'x', 'xx'].map((more): [string, string, RequestParts] => {
    const basic = base64(`xx:${TOKEN}${more}`)
    return [`Basic that ends with ${basic.slice(-2)}`, basic, { headers: { ...bearer, 'X-Copied': `Basic ${basic}` } }]
  }),
  ['a query value of another name', TOKEN, { headers: bearer, query: { note: TOKEN } }],
  ['the token of the query, in a header', TOKEN, { headers: { ...json, 'X-Copied': TOKEN }, query: { token: TOKEN } }],
  ['the path', TOKEN, { headers: bearer, path: `/webhook/putEvents/${TOKEN}` }],
  ['the path, escaped', encoded, { headers: bearer, path: `/webhook/putEvents/${encoded}` }],
  ['X-Forwarded-Authorization', 'planted', { headers: { ...bearer, 'X-Forwarded-Authorization': 'planted' } }],
  ['X-Original-Cookie', 'planted', { headers: { ...bearer, 'X-Original-Cookie': 'planted' } }],
  ['X-Api-Key', 'planted', { headers: { ...bearer, 'X-Api-Key': 'planted', Apikey: 'planted' } }],
  ['the connector’s signature', signature, { headers: { ...signed, 'X-Copied': signature } }],
  ['the connector’s secret', 'connector-secret', { headers: { ...signed, 'X-Copied': 'connector-secret' } }],
  [
    'the signature of a callback',
    callbackSignature,
    { ...callback, headers: { ...json, 'X-Copied': callbackSignature } },
  ],
  ['the AES key', callbackKeys.aesKey, { ...callback, headers: { ...json, 'X-Copied': callbackKeys.aesKey } }],
])('%s', async (_, secret, request) => {
  const { post, published, log } = setUpWebhook(environment)
  const headers = { ...request.headers, 'X-Kept': 'kept' }
  const { statusCode } = await post({ body: seedBody, ...request, headers })
  expect(statusCode).toBe(200)
  const [text = ''] = published
  expect(text).not.toContain(secret)
  expect(text).not.toContain(base64(secret).slice(0, 12))
  expect(JSON.parse(text).data.headers).toMatchObject({ 'X-Kept': 'kept' })
  expect(log.text()).not.toContain(secret)
})

test('an open webhook has none, and keeps what comes', async () => {
  const { post, published } = setUpWebhook()
  await post({ body: seedBody, path: '/a/b%20c', headers: { ...json, 'X-Any': 'Basic dXNlcjpub25l' } })
  expect(JSON.parse(published[0] ?? '').data).toMatchObject({
    path: '/a/b%20c',
    headers: { 'X-Any': 'Basic dXNlcjpub25l' },
  })
})

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
