import path from 'node:path'
import { deleteApiDestination, updateApiDestination, updateConnection } from '../../../emulator/api/connections'
import type { ApiContext } from '../../../emulator/api/context'
import { defaultLimits } from '../../../emulator/api/limits'
import { applyFiles } from '../../../emulator/config/applyFile'
import { readEventBridgeFiles } from '../../../emulator/config/readEventBridgeFile'
import { findApiDestination, openResources, type Resources } from '../../../emulator/resources/resources'
import { openStore } from '../../../emulator/store/store'
import { createAccessTokens } from '../../../emulator/targets/accessTokens'
import { compileTarget } from '../../../emulator/targets/compileTarget'
import type { Connections } from '../../../emulator/targets/target'
import { manualClock } from '../../support/manualClock'
import { type OAuthServer, oauthServer } from '../../support/oauthServer'
import { startServer, type TestServer } from '../../support/rawHttp'
import { temporaryFolder } from '../../support/temporaryFolder'

/** Deliveries to API destinations as they are now in the store, against a real server of tokens and a real API. */

const folder = temporaryFolder()
let oauth: OAuthServer
let api: TestServer
let received: { url: string | undefined; authorization: string | undefined }[]
/** how many of the next requests are answered 401, whatever their token */
let refusals: number

beforeEach(async () => {
  oauth = await oauthServer({ id: 'me', secret: 'hush' })
  received = []
  refusals = 0
  api = await startServer((req, res) => {
    const { authorization } = req.headers
    received.push({ url: req.url, authorization })
    const isKnown = refusals-- <= 0 && (!authorization?.startsWith('Bearer ') || oauth.takes(authorization))
    res.writeHead(isKnown ? 204 : 401).end()
  })
})
afterEach(async () => {
  await oauth.close()
  await api.close()
})

const oauthParameters = (ClientSecret = 'hush') => ({
  AuthorizationType: 'OAUTH_AUTH',
  OAuthParameters: {
    AuthorizationEndpoint: `${oauth.url}/token`,
    HttpMethod: 'POST',
    ClientParameters: { ClientID: 'me', ClientSecret },
  },
})
const fileOf = (Connections: object[], ApiDestinations: object[]) =>
  readEventBridgeFiles(
    JSON.stringify({ EventBusName: 'bus', Rules: [], Connections, ApiDestinations }),
    'eventbridge.yaml',
    { invoke: async () => ({}) },
    { SECRET: 'hush' },
  )
const users = (Endpoint = `http://127.0.0.1:${api.port}/Users`) => ({
  ...{ ApiDestinationName: 'users', ConnectionName: 'own', HttpApiParameters: { Endpoint, Method: 'POST' } },
})
const own = (AuthParameters?: object) => ({ ConnectionName: 'own', ...(AuthParameters && { AuthParameters }) })

/** A target on the destination users, which the file has with this authentication. */
function withTarget(auth?: object) {
  const store = openStore(path.join(folder, crypto.randomUUID(), 'store.db'))
  const clock = manualClock()
  let resources: Resources
  const connections: Connections = {
    invoke: async () => ({}),
    apiDestination: (name) => findApiDestination(resources, name),
    tokens: createAccessTokens({ clock }),
  }
  resources = openResources(store.resources, connections, 0)
  applyFiles(resources, fileOf([own(auth)], [users()]), 0)
  const rest = { limits: defaultLimits, accountId: '1', region: 'cn-hangzhou', health: { failed() {} }, wake() {} }
  const context: ApiContext = { resources, connections, store, clock, ...rest }
  const Endpoint = 'acs:api-destination:cn-hangzhou:123456789012:name/users'
  const ParamList = [{ ResourceKey: 'Name', Form: 'CONSTANT', Value: 'users' }]
  const target = compileTarget({ Id: 't', Type: 'acs.api.destination', Endpoint, ParamList }, connections)
  const deliver = () => target.deliver('{"id":"e"}').catch(({ message }: Error) => ({ thrown: message }))
  return { context, resources, clock, deliver, close: store.close }
}

test('what is changed of a connection or a destination counts from the next delivery on', async () => {
  const { context, deliver, close } = withTarget()
  const named = { ConnectionName: 'own' }
  const authorization = (Username: string) => ({
    AuthorizationType: 'BASIC_AUTH',
    BasicAuthParameters: { Username, Password: 'p' },
  })
  await deliver()
  updateConnection({ ...named, AuthParameters: authorization('u') }, context)
  await deliver()
  updateConnection({ ...named, AuthParameters: authorization('v') }, context)
  const HttpApiParameters = { Endpoint: `http://127.0.0.1:${api.port}/People`, Method: 'POST' }
  updateApiDestination({ ApiDestinationName: 'users', HttpApiParameters }, context)
  await deliver()
  const basic = (user: string) => `Basic ${Buffer.from(`${user}:p`).toString('base64')}`
  expect(received).toEqual([
    { url: '/Users', authorization: undefined },
    { url: '/Users', authorization: basic('u') },
    { url: '/People', authorization: basic('v') },
  ])
  close()
})

