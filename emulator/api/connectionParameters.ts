import * as z from 'zod/mini'
import { isObject } from '../../shared/json'
import type { NetworkParameters } from '../resources/definitions'
import type { OAuthParameters } from '../targets/accessTokens'
import type { AuthParameters } from '../targets/authentication'
import { canBeHeader } from '../targets/headers'
import { ApiError } from './refusal'

/*
 * What connections and API destinations are made of, as their operations and eventbridge.yaml take it. The codes are those of
 * apache/rocketmq-eventbridge: the service's own pages have a few of them.
 */

const text = z.optional(z.string())
const parameters = z.optional(
  z.array(z.strictObject({ Key: text, Value: text, IsValueSecret: z.optional(z.union([z.string(), z.boolean()])) })),
)

/** All that is given is kept and told again, whichever of it counts. */
export const authParameters = z.strictObject({
  AuthorizationType: text,
  BasicAuthParameters: z.optional(z.strictObject({ Username: text, Password: text })),
  ApiKeyAuthParameters: z.optional(z.strictObject({ ApiKeyName: text, ApiKeyValue: text })),
  OAuthParameters: z.optional(
    z.strictObject({
      AuthorizationEndpoint: text,
      HttpMethod: text,
      ClientParameters: z.optional(z.strictObject({ ClientID: text, ClientSecret: text })),
      OAuthHttpParameters: z.optional(
        z.strictObject({ HeaderParameters: parameters, BodyParameters: parameters, QueryStringParameters: parameters }),
      ),
    }),
  ),
})

export const networkParameters = z.strictObject({
  NetworkType: text,
  VpcId: text,
  VswitcheId: text,
  SecurityGroupId: text,
})

export const httpApiParameters = z.strictObject({ Endpoint: text, Method: text })

/** Without what is null, and without objects that have nothing: so clients write what they leave out. */
export function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing)
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([name, member]) => [name, withoutNothing(member)] as const)
  return Object.fromEntries(members.filter(([, member]) => member !== null && !isEmpty(member)))
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && !Array.isArray(value) && Object.keys(value).length === 0
}

/** @throws ApiError */
export function checkName(what: 'ConnectionName' | 'ApiDestinationName', name: string): void {
  if (/^[A-Za-z0-9_-]{2,127}$/.test(name)) return
  throw invalidRequest(`${what}: must have 2 to 127 letters, digits, _ and -`)
}

/** @throws ApiError */
export function checkDescription(description: string | undefined): void {
  if ((description?.length ?? 0) > 255) throw invalidRequest('Description: may have 255 characters')
}

function invalidRequest(reason: string): ApiError {
  return new ApiError(409, 'RequestParameterInvalid', `The request parameter is invalid. ${reason}`)
}

const CONNECTION_TYPES = ['Http', 'MySQL', 'PostgreSQL', 'Elasticsearch']

/** @throws ApiError */
export function checkType(type: string | undefined): void {
  if (type && !CONNECTION_TYPES.includes(type)) {
    throw invalidRequest(`Type: must be one of ${CONNECTION_TYPES.join(', ')}`)
  }
}

/** @throws ApiError */
export function checkNetwork(network: z.infer<typeof networkParameters> | undefined): NetworkParameters {
  if (network === undefined) throw new ApiError(409, 'NetworkParametersIsNull', 'NetworkParameters is null !')
  const { NetworkType = '', VpcId, VswitcheId, SecurityGroupId } = network
  if (NetworkType.trim() === '') throw new ApiError(409, 'NetworkTypeIsBlank', 'NetworkType is blank !')
  if (NetworkType !== 'PublicNetwork' && NetworkType !== 'PrivateNetwork') {
    throw invalidNetwork('NetworkType: must be PublicNetwork or PrivateNetwork')
  }
  if (NetworkType === 'PrivateNetwork' && !(VpcId && VswitcheId && SecurityGroupId)) {
    throw invalidNetwork('PrivateNetwork needs VpcId, VswitcheId and SecurityGroupId')
  }
  return { ...network, NetworkType }
}

function invalidNetwork(reason: string): ApiError {
  const message = `The network parameters of Connection is invalid! ${reason}`
  return new ApiError(409, 'ConnectionNetworkParametersInvalid', message)
}

const METHODS = ['GET', 'POST', 'HEAD', 'DELETE', 'PUT', 'PATCH']
const MOST = 127

