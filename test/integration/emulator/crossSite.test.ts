import { randomUUID } from 'node:crypto'
import { rpcSignature, rpcStringToSign } from '../../../emulator/pop/rpcV1'
import { serve } from '../../../emulator/standalone/server'
import { accessKey, emulators } from '../../support/emulator'
import { openApiClient } from '../../support/popClients'
import { exchangeRaw } from '../../support/rawHttp'

const startEmulator = emulators()

/** What any page can make who knows the keys, and those of `npm start` are published: a GET that is signed in its query. */
function signedPath(parameters: Record<string, string>): string {
  const given: [string, string][] = Object.entries({
    ...parameters,
    Version: '2020-04-01',
    Format: 'JSON',
    AccessKeyId: accessKey.accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
  })
  const Signature = rpcSignature(rpcStringToSign('GET', given), accessKey.accessKeySecret)
  return `/?${new URLSearchParams([...given, ['Signature', Signature]])}`
}

test.each<[by: string, status: number, headers: Record<string, string>]>([
  ['a picture', 403, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
  ['a page of another port', 403, { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  ['a link', 403, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
  ['a script that reads', 403, { origin: 'https://attacker.example' }],
  ['a name that leads here', 403, { host: 'attacker.example' }],
  ['an SDK', 200, {}],
])('a bus that %s makes: %i', async (by, status, headers) => {
  const emulator = await startEmulator()
  const served = await serve(emulator.eventBridge, { port: 0 })
  try {
    const sent = { host: `127.0.0.1:${served.port}`, ...headers }
    const lines = Object.entries(sent).map(([name, value]) => `${name}: ${value}\r\n`)
    const path = signedPath({ Action: 'CreateEventBus', EventBusName: 'of-a-page' })
    const answer = await exchangeRaw(served.port, `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
    expect([by, answer.status]).toEqual([by, status])
    const found = JSON.stringify(await openApiClient(served)('ListEventBuses', {}))
    expect(found.includes('of-a-page')).toBe(status === 200)
  } finally {
    await served.close()
  }
})
