import { stringify } from 'yaml'
import { readEventBridgeFiles } from '../../../../emulator/config/readEventBridgeFile'
import { compileApiDestinationTarget } from '../../../../emulator/targets/apiDestinationTarget'
import type { TargetParam } from '../../../../emulator/transform/compileTransform'
import { startServer, type TestServer } from '../../../support/rawHttp'

interface Received {
  method: string | undefined
  url: string | undefined
  headers: Record<string, unknown>
  body: string
}

let server: TestServer
let status = 201
const received: Received[] = []

beforeAll(async () => {
  server = await startServer(async (req, res) => {
    const chunks = (await req.toArray()) as Buffer[]
    const { method, url, headers } = req
    received.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') })
    res.writeHead(status).end()
  })
})

beforeEach(() => {
  received.length = 0
  status = 201
})

afterAll(() => server.close())

const connections = { invoke: async () => ({}) }
const nameParam = { ResourceKey: 'Name', Form: 'CONSTANT', Value: 'users' }
const constant = (ResourceKey: string, Value: string) => ({ ResourceKey, Form: 'CONSTANT', Value })
const fromEvent = (ResourceKey: string, Template: string) => ({
  ResourceKey,
  Form: 'TEMPLATE',
  Value: '{"id":"$.data.id","none":"$.data.none"}',
  Template,
})

const basic = { AuthorizationType: 'BASIC_AUTH', BasicAuthParameters: { Username: 'me', Password: 'p:ä' } }
const apiKey = {
  AuthorizationType: 'API_KEY_AUTH',
  ApiKeyAuthParameters: { ApiKeyName: 'Authorization', ApiKeyValue: 'Bearer t' },
}

const oauth = (AuthorizationEndpoint: string) => ({
  AuthorizationType: 'OAUTH_AUTH',
  OAuthParameters: { AuthorizationEndpoint, HttpMethod: 'POST' },
})

const fileWith = (own: object, http: object = {}) => ({
  EventBusName: 'bus',
  Connections: [{ ConnectionName: 'own', ...own }],
  ApiDestinations: [
    {
      ApiDestinationName: 'users',
      ConnectionName: 'own',
      HttpApiParameters: { Endpoint: `http://127.0.0.1:${server.port}/Users?a=1`, Method: 'POST', ...http },
    },
  ],
  Rules: [],
})
const read = (file: object) => readEventBridgeFiles(stringify(file), 'eventbridge.yaml', connections)[0]

function deliver(params: TargetParam[], file: object = fileWith({ AuthParameters: apiKey })) {
  const {
    apiDestinations,
    connections: [own],
  } = read(file)
  const endpoint = 'acs:api-destination:cn-hangzhou:123456789012:name/users'
  const apiDestination = (name: string) => {
    const { http } = apiDestinations.find((other) => other.name === name) ?? { http: { Endpoint: '', Method: '' } }
    return { endpoint: http.Endpoint, method: http.Method, auth: own?.auth }
  }
  const target = compileApiDestinationTarget(endpoint, [nameParam, ...params], { ...connections, apiDestination })
  return target.deliver('{"id":"e","data":{"id":"u 1"}}')
}

test('body, headers and query are of the event, method, address and authentication of the destination', async () => {
  const result = await deliver([
    fromEvent('BodyParameters', '{"userName":"${id}"}'),
    fromEvent('HeaderParameters', '{"x-id":"${id}","Content-Type":"application/scim+json","authorization":"mine"}'),
    fromEvent('QueryStringParameters', '{"who":"${id}","n":1}'),
  ])
  expect(result).toEqual({ answer: 'HTTP 201' })
  expect(received).toEqual([
    {
      method: 'POST',
      url: '/Users?a=1&who=u+1&n=1',
      headers: expect.objectContaining({
        'x-id': 'u 1',
        'content-type': 'application/scim+json',
        authorization: 'Bearer t',
      }),
      body: '{"userName":"u 1"}',
    },
  ])
})

