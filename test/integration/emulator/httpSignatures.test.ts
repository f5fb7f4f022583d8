import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import fs from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import path from 'node:path'
import type { EventBridgeOptions } from '../../../emulator/eventBridge'
import { serve } from '../../../emulator/standalone/server'
import { cloudEvent, emulators, type TestEmulator } from '../../support/emulator'
import { startServer, type TestServer } from '../../support/rawHttp'
import { functionTarget } from '../../support/targetEntries'
import { temporaryFolder } from '../../support/temporaryFolder'
import { waitFor } from '../../support/waitFor'

const startEmulator = emulators()
const folder = temporaryFolder()
let receiver: TestServer
let received: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[]
let server: TestServer | undefined

beforeEach(async () => {
  received = []
  receiver = await startServer(async (req, res) => {
    const body = Buffer.concat((await req.toArray()) as Buffer[]).toString()
    received.push({ url: req.url, headers: req.headers, body })
    res.end()
  })
})
afterEach(async () => {
  await receiver.close()
  await server?.close()
  server = undefined
})

const endpoint = (place = '/hook?a=1&b=%C3%A4') => `http://127.0.0.1:${receiver.port}${place}`

/** An emulator whose server serves certificates, and what it posted to an http target. */
async function deliver(params: object[] = [], options: Partial<EventBridgeOptions> = {}, url = endpoint()) {
  let emulator: TestEmulator | undefined
  server = await startServer((req, res) => void emulator?.eventBridge.certificate(req, res))
  emulator = await startEmulator({ webhookUrl: `http://127.0.0.1:${server.port}/openapi/putEvents`, ...options })
  emulator.eventBridge.deliver()
  const Body = { ResourceKey: 'Body', Form: 'TEMPLATE', Value: '{"a":"$.data.a"}', Template: '小明\n${a}' }
  const Targets = [functionTarget('t', { Type: 'http', Endpoint: url, ParamList: [Body, ...params] })]
  await emulator.call('createRule', { EventBusName: 'my-bus', RuleName: 'r', FilterPattern: '{}', Targets })
  await emulator.sdk().putEvents([cloudEvent('e')])
  await waitFor(() => received.length === 1)
  return { emulator, request: received[0] as (typeof received)[number], port: server.port }
}

/** By the page: https://help.aliyun.com/en/eventbridge/user-guide/signature-algorithm */
function isSigned(certificate: string, url: string, headers: IncomingHttpHeaders, body: string): boolean {
  const names = ['signature-timestamp', 'hash-method', 'signature-version', 'signature-url', 'signature-token']
  const lines = names
    .map((name) => `x-eventbridge-${name}`)
    .filter((name) => headers[name] !== undefined)
    .map((name) => `${name}: ${headers[name]}`)
  const text = `${url}\n${lines.join('\n')}\n${body}`
  const signature = Buffer.from(String(headers['x-eventbridge-signature-v2']), 'base64')
  return verify('RSA-SHA256', Buffer.from(text), new X509Certificate(certificate).publicKey, signature)
}

test('a receiver that goes by the page verifies a request with the served certificate', async () => {
  const before = Date.now()
  const { request, port } = await deliver()
  const { headers, body } = request
  expect(headers).toMatchObject({
    'x-eventbridge-hash-method': 'SHA256',
    'x-eventbridge-signature-version': '1.0',
    'x-eventbridge-signature-url': expect.stringMatching(
      new RegExp(`^http://127\\.0\\.0\\.1:${port}/x509_public_certificate_\\d{8}_[0-9a-f]{8}\\.pem$`),
    ),
  })
  expect(headers).not.toHaveProperty('x-eventbridge-signature-token')
  expect(headers).not.toHaveProperty('x-eventbridge-signature')
  // the receiver's own time, whatever the emulator's clock says
  expect(Number(headers['x-eventbridge-signature-timestamp'])).toBeGreaterThanOrEqual(before)
  expect(body).toBe('小明\n1')

  const answer = await fetch(String(headers['x-eventbridge-signature-url']))
  const pem = await answer.text()
  const certificate = new X509Certificate(pem)
  expect(certificate.verify(certificate.publicKey)).toBe(true)
  expect(certificate.subject).toBe('CN=eventbridge-local')
  expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now())
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now())
  expect(createPublicKey(pem).asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 })
  expect(isSigned(pem, endpoint(), headers, body)).toBe(true)
  expect((await fetch(`http://127.0.0.1:${port}/x509_public_certificate_other.pem`)).status).toBe(404)
})

interface Signed {
  url: string
  headers: IncomingHttpHeaders
  body: string
}

