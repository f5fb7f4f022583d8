import * as z from 'zod/mini'
import { type ApiDestinationDefinition, type ConnectionDefinition, NO_BUS } from '../resources/definitions'
import type { Resources } from '../resources/resources'
import {
  authParameters,
  checkAuth,
  checkDescription,
  checkHttpApi,
  checkName,
  checkNetwork,
  checkType,
  httpApiParameters,
  networkParameters,
  withoutNothing,
} from './connectionParameters'
import type { ApiContext } from './context'
import { name, parseInput } from './readRequest'
import { ApiError } from './refusal'

/*
 * Connections, and the API destinations that use them:
 * https://help.aliyun.com/en/eventbridge/developer-reference/api-eventbridge-2020-04-01-createconnection. They belong to
 * no bus. Secrets are told again as they were given, as the service tells them.
 */

const connectionRequest = z.object({
  ConnectionName: name,
  Description: z.optional(z.string()),
  Type: z.optional(z.string()),
  NetworkParameters: z.optional(networkParameters),
  AuthParameters: z.optional(authParameters),
  Parameters: z.optional(z.record(z.string(), z.unknown())),
})
const connectionName = z.object({ ConnectionName: name })
const destinationRequest = z.object({
  ApiDestinationName: name,
  ConnectionName: z.optional(z.string()),
  Description: z.optional(z.string()),
  HttpApiParameters: z.optional(httpApiParameters),
})
const destinationName = z.object({ ApiDestinationName: name })
const paging = { MaxResults: z.optional(z.union([z.number(), z.string()])), NextToken: z.optional(z.string()) }
const listConnectionsRequest = z.object({ ConnectionNamePrefix: name, Type: name, ...paging })
const listDestinationsRequest = z.object({ ApiDestinationNamePrefix: name, ConnectionName: name, ...paging })

export function createConnection(request: unknown, { resources, clock }: ApiContext) {
  const { ConnectionName, NetworkParameters, ...given } = read(connectionRequest, request)
  checkName('ConnectionName', ConnectionName)
  if (resources.connections.find(NO_BUS, ConnectionName) !== undefined) {
    throw new ApiError(409, 'ConnectionAlreadyExist', `The Connection [${ConnectionName}] already existed!`)
  }
  resources.connections.put({
    ...{ bus: NO_BUS, name: ConnectionName, id: nextId(resources), createdAt: clock.now(), type: 'Http' },
    network: checkNetwork(NetworkParameters),
    ...connectionChanges(given),
  })
  return { Data: { ConnectionName } }
}

/** Changes what is given and leaves the rest; AuthParameters as a whole, and {} are none. Terraform sends no more. */
export function updateConnection(request: unknown, { resources }: ApiContext) {
  const { ConnectionName, NetworkParameters, ...given } = read(connectionRequest, request, ['AuthParameters'])
  const { auth, ...older } = existingConnection(resources, ConnectionName)
  const isAuthLeft = given.AuthParameters === undefined && auth !== undefined
  resources.connections.put({
    ...older,
    ...(isAuthLeft && { auth }),
    ...(NetworkParameters !== undefined && { network: checkNetwork(NetworkParameters) }),
    ...connectionChanges(given),
  })
  return {}
}

export function getConnection(request: unknown, { resources }: ApiContext) {
  const { ConnectionName } = read(connectionName, request)
  return { Data: { Connections: [describeConnection(existingConnection(resources, ConnectionName))] } }
}

export function listConnections(request: unknown, { resources, limits }: ApiContext) {
  const { ConnectionNamePrefix, Type, ...asked } = read(listConnectionsRequest, request)
  const all = resources.connections.all().filter(({ name: own, type }) => {
    return own.startsWith(ConnectionNamePrefix) && (Type === '' || Type === type)
  })
  const { page, answer } = pageOf(all, asked, limits.pageSize)
  return { Data: { Connections: page.map(describeConnection), ...answer } }
}

export function deleteConnection(request: unknown, { resources }: ApiContext) {
  const { ConnectionName } = read(connectionName, request)
  const definition = existingConnection(resources, ConnectionName)
  if (resources.apiDestinations.all().some(({ connection }) => connection === ConnectionName)) {
    const message = `The Connection [${ConnectionName}] has bound API Destination, deletion is not allowed.`
    throw new ApiError(409, 'ConnectionBoundApiDestination', message)
  }
  resources.connections.remove(definition)
  return {}
}

export function createApiDestination(request: unknown, { resources, clock }: ApiContext) {
  const { ApiDestinationName, ConnectionName = '', HttpApiParameters, ...given } = read(destinationRequest, request)
  checkName('ApiDestinationName', ApiDestinationName)
  if (resources.apiDestinations.find(NO_BUS, ApiDestinationName) !== undefined) {
    throw new ApiError(
      409,
      'ApiDestinationAlreadyExist',
      `The api-destination [${ApiDestinationName}] already existed!`,
    )
  }
  resources.apiDestinations.put({
    ...{ bus: NO_BUS, name: ApiDestinationName, createdAt: clock.now() },
    connection: existingConnection(resources, ConnectionName).name,
    http: checkHttpApi(HttpApiParameters),
    ...describedAs(given.Description),
  })
  // so the service spells it
  return { Date: { ApiDestinationName } }
}