test.each(['GET', 'POST', 'HEAD', 'DELETE', 'PUT', 'PATCH'])('%s', async (Method) => {
  await deliver([constant('BodyParameters', '{}')], fileWith({}, { Method }))
  const body = Method === 'GET' || Method === 'HEAD' ? '' : '{}'
  expect(received).toMatchObject([{ method: Method, body }])
  expect(received[0]?.headers).not.toHaveProperty('authorization')
})

test('Basic is base64 of user and password', async () => {
  await deliver([], fileWith({ AuthParameters: basic }))
  expect(received[0]?.headers['authorization']).toBe(`Basic ${Buffer.from('me:p:ä').toString('base64')}`)
})

test.each([301, 400, 409, 503])('an answer of %d is a failure', async (answer) => {
  status = answer
  expect(await deliver([])).toEqual({ error: `HTTP ${answer}` })
})

test.each<[string, TargetParam, string]>([
  ['no JSON', fromEvent('HeaderParameters', '{"x": ${none}}'), 'HeaderParameters: is no JSON object for this event'],
  ['a list', constant('QueryStringParameters', '["a"]'), 'QueryStringParameters: is no JSON object for this event'],
  ['an object in it', constant('HeaderParameters', '{"x":{}}'), 'HeaderParameters: a value is no text for this event'],
])('%s in place of texts by name', async (_, param, message) => {
  await expect(deliver([param])).rejects.toThrow(message)
  expect(received).toEqual([])
})

