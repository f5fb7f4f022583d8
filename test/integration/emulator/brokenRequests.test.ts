import { once } from 'node:events'
import net from 'node:net'
import { type LocalEventBridge, startEventBridge } from '../../../emulator/main'
import { acs3Signature, acs3StringToSign, sha256 } from '../../../emulator/pop/acs3'

let bus: LocalEventBridge
let host: string
const logged: unknown[] = []

beforeEach(async () => {
  logged.length = 0
  jest.spyOn(console, 'error').mockImplementation((line) => void logged.push(line))
  bus = await startEventBridge({ port: 0, log: (line) => logged.push(line) })
  host = bus.endpoint ?? ''
})
afterEach(async () => {
  jest.restoreAllMocks()
  await bus.stop()
})

test.each([
  ['the management API', 'POST /'],
  ['the API of the older SDKs', 'POST /openapi/putEvents'],
  ['the API of queues', 'DELETE /queues/q/messages'],
  ['the page', 'POST /trace/publish'],
])('%s says nothing of a client that goes in the middle of its request', async (_, line) => {
  const socket = net.connect(Number(host.split(':')[1]), '127.0.0.1')
  socket.write(`${line} HTTP/1.1\r\nHost: ${host}\r\nX-Trace-Page: 1\r\nContent-Length: 100\r\n\r\nAction=`)
  // answered after what came before it has been read
  await fetch(`http://${host}/openapi/none`)
  socket.destroy()
  await once(socket, 'close')
  for (let count = 0; count < 3; count++) await fetch(`http://${host}/openapi/none`)
  expect(logged).toEqual([])
})

/** As the generic call of the newer SDKs sends a JSON body. */
async function callByJson(action: string, body: string): Promise<{ status: number; answer: unknown }> {
  const headers: Record<string, string> = {
    ...{ host, 'x-acs-action': action, 'x-acs-version': '2020-04-01', 'content-type': 'application/json' },
    ...{ 'x-acs-date': '2026-01-01T00:00:00Z', 'x-acs-signature-nonce': 'n', 'x-acs-content-sha256': sha256(body) },
  }
  const names = Object.keys(headers)
  const request = { method: 'POST', path: '/', query: [], headers, body: Buffer.from(body) }
  const signature = acs3Signature(acs3StringToSign(request, names), bus.credentials.accessKeySecret)
  const credential = `Credential=${bus.credentials.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`
  const signed = { ...headers, authorization: `ACS3-HMAC-SHA256 ${credential}` }
  const response = await fetch(`http://${host}/`, { method: 'POST', headers: signed, body })
  return { status: response.status, answer: await response.json() }
}

test('numbers of an event keep their digits in a JSON body, too', async () => {
  const event = '{"Id":"e","Source":"my.source","Type":"t","Data":{"n":12345678901234567890}}'
  const published = await callByJson('PutEvents', `{"EventBusName":"default","EventList":[${event}]}`)
  expect(published).toMatchObject({ status: 200, answer: { Data: { FailedEntryCount: 0 } } })
  expect(bus.exportState()).toContain('12345678901234567890')
})

test.each([
  ['a list', `{"Targets":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ['an object', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
])('a JSON body that is nested too deep is refused: %s', async (_, body) => {
  expect(await callByJson('PutTargets', body)).toMatchObject({ status: 400, answer: { Code: 'InvalidParameter' } })
  expect(logged).toEqual([])
})