/** Changes what is given and leaves the rest. */
export function updateApiDestination(request: unknown, { resources }: ApiContext) {
  const { ApiDestinationName, ConnectionName, HttpApiParameters, ...given } = read(destinationRequest, request)
  const older = existingDestination(resources, ApiDestinationName)
  resources.apiDestinations.put({
    ...older,
    ...(ConnectionName && { connection: existingConnection(resources, ConnectionName).name }),
    ...(HttpApiParameters !== undefined && { http: checkHttpApi({ ...older.http, ...HttpApiParameters }) }),
    ...describedAs(given.Description),
  })
  return { ApiDestinationName }
}

export function getApiDestination(request: unknown, { resources }: ApiContext) {
  const { ApiDestinationName } = read(destinationName, request)
  return { Data: describeDestination(existingDestination(resources, ApiDestinationName)) }
}

export function listApiDestinations(request: unknown, { resources, limits }: ApiContext) {
  const { ApiDestinationNamePrefix, ConnectionName, ...asked } = read(listDestinationsRequest, request)
  const all = resources.apiDestinations.all().filter(({ name: own, connection }) => {
    return own.startsWith(ApiDestinationNamePrefix) && (ConnectionName === '' || ConnectionName === connection)
  })
  const { page, answer } = pageOf(all, asked, limits.pageSize)
  return { Data: { ApiDestinations: page.map(describeDestination), ...answer } }
}

/** What rules deliver to it fails from now on, and says why. */
export function deleteApiDestination(request: unknown, { resources }: ApiContext) {
  const { ApiDestinationName } = read(destinationName, request)
  resources.apiDestinations.remove(existingDestination(resources, ApiDestinationName))
  return {}
}

/**
 * What else a client sends, such as RegionId or ClientToken, is its own business.
 * @param emptied members that are something when they are {}
 * @throws ApiError that quotes no value
 */
function read<T>(schema: z.ZodMiniType<T>, request: unknown, emptied: readonly string[] = []): T {
  const given = (request ?? {}) as Record<string, unknown>
  const empty = emptied.filter((member) => JSON.stringify(given[member]) === '{}').map((member) => [member, {}])
  const parsed = parseInput(schema, { ...(withoutNothing(given) as object), ...Object.fromEntries(empty) })
  if ('data' in parsed) return parsed.data
  throw new ApiError(409, 'RequestParameterException', `Request parameter exception. ${parsed.faults.join('; ')}`)
}

type ConnectionChanges = Pick<
  z.infer<typeof connectionRequest>,
  'Description' | 'Type' | 'AuthParameters' | 'Parameters'
>

/** @throws ApiError */
function connectionChanges({ Description, Type, AuthParameters, Parameters }: ConnectionChanges) {
  checkType(Type)
  if (AuthParameters !== undefined) checkAuth(AuthParameters)
  const hasAuth = AuthParameters !== undefined && Object.keys(AuthParameters).length > 0
  return {
    ...describedAs(Description),
    ...(Type && { type: Type }),
    ...(hasAuth && { auth: AuthParameters }),
    ...(Parameters !== undefined && { parameters: Parameters }),
  }
}

/** @throws ApiError */
function describedAs(description: string | undefined) {
  checkDescription(description)
  return description === undefined ? {} : { description }
}

export function nextId({ connections }: Resources): number {
  return Math.max(0, ...connections.all().map(({ id }) => id)) + 1
}

/** @throws ApiError */
function existingConnection({ connections }: Resources, own: string): ConnectionDefinition {
  const definition = connections.find(NO_BUS, own)
  if (definition !== undefined) return definition
  throw new ApiError(409, 'ConnectionNotExist', `The Connection [${own}] not existed!`)
}

/** @throws ApiError */
function existingDestination({ apiDestinations }: Resources, own: string): ApiDestinationDefinition {
  const definition = apiDestinations.find(NO_BUS, own)
  if (definition !== undefined) return definition
  throw new ApiError(409, 'ApiDestinationNotExist', `The api-destination [${own}] not existed!`)
}

function describeConnection({ id, name: own, type, network, auth, parameters, ...times }: ConnectionDefinition) {
  return {
    ...{ Id: id, ConnectionName: own, Description: times.description ?? '', GmtCreate: times.createdAt, Type: type },
    NetworkParameters: network,
    // clients stumble over a null
    ...(auth !== undefined && { AuthParameters: auth }),
    ...(parameters !== undefined && { Parameters: parameters }),
  }
}

function describeDestination({ name: own, connection, http, ...times }: ApiDestinationDefinition) {
  return {
    ...{ ApiDestinationName: own, ConnectionName: connection, Description: times.description ?? '' },
    ...{ GmtCreate: times.createdAt, HttpApiParameters: http },
  }
}

/** A page that begins after so many, as these lists have it: the token is that number. @throws ApiError */
function pageOf<T>(
  all: readonly T[],
  asked: { MaxResults?: number | string | undefined; NextToken?: string | undefined },
  most: number,
) {
  const size = Number(asked.MaxResults || 10)
  if (!Number.isInteger(size) || size < 1 || size > most) {
    const message = `The limit size of page is invalid, which must greater than 0 and not greater than [${most}].`
    throw new ApiError(409, 'LimitSizeInvalid', message)
  }
  const token = asked.NextToken || '0'
  if (!/^\d{1,9}$/.test(token)) {
    throw new ApiError(409, 'NextTokenInvalid', 'The next token of page is invalid, it must be one that a page gave.')
  }
  const end = Number(token) + size
  const more = end < all.length ? { NextToken: String(end) } : {}
  return { page: all.slice(Number(token), end), answer: { MaxResults: size, ...more, Total: all.length } }
}