const notAHeader = /^HeaderParameters: a name or a value is none that a header can have, for this event$/
test.each<[string, string, RegExp]>([
  ['a name that is no token', '{"小明 1":"a"}', notAHeader],
  ['a value beyond Latin 1', '{"x-name":"小明"}', notAHeader],
  ['a value of two lines', '{"x-name":"a\\r\\nx-evil: 1"}', notAHeader],
  ['where its body ends', '{"x":"a","Transfer-Encoding":"chunked"}', /^HeaderParameters: transfer-encoding is the/],
  ['another host', '{"x":"a","host":"example.org"}', /^HeaderParameters: host is the request's own$/],
])('a header of an event that is %s is an error, which quotes nothing of it', async (_, template, message) => {
  await expect(deliver([fromEvent('HeaderParameters', template)])).rejects.toThrow(message)
  expect(received).toEqual([])
})

test.each<[string, string, TargetParam[], string]>([
  [
    'another form of address',
    'acs:fc:cn-hangzhou:1:functions/f',
    [nameParam],
    'Endpoint: must be acs:api-destination:',
  ],
  ['two names', 'acs:api-destination:r:1:name/others', [nameParam], 'Name: is users, and Endpoint has others'],
  ['no name', 'acs:api-destination:r:1:name/users', [], 'Name is missing'],
  [
    'a path of the event',
    'acs:api-destination:r:1:name/users',
    [nameParam, constant('PathParameters', 'x')],
    'PathParameters is no parameter of acs.api.destination',
  ],
])('%s is refused', (_, endpoint, params, message) => {
  const apiDestination = () => ({ endpoint: '', method: 'POST' })
  expect(() => compileApiDestinationTarget(endpoint, params, { ...connections, apiDestination })).toThrow(message)
})

test('of a file, a target names a destination of the file', () => {
  const elsewhere = { ...ruleTo('ENABLE'), Targets: ruleTo('ENABLE').Targets.map((target) => renamed(target)) }
  expect(() => read({ ...fileWith({}), Rules: [elsewhere] })).toThrow(/Name: others is none of the ApiDestinations/)
})

const ruleTo = (Status: string) => ({
  RuleName: 'rule',
  Status,
  FilterPattern: {},
  Targets: [
    {
      Id: 'a',
      Type: 'acs.api.destination',
      Endpoint: 'acs:api-destination:cn-hangzhou:123456789012:name/users',
      ParamList: [nameParam],
    },
  ],
})

function renamed<T extends { Endpoint: string }>(target: T) {
  const Endpoint = target.Endpoint.replace('users', 'others')
  return { ...target, Endpoint, ParamList: [{ ...nameParam, Value: 'others' }] }
}

test.each<[string, () => object, RegExp]>([
  [
    'another kind',
    () => fileWith({ AuthParameters: { AuthorizationType: 'TOKEN' } }),
    /BASIC_AUTH, API_KEY_AUTH or OAUTH/,
  ],
  [
    'OAuth without a place',
    () => fileWith({ AuthParameters: { AuthorizationType: 'OAUTH_AUTH' } }),
    /authorizationEndpoint/,
  ],
  [
    'OAuth elsewhere',
    () => fileWith({ AuthParameters: oauth('https://1.2.3.4/token') }),
    /:\d+:\d+ .*its host is not this machine/,
  ],
  ['OAuth nowhere', () => fileWith({ AuthParameters: oauth('token') }), /AuthorizationEndpoint: must be a URL/],
  ['half a private network', () => fileWith({ NetworkParameters: { NetworkType: 'PrivateNetwork' } }), /needs VpcId/],
  ['another type', () => fileWith({ Type: 'Oracle' }), /Type: must be one of Http, MySQL/],
  ['a slip of the pen', () => fileWith({ AuthParameters: { AuthorisationType: 'BASIC_AUTH' } }), /AuthorisationType/],
  ['a short name', () => ({ ...fileWith({}), Connections: [{ ConnectionName: 'o' }] }), /2 to 127 letters/],
  [
    'authentication without what it needs',
    () => fileWith({ AuthParameters: { AuthorizationType: 'API_KEY_AUTH' } }),
    /apiKeyName and apiKeyValue/,
  ],
  [
    'a value with a line break',
    () => fileWith({ AuthParameters: { ...apiKey, ApiKeyAuthParameters: { ApiKeyName: 'a', ApiKeyValue: 'b\nc' } } }),
    /what a header can hold/,
  ],
  ['another method', () => fileWith({}, { Method: 'OPTIONS' }), /must be GET, POST, HEAD, DELETE, PUT, PATCH/],
  ['no address', () => fileWith({}, { Endpoint: 'users' }), /:\d+:\d+ .*Endpoint: must be a URL/],
  ['a host elsewhere', () => fileWith({}, { Endpoint: 'https://1.2.3.4/' }), /its host is not this machine/],
  ['a connection that is not there', () => ({ ...fileWith({}), Connections: [] }), /own is none of the Connections/],
  [
    'a name twice',
    () => ({ ...fileWith({}), Connections: [{ ConnectionName: 'own' }, { ConnectionName: 'own' }] }),
    /own is given twice/,
  ],
])('%s in the file is refused', (_, file, message) => {
  expect(() => read(file())).toThrow(message)
})

describe('a login or key that a variable holds', () => {
  const secretly = (own: object, status: string, variables: Record<string, string>) => {
    const file = { ...fileWith({ AuthParameters: own }), Rules: [ruleTo(status)] }
    return readEventBridgeFiles(stringify(file), 'eventbridge.yaml', connections, variables)[0]
  }
  const { ApiKeyName } = apiKey.ApiKeyAuthParameters
  const hidden = { ...apiKey, ApiKeyAuthParameters: { ApiKeyName, ApiKeyValue: 'Bearer ${SCIM_TOKEN}' } }

  test('is filled in, and said to be', () => {
    const key = secretly(hidden, 'DISABLE', { SCIM_TOKEN: 't' })
    expect(key.connections).toMatchObject([{ auth: apiKey }])
    expect(key.filledIn).toEqual({ SCIM_TOKEN: 't' })
    const login = { ...basic, BasicAuthParameters: { Username: '${WHO}', Password: '${WORD}' } }
    const { connections: filled } = secretly(login, 'DISABLE', { WHO: 'me', WORD: 'p:ä' })
    expect(filled).toMatchObject([{ auth: basic }])
  })

  test('and has no value is told where a rule in use needs it', () => {
    expect(() => secretly(hidden, 'ENABLE', {})).toThrow(/\$\{SCIM_TOKEN\} has no value: set SCIM_TOKEN in the shell/)
    expect(() => secretly(hidden, 'DISABLE', {})).not.toThrow()
  })
})