/** Checks the kind that counts, and no other. @throws ApiError that quotes nothing of it */
export function checkAuth(auth: AuthParameters): void {
  switch (auth.AuthorizationType) {
    case undefined:
    case '':
      return
    case 'BASIC_AUTH':
      checkBasic(auth.BasicAuthParameters ?? {})
      return
    case 'API_KEY_AUTH':
      checkApiKey(auth.ApiKeyAuthParameters ?? {})
      return
    case 'OAUTH_AUTH':
      checkOAuth(auth.OAuthParameters ?? {})
      return
    default:
      throw invalidAuth('AuthorizationType: must be BASIC_AUTH, API_KEY_AUTH or OAUTH_AUTH')
  }
}

function checkBasic({ Username = '', Password = '' }: NonNullable<AuthParameters['BasicAuthParameters']>): void {
  refuseBlank('Basic', 'username and password', [Username, Password])
  refuseLong(Username, 'BasicUserNameLengthExceed', 'Basic username')
  refuseLong(Password, 'BasicPassWordLengthExceed', 'Basic password')
}

function checkApiKey(given: NonNullable<AuthParameters['ApiKeyAuthParameters']>): void {
  const { ApiKeyName = '', ApiKeyValue = '' } = given
  refuseBlank('ApiKey', 'apiKeyName and apiKeyValue', [ApiKeyName, ApiKeyValue])
  refuseLong(ApiKeyName, 'ApiKeyNameLengthExceed', 'Api key name')
  refuseLong(ApiKeyValue, 'ApiKeyValueLengthExceed', 'Api key value')
  if (!canBeHeader(ApiKeyName, 'a')) throw invalidAuth('ApiKeyName: must be the name of a header')
  if (!canBeHeader(ApiKeyName, ApiKeyValue)) throw invalidAuth('ApiKeyValue: must be what a header can hold')
}

function checkOAuth({ AuthorizationEndpoint = '', HttpMethod = '', ClientParameters }: OAuthParameters): void {
  const { ClientID = '', ClientSecret = '' } = ClientParameters ?? {}
  refuseBlank('OAuth', 'authorizationEndpoint and httpMethod', [AuthorizationEndpoint, HttpMethod])
  refuseLong(AuthorizationEndpoint, 'AuthorizationEndpointLengthExceed', 'Authorization endpoint')
  refuseLong(ClientID, 'ClientIDLengthExceed', 'ClientID')
  refuseLong(ClientSecret, 'ClientSecretLengthExceed', 'ClientSecret')
  if (!METHODS.includes(HttpMethod)) throw invalidAuth(`HttpMethod: must be one of ${METHODS.join(', ')}`)
}

function refuseBlank(kind: 'Basic' | 'ApiKey' | 'OAuth', needed: string, values: readonly string[]): void {
  if (values.every((value) => value.trim() !== '')) return
  const message = `${kind} required parameters are empty, the required parameters are ${needed} !`
  throw new ApiError(409, `${kind}RequiredParameterIsEmpty`, message)
}

function refuseLong(value: string, code: string, what: string): void {
  if (value.length > MOST) throw new ApiError(409, code, `${what} length cannot exceed ${MOST} !`)
}

function invalidAuth(reason: string): ApiError {
  return new ApiError(409, 'ConnectionAuthParametersInvalid', `The auth parameters of Connection is invalid! ${reason}`)
}

/** @throws ApiError */
export function checkHttpApi(given: z.infer<typeof httpApiParameters> | undefined): {
  Endpoint: string
  Method: string
} {
  if (given === undefined) throw new ApiError(409, 'HttpApiParametersIsNull', 'HttpApiParameters is null !')
  const { Endpoint = '', Method = '' } = given
  if (Endpoint.trim() === '') throw new ApiError(409, 'EndpointIsBlank', 'Endpoint is blank !')
  refuseLong(Endpoint, 'EndpointLengthExceed', 'Endpoint')
  if (!METHODS.includes(Method)) throw invalidHttpApi(`Method: must be ${METHODS.join(', ')}`)
  if (!URL.canParse(Endpoint) || !/^https?:/i.test(Endpoint)) {
    throw invalidHttpApi('Endpoint: must be a URL that begins with http:// or https://')
  }
  return { Endpoint, Method }
}

function invalidHttpApi(reason: string): ApiError {
  const message = `The api-destination parameters is invalid! ${reason}`
  return new ApiError(409, 'ApiDestinationParametersInvalid', message)
}
