import fs from 'node:fs'
import path from 'node:path'
import {
  createApiDestination,
  createConnection,
  deleteApiDestination,
  deleteConnection,
  getApiDestination,
  getConnection,
  listApiDestinations,
  listConnections,
  updateApiDestination,
  updateConnection,
} from '../../../emulator/api/connections'
import type { ApiContext } from '../../../emulator/api/context'
import { defaultLimits } from '../../../emulator/api/limits'
import { openResources } from '../../../emulator/resources/resources'
import { openStore } from '../../../emulator/store/store'
import { manualClock } from '../../support/manualClock'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
const PUBLIC = { NetworkType: 'PublicNetwork' }
const PRIVATE = { NetworkType: 'PrivateNetwork', VpcId: 'vpc', VswitcheId: 'vsw', SecurityGroupId: 'sg' }
const parameter = { Key: 'name', Value: 'hush', IsValueSecret: 'true' }
/** As terraform's own tests have it: all three kinds, and every field is to come back. */
const allKinds = (AuthorizationType: string) => ({
  AuthorizationType,
  ApiKeyAuthParameters: { ApiKeyName: 'Token', ApiKeyValue: 'Token-value' },
  BasicAuthParameters: { Password: 'admin', Username: 'admin' },
  OAuthParameters: {
    AuthorizationEndpoint: 'http://127.0.0.1:8080',
    ClientParameters: { ClientID: 'ClientId', ClientSecret: 'ClientSecret' },
    HttpMethod: 'POST',
    OAuthHttpParameters: {
      BodyParameters: [parameter],
      HeaderParameters: [parameter],
      QueryStringParameters: [parameter],
    },
  },
})

let context: ApiContext
let file: string
let close: () => void
let count = 0

function open(): void {
  const store = openStore(file)
  const clock = manualClock()
  const connections = { invoke: async () => ({}) }
  const resources = openResources(store.resources, connections, clock.now())
  const rest = { limits: defaultLimits, accountId: '1', region: 'cn-hangzhou', health: { failed() {} }, wake() {} }
  context = { resources, connections, store, clock, ...rest }
  close = store.close
}

beforeEach(() => {
  file = path.join(folder, `${count++}`, 'store.db')
  open()
})
afterEach(() => close())

const make = (ConnectionName: string, others: object = {}) =>
  createConnection({ ConnectionName, NetworkParameters: PUBLIC, ...others }, context)
const makeDestination = (ApiDestinationName: string, others: object = {}) =>
  createApiDestination(
    {
      ...{ ApiDestinationName, ConnectionName: 'own' },
      HttpApiParameters: { Endpoint: 'http://127.0.0.1:8001', Method: 'POST' },
      ...others,
    },
    context,
  )
const read = (ConnectionName = 'own') => getConnection({ ConnectionName }, context).Data.Connections[0]

function codeOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    expect(JSON.stringify(error)).not.toContain('hush')
    expect(String(error)).not.toContain('hush')
    return (error as { status: number; code: string }).status === 409 ? (error as { code: string }).code : error
  }
  return undefined
}

test('a connection is made, told and gone, with the answers that clients read', () => {
  expect(make('own')).toEqual({ Data: { ConnectionName: 'own' } })
  expect(getConnection({ ConnectionName: 'own' }, context)).toEqual({
    Data: {
      Connections: [
        {
          ...{ Id: 1, ConnectionName: 'own', Description: '', Type: 'Http', GmtCreate: context.clock.now() },
          NetworkParameters: PUBLIC,
        },
      ],
    },
  })
  expect(updateConnection({ ConnectionName: 'own', Description: 'd' }, context)).toEqual({})
  expect(deleteConnection({ ConnectionName: 'own' }, context)).toEqual({})
  expect(codeOf(() => read())).toBe('ConnectionNotExist')
})

