import * as z from 'zod/mini'
import type { FileFaults, ReadDocument } from '../../shared/yaml'
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
} from '../api/connectionParameters'
import type { ApiDestinationDefinition, ConnectionDefinition } from '../resources/definitions'
import { apiDestinationOf } from '../targets/apiDestinationTarget'
import { guardHost, parseUrl } from '../targets/post'
import type { Connections } from '../targets/target'
import { fillTexts, tellMissing, type Variables } from './fillVariables'
import { orNote } from './readRules'

/** As CreateConnection takes one; without NetworkParameters it is PublicNetwork. */
export const connectionEntry = z.strictObject({
  ConnectionName: z.string(),
  Description: z.optional(z.string()),
  Type: z.optional(z.string()),
  NetworkParameters: z.optional(networkParameters),
  AuthParameters: z.optional(authParameters),
  Parameters: z.optional(z.record(z.string(), z.unknown())),
})

/** As CreateApiDestination takes one. */
export const apiDestinationEntry = z.strictObject({
  ApiDestinationName: z.string(),
  ConnectionName: z.string(),
  Description: z.optional(z.string()),
  HttpApiParameters: httpApiParameters,
})

type ConnectionEntry = z.infer<typeof connectionEntry>
type ApiDestinationEntry = z.infer<typeof apiDestinationEntry>
type FileConnection = Omit<ConnectionDefinition, 'bus' | 'id' | 'createdAt' | 'fromFile'>
type FileApiDestination = Omit<ApiDestinationDefinition, 'bus' | 'createdAt' | 'fromFile'>

/** What a file says of addresses outside. */
export interface FileApiDestinations {
  connections: FileConnection[]
  apiDestinations: FileApiDestination[]
  /** the variables that were filled in */
  used: Record<string, string>
}

interface Surroundings extends Pick<Connections, 'allowedHosts'> {
  variables: Variables
  /** see tellMissing */
  where: string
}

type Document = ReadDocument<{
  Connections?: ConnectionEntry[] | undefined
  ApiDestinations?: ApiDestinationEntry[] | undefined
  Rules: readonly { Status: string; Targets: readonly { Type: string; Endpoint: string }[] }[]
}>

/**
 * The connections and API destinations of a file, by its documents; what is wrong with one, or with their names in rules, is
 * noted among the faults. An account has them whatever the bus: each document may name those of the others.
 */
export function readApiDestinations(
  documents: readonly Document[],
  { variables, where, allowedHosts }: Surroundings,
): FileApiDestinations[] {
  const rules = documents.flatMap(({ data }) => data.Rules)
  // what the connection lacks is a fault then
  const areUsed = rules.some(
    ({ Status, Targets }) => Status === 'ENABLE' && Targets.some(({ Type }) => Type === 'acs.api.destination'),
  )
  const connectionNames = documents.flatMap(({ data }) => data.Connections ?? []).map((entry) => entry.ConnectionName)
  const destinations = documents.flatMap(({ data }) => data.ApiDestinations ?? [])
  const destinationNames = destinations.map((entry) => entry.ApiDestinationName)
  return documents.map(({ data, faults }) => {
    const filled = (data.Connections ?? []).map((entry) => fillTexts(entry, variables))
    noteUnknown(data.Rules, destinationNames, faults)
    return {
      connections: filled.flatMap(({ entry, missing }, index) => {
        const connection = orNote(faults, ['Connections', index], () => {
          if (areUsed && missing.length > 0) throw new Error(tellMissing(missing, where))
          if (missing.length === 0) guardTokens(entry, allowedHosts)
          return readConnection(entry)
        })
        return connection ? [connection] : []
      }),
      apiDestinations: (data.ApiDestinations ?? []).flatMap((entry, index) => {
        const destination = orNote(faults, ['ApiDestinations', index], () => {
          if (!connectionNames.includes(entry.ConnectionName)) {
            throw new Error(`ConnectionName: ${entry.ConnectionName} is none of the Connections`)
          }
          const read = readApiDestination(entry)
          guardHost(new URL(read.http.Endpoint), allowedHosts)
          return read
        })
        return destination ? [destination] : []
      }),
      used: Object.assign({}, ...filled.map(({ used }) => used)),
    }
  })
}

/** A destination that is made by API alone is none of a file's: it would be a slip of the pen more often. */
function noteUnknown(rules: Document['data']['Rules'], names: readonly string[], faults: FileFaults): void {
  for (const [rule, { Targets }] of rules.entries()) {
    for (const [target, { Type, Endpoint }] of Targets.entries()) {
      const name = Type === 'acs.api.destination' ? apiDestinationOf(Endpoint) : undefined
      if (name === undefined || names.includes(name)) continue
      faults.add(['Rules', rule, 'Targets', target], `Name: ${name} is none of the ApiDestinations of eventbridge.yaml`)
    }
  }
}

const PUBLIC = { NetworkType: 'PublicNetwork' }

/** @throws Error that says what to write; it quotes neither an address nor a secret */
function readConnection(entry: ConnectionEntry): FileConnection {
  const { ConnectionName, Description, Type = 'Http', AuthParameters, Parameters } = entry
  checkName('ConnectionName', ConnectionName)
  checkDescription(Description)
  checkType(Type)
  if (AuthParameters !== undefined) checkAuth(AuthParameters)
  return {
    name: ConnectionName,
    type: Type,
    network: checkNetwork(entry.NetworkParameters ?? PUBLIC),
    ...(Description !== undefined && { description: Description }),
    ...(AuthParameters !== undefined && { auth: AuthParameters }),
    ...(Parameters !== undefined && { parameters: Parameters }),
  }
}

/** A client's secret goes where events go. @throws Error */
function guardTokens({ AuthParameters: auth }: ConnectionEntry, allowedHosts: readonly string[] | undefined): void {
  if (auth?.AuthorizationType !== 'OAUTH_AUTH') return
  const endpoint = auth.OAuthParameters?.AuthorizationEndpoint
  if (endpoint) guardHost(parseUrl('AuthorizationEndpoint', endpoint, ['http', 'https']), allowedHosts)
}

/** @throws Error that says what to write; it quotes no address */
function readApiDestination(entry: ApiDestinationEntry): FileApiDestination {
  const { ApiDestinationName, ConnectionName, Description, HttpApiParameters } = entry
  checkName('ApiDestinationName', ApiDestinationName)
  checkDescription(Description)
  return {
    name: ApiDestinationName,
    connection: ConnectionName,
    http: checkHttpApi(HttpApiParameters),
    ...(Description !== undefined && { description: Description }),
  }
}