test('what is missing, or asks nothing over HTTP, is a failed delivery that says so', async () => {
  const { context, resources, deliver, close } = withTarget()
  updateConnection({ ConnectionName: 'own', Type: 'MySQL' }, context)
  expect(await deliver()).toEqual({ thrown: 'the connection own is of the type MySQL, and no Http one' })
  resources.connections.remove({ bus: '', name: 'own' })
  expect(await deliver()).toEqual({ thrown: 'the connection own does not exist' })
  deleteApiDestination({ ApiDestinationName: 'users' }, context)
  expect(await deliver()).toEqual({ thrown: 'the API destination users does not exist' })
  expect(received).toEqual([])
  close()
})

test('a host elsewhere is refused when it is delivered to', async () => {
  const { context, deliver, close } = withTarget()
  const HttpApiParameters = { Endpoint: 'https://192.0.2.1/Users', Method: 'POST' }
  updateApiDestination({ ApiDestinationName: 'users', HttpApiParameters }, context)
  expect(await deliver()).toEqual({ thrown: expect.stringMatching(/^its host is not this machine/) })
  close()
})

describe('OAuth', () => {
  test('one token serves many deliveries, concurrent ones too, and another follows when it expires', async () => {
    const { clock, deliver, close } = withTarget(oauthParameters())
    const results = await Promise.all(Array.from({ length: 20 }, deliver))
    expect(new Set(results.map((result) => JSON.stringify(result)))).toEqual(new Set(['{"answer":"HTTP 204"}']))
    expect(oauth.asked).toHaveLength(1)
    await clock.advance(3_600_000)
    await deliver()
    expect(oauth.asked).toHaveLength(2)
    expect(new Set(received.map(({ authorization }) => authorization)).size).toBe(2)
    close()
  })

  test('a token that the API refuses is asked for again, once', async () => {
    const { deliver, close } = withTarget(oauthParameters())
    await deliver()
    oauth.revokeAll()
    expect(await Promise.all([deliver(), deliver(), deliver()])).toEqual(Array(3).fill({ answer: 'HTTP 204' }))
    expect(oauth.asked).toHaveLength(2)
    refusals = 2
    const before = received.length
    expect(await deliver()).toEqual({ error: 'HTTP 401' })
    expect(received).toHaveLength(before + 2)
    expect(oauth.asked).toHaveLength(3)
    close()
  })

  test('a 401 of Basic or of no authentication is not asked again', async () => {
    const { deliver, close } = withTarget()
    refusals = 1
    expect(await deliver()).toEqual({ error: 'HTTP 401' })
    expect(received).toHaveLength(1)
    close()
  })

  test('a server of tokens that fails is a failed delivery, without the secret and without a request', async () => {
    const { context, deliver, close } = withTarget(oauthParameters('wrong'))
    expect(await deliver()).toEqual({ thrown: 'no access token: HTTP 401 invalid_client' })
    expect(received).toEqual([])
    updateConnection({ ConnectionName: 'own', AuthParameters: oauthParameters() }, context)
    expect(await deliver()).toEqual({ answer: 'HTTP 204' })
    close()
  })
})

describe('of eventbridge.yaml', () => {
  const named = ({ connections, apiDestinations }: Resources) =>
    [...connections.all(), ...apiDestinations.all()].map(({ name }) => name)

  test('they go when they leave it; a connection that an API’s destination uses, with that', () => {
    const { resources, close } = withTarget()
    const created = { ...resources.connections.find('', 'own') }
    applyFiles(resources, fileOf([own(), { ConnectionName: 'other' }], [users()]), 5)
    expect(resources.connections.find('', 'own')).toEqual(created)
    expect(resources.connections.find('', 'other')).toMatchObject({ id: 2, createdAt: 5 })
    const http = { Endpoint: 'http://127.0.0.1/', Method: 'POST' }
    resources.apiDestinations.put({ bus: '', name: 'by-api', createdAt: 0, connection: 'other', http })
    applyFiles(resources, fileOf([], []), 6)
    expect(named(resources)).toEqual(['other', 'by-api'])
    resources.apiDestinations.remove({ bus: '', name: 'by-api' })
    applyFiles(resources, fileOf([], []), 7)
    expect(named(resources)).toEqual([])
    close()
  })
})