test('the steps of terraform’s test: what a step does not send stays, and all is told in clear', () => {
  make('own', { NetworkParameters: { ...PUBLIC, VpcId: '', VswitcheId: '', SecurityGroupId: '' } })
  const update = (change: object) => updateConnection({ ConnectionName: 'own', ...change }, context)
  update({ Description: 'first' })
  update({ NetworkParameters: PRIVATE })
  expect(read()).toMatchObject({ Description: 'first', NetworkParameters: PRIVATE })
  update({ AuthParameters: allKinds('API_KEY_AUTH') })
  update({ Description: 'second' })
  const back = { ...PRIVATE, NetworkType: 'PublicNetwork' }
  update({ NetworkParameters: back })
  expect(read()).toMatchObject({
    Description: 'second',
    NetworkParameters: back,
    AuthParameters: allKinds('API_KEY_AUTH'),
  })
  for (const kind of ['BASIC_AUTH', 'OAUTH_AUTH']) {
    update({ AuthParameters: allKinds(kind) })
    expect(read()?.AuthParameters).toEqual(allKinds(kind))
  }
  update({ AuthParameters: {} })
  expect(read()).not.toHaveProperty('AuthParameters')
})

test('what clients write for what they leave out is left out', () => {
  const AuthParameters = {
    ...{ AuthorizationType: 'BASIC_AUTH', BasicAuthParameters: { Username: 'u', Password: 'p' } },
    ApiKeyAuthParameters: { ApiKeyName: null, ApiKeyValue: null },
    OAuthParameters: { ClientParameters: {}, OAuthHttpParameters: {} },
  }
  make('own', { AuthParameters, Parameters: null, Description: null, RegionId: 'cn-hangzhou', ClientToken: 'c' })
  const { AuthorizationType, BasicAuthParameters } = AuthParameters
  expect(read()).toMatchObject({ Description: '', AuthParameters: { AuthorizationType, BasicAuthParameters } })
  expect(Object.keys(read()?.AuthParameters ?? {})).toHaveLength(2)
  make('bare', { AuthParameters: {} })
  expect(read('bare')).not.toHaveProperty('AuthParameters')
})

test('a database’s connection is kept and told again', () => {
  const Parameters = { HostName: 'db', Port: 3306 }
  make('own', { Type: 'MySQL', Parameters, NetworkParameters: PRIVATE })
  expect(read()).toMatchObject({ Type: 'MySQL', Parameters, NetworkParameters: PRIVATE })
})

test('destinations answer as the service does, Date and all', () => {
  make('own')
  make('other')
  expect(makeDestination('users')).toEqual({ Date: { ApiDestinationName: 'users' } })
  const named = { ApiDestinationName: 'users' }
  const told = {
    ...{ ApiDestinationName: 'users', ConnectionName: 'own', Description: '', GmtCreate: context.clock.now() },
    HttpApiParameters: { Endpoint: 'http://127.0.0.1:8001', Method: 'POST' },
  }
  expect(getApiDestination(named, context)).toEqual({ Data: told })
  const HttpApiParameters = { Endpoint: 'http://127.0.0.1:8002', Method: 'GET' }
  expect(updateApiDestination({ ...named, HttpApiParameters }, context)).toEqual(named)
  updateApiDestination({ ...named, Description: 'd', ConnectionName: 'other' }, context)
  const now = { ...told, HttpApiParameters, Description: 'd', ConnectionName: 'other' }
  expect(getApiDestination(named, context)).toEqual({ Data: now })
  expect(codeOf(() => deleteConnection({ ConnectionName: 'other' }, context))).toBe('ConnectionBoundApiDestination')
  expect(deleteApiDestination(named, context)).toEqual({})
  expect(codeOf(() => getApiDestination(named, context))).toBe('ApiDestinationNotExist')
  deleteConnection({ ConnectionName: 'other' }, context)
})

