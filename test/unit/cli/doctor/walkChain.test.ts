import { text } from 'node:stream/consumers'
import type { Place } from '../../../../cli/doctor/place'
import { checkWebhook } from '../../../../cli/doctor/walkChain'
import { readConfig } from '../../../../functions/webhook/config'
import { callbackEnvironment } from '../../../support/callback'
import { startServer, type TestServer } from '../../../support/rawHttp'
import { setUpWebhook } from '../../../support/webhook'

let server: TestServer

afterEach(() => server.close())

const token = { WEBHOOK_TOKEN: 'sixteen-letters-x' }
const connector = { CONNECTOR_API_SECRET: 'a secret' }

/** What is said of a webhook that runs with these variables, where those are set; nothing may be published. */
async function authentication(running: Record<string, string>, set: Record<string, string>) {
  const { post, published } = setUpWebhook(running)
  server = await startServer(async (req, res) => {
    const { authorization = '' } = req.headers
    const headers = { 'Content-Type': 'application/json', ...(authorization && { Authorization: authorization }) }
    const { statusCode, body } = await post({ method: 'POST', headers, body: await text(req) })
    res.writeHead(statusCode).end(body)
  })
  const place = { webhookUrl: new URL(`http://127.0.0.1:${server.port}`), isLocal: true } as Place
  const links = await checkWebhook(place, readConfig({ EVENT_BUS_NAME: 'bus', ...set }), undefined)
  expect(published).toEqual([])
  const link = links.find(({ name }) => name === 'authentication')
  return `${link?.state}: ${link?.found}`
}

test.each<[string, Record<string, string>]>([
  ['WEBHOOK_TOKEN', token],
  ['CONNECTOR_API_SECRET', connector],
  ['DINGTALK_TOKEN', callbackEnvironment],
])('%s: a webhook that runs with it refuses strangers, one that runs without lets them in', async (name, set) => {
  expect(await authentication(set, set)).toBe(`ok: ${name}; who has none is refused (401)`)
  await server.close()
  expect(await authentication({}, set)).toBe(`wrong: ${name} is set, and the webhook asks for none`)
})

test('none anywhere', async () => {
  expect(await authentication({}, {})).toBe('ok: none, which does on this machine')
})
