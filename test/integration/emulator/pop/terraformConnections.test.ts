import { emulators } from '../../../support/emulator'
import { openApiClient } from '../../../support/popClients'
import { runSteps } from '../../../support/popSteps'

/*
 * As terraform.test.ts: connections and API destinations. The provider sends of an update what has changed, and nothing else.
 * https://github.com/aliyun/terraform-provider-alicloud, resource_alicloud_event_bridge_connection.go
 */

const startEmulator = emulators()
const json = (value: object) => JSON.stringify(value)
const named = { ConnectionName: 'tf-conn' }
const bare = { NetworkType: 'PublicNetwork', VpcId: '', VswitcheId: '', SecurityGroupId: '' }
const inVpc = { NetworkType: 'PrivateNetwork', VpcId: 'vpc', VswitcheId: 'vsw', SecurityGroupId: 'sg' }
const parameter = [{ Key: 'name', Value: 'name', IsValueSecret: 'true' }]
const auth = (AuthorizationType: string) => ({
  AuthorizationType,
  ApiKeyAuthParameters: { ApiKeyName: 'Token', ApiKeyValue: 'Token-value' },
  BasicAuthParameters: { Username: 'admin', Password: 'admin' },
  OAuthParameters: {
    AuthorizationEndpoint: 'http://127.0.0.1:8080',
    HttpMethod: 'POST',
    ClientParameters: { ClientID: 'ClientId', ClientSecret: 'ClientSecret' },
    OAuthHttpParameters: { BodyParameters: parameter, HeaderParameters: parameter, QueryStringParameters: parameter },
  },
})
/** No Success in this family's answers. */
const success = { Code: 'Success', Message: 'success' }
const updated = { Code: '200' }
const read = (fields: object) => ({ ...success, Data: { Connections: [{ ...named, ...fields }] } })

test('a connection and its destination, from apply to destroy', async () => {
  const emulator = await startEmulator()
  const destination = { ApiDestinationName: 'tf-dest' }
  const [first, second] = [8001, 8002].map((port) => ({ Endpoint: `http://127.0.0.1:${port}`, Method: 'POST' }))
  await runSteps(emulator, [
    ['CreateConnection', { ...named, NetworkParameters: json(bare) }, { ...success, Data: named }],
    ['GetConnection', named, read({ NetworkParameters: bare, Description: '', Type: 'Http' })],
    ['UpdateConnection', { ...named, Description: 'd' }, updated],
    ['UpdateConnection', { ...named, NetworkParameters: json(inVpc) }, updated],
    ['UpdateConnection', { ...named, AuthParameters: json(auth('API_KEY_AUTH')) }, updated],
    [
      'GetConnection',
      named,
      read({ Description: 'd', NetworkParameters: inVpc, AuthParameters: auth('API_KEY_AUTH') }),
    ],
    ['UpdateConnection', { ...named, Description: 'e' }, updated],
    ['UpdateConnection', { ...named, AuthParameters: json(auth('OAUTH_AUTH')) }, updated],
    ['GetConnection', named, read({ Description: 'e', NetworkParameters: inVpc, AuthParameters: auth('OAUTH_AUTH') })],
    [
      'CreateApiDestination',
      { ...destination, ...named, HttpApiParameters: json(first ?? {}) },
      { ...success, Date: destination },
    ],
    ['UpdateApiDestination', { ...destination, HttpApiParameters: json(second ?? {}) }, { ...success, ...destination }],
    ['GetApiDestination', destination, { ...success, Data: { ...destination, ...named, HttpApiParameters: second } }],
    ['ListConnections', {}, { ...success, Data: { Total: 1, MaxResults: 10, Connections: [named] } }],
    ['ListApiDestinations', {}, { ...success, Data: { Total: 1, MaxResults: 10, ApiDestinations: [destination] } }],
  ])
  const call = openApiClient(emulator)
  const codeOf = (action: string, parameters: object) =>
    call(action, { ...parameters }).then(
      () => 'Success',
      (error: { code: string; data?: { Code?: string } }) => error.data?.Code ?? error.code,
    )
  expect(await codeOf('DeleteConnection', named)).toBe('ConnectionBoundApiDestination')
  expect(await codeOf('DeleteApiDestination', destination)).toBe('Success')
  expect(await codeOf('DeleteConnection', named)).toBe('Success')
  expect(await codeOf('GetConnection', named)).toBe('ConnectionNotExist')
  expect(await codeOf('GetApiDestination', destination)).toBe('ApiDestinationNotExist')
  expect(emulator.logged).toEqual([])
})