test('lists have pages whose tokens are numbers, and lists even when they are empty', () => {
  expect(listConnections({}, context)).toEqual({ Data: { Connections: [], MaxResults: 10, Total: 0 } })
  expect(listApiDestinations({}, context)).toEqual({ Data: { ApiDestinations: [], MaxResults: 10, Total: 0 } })
  const names = Array.from({ length: 12 }, (_, index) => `c-${String(index).padStart(2, '0')}`)
  for (const name of names) make(name)
  make('own', { Type: 'MySQL' })
  const page = listConnections({ ConnectionNamePrefix: 'c-', NextToken: '0' }, context).Data
  expect(page).toMatchObject({ NextToken: '10', Total: 12, MaxResults: 10 })
  const rest = listConnections({ ConnectionNamePrefix: 'c-', NextToken: '10', MaxResults: '5' }, context).Data
  expect([...page.Connections, ...rest.Connections].map(({ ConnectionName }) => ConnectionName)).toEqual(names)
  expect(rest).not.toHaveProperty('NextToken')
  expect(listConnections({ Type: 'MySQL' }, context).Data).toMatchObject({ Total: 1 })
  makeDestination('d-1')
  makeDestination('d-2', { ConnectionName: 'c-01' })
  expect(listApiDestinations({ ConnectionName: 'c-01' }, context).Data).toMatchObject({ Total: 1 })
  expect(listApiDestinations({ ApiDestinationNamePrefix: 'd-' }, context).Data).toMatchObject({ Total: 2 })
  expect(codeOf(() => listConnections({ MaxResults: 101 }, context))).toBe('LimitSizeInvalid')
  expect(codeOf(() => listConnections({ MaxResults: -1 }, context))).toBe('LimitSizeInvalid')
  expect(codeOf(() => listApiDestinations({ NextToken: 'x' }, context))).toBe('NextTokenInvalid')
})

const long = 'x'.repeat(128)
const basic = (Username?: string, Password?: string) => ({
  AuthParameters: { AuthorizationType: 'BASIC_AUTH', BasicAuthParameters: { Username, Password } },
})
const key = (ApiKeyName: string, ApiKeyValue: string) => ({
  AuthParameters: { AuthorizationType: 'API_KEY_AUTH', ApiKeyAuthParameters: { ApiKeyName, ApiKeyValue } },
})
const oauth = (OAuthParameters: object) => ({
  AuthParameters: {
    AuthorizationType: 'OAUTH_AUTH',
    OAuthParameters: { AuthorizationEndpoint: 'http://127.0.0.1/hush', HttpMethod: 'POST', ...OAuthParameters },
  },
})

test.each<[string, object]>([
  ['RequestParameterInvalid', { ConnectionName: '' }],
  ['RequestParameterInvalid', { ConnectionName: 'a' }],
  ['RequestParameterInvalid', { ConnectionName: 'a b' }],
  ['RequestParameterInvalid', { ConnectionName: long }],
  ['RequestParameterInvalid', { Description: 'x'.repeat(256) }],
  ['RequestParameterInvalid', { Type: 'Oracle' }],
  ['RequestParameterException', { AuthParameters: 'hush' }],
  ['RequestParameterException', { AuthParameters: { Password: 'hush' } }],
  ['NetworkParametersIsNull', { NetworkParameters: undefined }],
  ['NetworkParametersIsNull', { NetworkParameters: {} }],
  ['NetworkTypeIsBlank', { NetworkParameters: { VpcId: 'v' } }],
  ['NetworkTypeIsBlank', { NetworkParameters: { NetworkType: ' ' } }],
  ['ConnectionNetworkParametersInvalid', { NetworkParameters: { NetworkType: 'Vpc' } }],
  ['ConnectionNetworkParametersInvalid', { NetworkParameters: { ...PRIVATE, VswitcheId: '' } }],
  ['ConnectionAuthParametersInvalid', { AuthParameters: { AuthorizationType: 'hush' } }],
  ['BasicRequiredParameterIsEmpty', basic()],
  ['BasicRequiredParameterIsEmpty', basic('u', ' ')],
  ['BasicUserNameLengthExceed', basic(long, 'p')],
  ['BasicPassWordLengthExceed', basic('u', long)],
  ['ApiKeyRequiredParameterIsEmpty', key('a', '')],
  ['ApiKeyNameLengthExceed', key(long, 'a')],
  ['ApiKeyValueLengthExceed', key('a', long)],
  ['ConnectionAuthParametersInvalid', key('a b', 'hush')],
  ['ConnectionAuthParametersInvalid', key('a', 'hush\n')],
  ['ConnectionAuthParametersInvalid', key('Content-Length', '1')],
  ['OAuthRequiredParameterIsEmpty', { AuthParameters: { AuthorizationType: 'OAUTH_AUTH' } }],
  ['OAuthRequiredParameterIsEmpty', oauth({ HttpMethod: '' })],
  ['ConnectionAuthParametersInvalid', oauth({ HttpMethod: 'hush' })],
  ['AuthorizationEndpointLengthExceed', oauth({ AuthorizationEndpoint: `http://127.0.0.1/${long}` })],
  ['ClientIDLengthExceed', oauth({ ClientParameters: { ClientID: long } })],
  ['ClientSecretLengthExceed', oauth({ ClientParameters: { ClientSecret: long } })],
])('%s: a connection of %j, which changes nothing', (code, others) => {
  expect(codeOf(() => make('own', others))).toBe(code)
  make('own')
  const before = read()
  if (!('ConnectionName' in others) && code !== 'NetworkParametersIsNull') {
    expect(codeOf(() => updateConnection({ ConnectionName: 'own', ...others }, context))).toBe(code)
  }
  expect(read()).toEqual(before)
})