const withHeader = (name: string, value: string | undefined) => (it: Signed) => ({
  ...it,
  headers: { ...it.headers, [`x-eventbridge-signature-${name}`]: value },
})

test.each<[string, (it: Signed) => Signed]>([
  ['body', (it) => ({ ...it, body: `${it.body} ` })],
  ['body, by a line break at its end', (it) => ({ ...it, body: `${it.body}\n` })],
  ['address', (it) => ({ ...it, url: `${it.url}&c` })],
  ['timestamp', withHeader('timestamp', '1')],
  ['token', withHeader('token', 'other')],
  ['missing token', withHeader('token', undefined)],
])('a changed %s fails', async (_, change) => {
  const { request } = await deliver([{ ResourceKey: 'Token', Form: 'CONSTANT', Value: 'of mine' }])
  expect(request.headers['x-eventbridge-signature-token']).toBe('of mine')
  const pem = await (await fetch(String(request.headers['x-eventbridge-signature-url']))).text()
  const holds = ({ url, headers, body }: Signed) => isSigned(pem, url, headers, body)
  const it = { ...request, url: endpoint() }
  expect([holds(it), holds(change(it))]).toEqual([true, false])
})

test('the address is signed as the target has it', async () => {
  const { request } = await deliver([], {}, endpoint(''))
  const pem = await (await fetch(String(request.headers['x-eventbridge-signature-url']))).text()
  expect(isSigned(pem, endpoint(''), request.headers, request.body)).toBe(true)
  expect(isSigned(pem, endpoint('/'), request.headers, request.body)).toBe(false)
})

test('without a server the certificate is in the address itself', async () => {
  const { request } = await deliver([], { webhookUrl: '' })
  const address = String(request.headers['x-eventbridge-signature-url'])
  expect(address).toMatch(/^data:/)
  expect(isSigned(await (await fetch(address)).text(), endpoint(), request.headers, request.body)).toBe(true)
})

test('of a server that is its own, the certificate is there', async () => {
  const emulator = await startEmulator({ webhookUrl: '/openapi/putEvents' })
  emulator.eventBridge.deliver()
  const served = await serve(emulator.eventBridge, { port: 0 })
  const ParamList = [{ ResourceKey: 'Body', Form: 'ORIGINAL' }]
  const Targets = [functionTarget('t', { Type: 'http', Endpoint: endpoint(), ParamList })]
  await emulator.call('createRule', { EventBusName: 'my-bus', RuleName: 'r', FilterPattern: '{}', Targets })
  await emulator.sdk().putEvents([cloudEvent('e')])
  await waitFor(() => received.length === 1)
  const { headers = {}, body = '' } = received[0] ?? {}
  const address = String(headers['x-eventbridge-signature-url'])
  expect(address.startsWith(served.url)).toBe(true)
  expect(isSigned(await (await fetch(address)).text(), endpoint(), headers, body)).toBe(true)
  await served.close()
})

test('the key is made once for a store, for its owner’s eyes, and kept over a restart', async () => {
  const storeFile = path.join(folder, 'one', 'store.db')
  const { emulator, request } = await deliver([], { storeFile })
  const file = path.join(folder, 'one', 'signing-key.pem')
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  const kept = fs.readFileSync(file, 'utf8')
  await emulator.restart()
  await emulator.sdk().putEvents([cloudEvent('f')])
  await waitFor(() => received.length === 2)
  const urlOf = (headers: IncomingHttpHeaders | undefined) => headers?.['x-eventbridge-signature-url']
  expect(urlOf(received[1]?.headers)).toBe(urlOf(request.headers))
  expect(fs.readFileSync(file, 'utf8')).toBe(kept)
})

test('a file that has no key is a failed delivery that says what to do', async () => {
  const storeFile = path.join(folder, 'bad', 'store.db')
  fs.mkdirSync(path.dirname(storeFile))
  fs.writeFileSync(path.join(folder, 'bad', 'signing-key.pem'), 'hush')
  const emulator = await startEmulator({ storeFile })
  emulator.eventBridge.deliver()
  const Targets = [
    functionTarget('t', { Type: 'http', Endpoint: endpoint(), ParamList: [{ ResourceKey: 'Body', Form: 'ORIGINAL' }] }),
  ]
  await emulator.call('createRule', { EventBusName: 'my-bus', RuleName: 'r', FilterPattern: '{}', Targets })
  await emulator.sdk().putEvents([cloudEvent('e')])
  await waitFor(async () => {
    const { EventTraceList } = await emulator.call('queryEventTraces', { EventBusName: 'my-bus', EventId: 'e' })
    return JSON.stringify(EventTraceList).includes('has no key to sign with: remove it')
  })
  expect(received).toEqual([])
})
