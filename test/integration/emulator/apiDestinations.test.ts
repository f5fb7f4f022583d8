import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import path from 'node:path'
import { readEventBridgeFiles } from '../../../emulator/config/readEventBridgeFile'
import { cloudEvent, emptyFile, emulators } from '../../support/emulator'
import { type OAuthServer, oauthServer } from '../../support/oauthServer'
import { temporaryFolder } from '../../support/temporaryFolder'
import { waitFor } from '../../support/waitFor'

const startEmulator = emulators()
const folder = temporaryFolder()
const SECRET = 'hush-hush'
let oauth: OAuthServer
let api: http.Server
let sockets: Socket[]
let received: (string | undefined)[]

beforeEach(async () => {
  oauth = await oauthServer({ id: 'me', secret: SECRET })
  sockets = []
  received = []
  api = http.createServer((req, res) => {
    received.push(req.headers.authorization)
    res.writeHead(oauth.takes(req.headers.authorization) ? 204 : 401).end()
  })
  api.on('connection', (socket) => sockets.push(socket))
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await oauth.close()
  api.closeAllConnections()
  await new Promise((resolve) => api.close(resolve))
})

const yaml = () => `
EventBusName: my-bus
Connections:
  - ConnectionName: own
    AuthParameters:
      AuthorizationType: OAUTH_AUTH
      OAuthParameters:
        AuthorizationEndpoint: ${oauth.url}/token
        HttpMethod: POST
        ClientParameters: { ClientID: me, ClientSecret: '\${API_SECRET}' }
ApiDestinations:
  - ApiDestinationName: users
    ConnectionName: own
    HttpApiParameters: { Endpoint: 'http://127.0.0.1:${(api.address() as AddressInfo).port}/Users', Method: POST }
Rules:
  - RuleName: r
    FilterPattern: {}
    Targets:
      - Id: t
        Type: acs.api.destination
        Endpoint: acs:api-destination:cn-hangzhou:123456789012:name/users
        ParamList:
          - { ResourceKey: Name, Form: CONSTANT, Value: users }
          - { ResourceKey: BodyParameters, Form: ORIGINAL }
`

test('events go where eventbridge.yaml says, with one token, and nothing tells the secret or stays open', async () => {
  const connections = { invoke: async () => ({}) }
  const files = readEventBridgeFiles(yaml(), 'eventbridge.yaml', connections, { API_SECRET: SECRET })
  const storeFile = path.join(folder, 'store', 'store.db')
  const emulator = await startEmulator({ storeFile })
  await emulator.restart(emptyFile, { files })
  const count = 30
  for (let event = 0; event < count; event++) await emulator.sdk().putEvents([cloudEvent(`e${event}`)])
  await waitFor(() => received.length === count)
  expect(oauth.asked).toHaveLength(1)
  expect(new Set(received).size).toBe(1)

  oauth.answer = { status: 400, body: JSON.stringify({ error: SECRET }) }
  oauth.revokeAll()
  await emulator.sdk().putEvents([cloudEvent('failing')])
  const traceOf = (EventId: string) => emulator.call('queryEventTraces', { EventBusName: 'my-bus', EventId })
  await waitFor(async () => JSON.stringify(await traceOf('failing')).includes('no access token: HTTP 400'))
  expect(JSON.stringify(await traceOf('failing'))).not.toContain(SECRET)
  expect(emulator.logged).toEqual([])

  const stored = fs
    .readdirSync(path.dirname(storeFile))
    .map((name) => fs.readFileSync(`${path.dirname(storeFile)}/${name}`))
  expect(Buffer.concat(stored).includes(SECRET)).toBe(false)
  // stops this one
  await emulator.restart(emptyFile)
  await waitFor(() => sockets.every(({ destroyed }) => destroyed))
})