test.each<[string, object]>([
  ['RequestParameterInvalid', { ApiDestinationName: 'a.b' }],
  ['ConnectionNotExist', { ConnectionName: 'none' }],
  ['ConnectionNotExist', { ConnectionName: undefined }],
  ['HttpApiParametersIsNull', { HttpApiParameters: undefined }],
  ['EndpointIsBlank', { HttpApiParameters: { Method: 'POST' } }],
  ['EndpointLengthExceed', { HttpApiParameters: { Endpoint: `http://127.0.0.1/${long}`, Method: 'POST' } }],
  ['ApiDestinationParametersInvalid', { HttpApiParameters: { Endpoint: 'hush', Method: 'POST' } }],
  ['ApiDestinationParametersInvalid', { HttpApiParameters: { Endpoint: 'ftp://hush', Method: 'POST' } }],
  ['ApiDestinationParametersInvalid', { HttpApiParameters: { Endpoint: 'http://127.0.0.1', Method: 'OPTIONS' } }],
])('%s: a destination of %j', (code, others) => {
  make('own')
  expect(codeOf(() => makeDestination('users', others))).toBe(code)
  expect(listApiDestinations({}, context).Data.Total).toBe(0)
})

test('what is not there, or there already, is refused', () => {
  make('own')
  makeDestination('users')
  expect(codeOf(() => make('own'))).toBe('ConnectionAlreadyExist')
  expect(codeOf(() => makeDestination('users'))).toBe('ApiDestinationAlreadyExist')
  for (const act of [updateConnection, getConnection, deleteConnection]) {
    expect(codeOf(() => act({ ConnectionName: 'none' }, context))).toBe('ConnectionNotExist')
    expect(codeOf(() => act({}, context))).toBe('ConnectionNotExist')
  }
  for (const act of [updateApiDestination, getApiDestination, deleteApiDestination]) {
    expect(codeOf(() => act({ ApiDestinationName: 'none' }, context))).toBe('ApiDestinationNotExist')
  }
})

test('they are there after a restart, in a file for its owner alone', () => {
  make('own', { AuthParameters: allKinds('BASIC_AUTH') })
  makeDestination('users')
  const before = [read(), listApiDestinations({}, context)]
  for (const name of fs.readdirSync(path.dirname(file))) {
    expect([name, fs.statSync(path.join(path.dirname(file), name)).mode & 0o077]).toEqual([name, 0])
  }
  close()
  fs.chmodSync(file, 0o644)
  open()
  expect([read(), listApiDestinations({}, context)]).toEqual(before)
  expect(fs.statSync(file).mode & 0o077).toBe(0)
  make('second')
  expect(read('second')).toMatchObject({ Id: 2 })
})
