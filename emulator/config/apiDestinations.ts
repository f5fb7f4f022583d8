import * as z from 'zod/mini'
import { errorMessage } from '../../shared/errorCode'
import type { FileFaults } from '../../shared/yaml'
import { guardHost, parseUrl } from '../targets/post'
import type { ApiDestination, Connections } from '../targets/target'
import { fillTexts, tellMissing, type Variables } from './fillVariables'

const NAME = /^[A-Za-z0-9_-]{2,127}$/
const name = z.string().check(z.regex(NAME, 'must have 2 to 127 letters, digits, _ and -'))
const METHODS = ['GET', 'POST', 'HEAD', 'DELETE', 'PUT', 'PATCH'] as const
const NETWORK = 'must be PublicNetwork in the embedded EventBridge'
const AUTHENTICATION = 'must be BASIC_AUTH or API_KEY_AUTH in the embedded EventBridge'

/** As CreateConnection takes one, as far as the emulator does what it says. */
export const connectionEntry = z.strictObject({
  ConnectionName: name,
  Description: z.optional(z.string()),
  NetworkParameters: z.optional(z.strictObject({ NetworkType: z.literal('PublicNetwork', NETWORK) })),
  AuthParameters: z.optional(
    z.discriminatedUnion(
      'AuthorizationType',
      [
        z.strictObject({
          AuthorizationType: z.literal('BASIC_AUTH'),
          BasicAuthParameters: z.strictObject({ Username: z.string(), Password: z.string() }),
        }),
        z.strictObject({
          AuthorizationType: z.literal('API_KEY_AUTH'),
          ApiKeyAuthParameters: z.strictObject({
            ApiKeyName: z.string().check(z.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be the name of a header')),
            ApiKeyValue: z.string().check(z.regex(/^[\t\x20-\x7e]+$/, 'must be what a header can hold')),
          }),
        }),
      ],
      AUTHENTICATION,
    ),
  ),
})

/** As CreateApiDestination takes one. */
export const apiDestinationEntry = z.strictObject({
  ApiDestinationName: name,
  ConnectionName: name,
  Description: z.optional(z.string()),
  HttpApiParameters: z.strictObject({
    Endpoint: z.string().check(z.maxLength(127, 'may have 127 characters')),
    Method: z.enum(METHODS, `must be ${METHODS.join(', ')}`),
  }),
})

type ConnectionEntry = z.infer<typeof connectionEntry>
type ApiDestinationEntry = z.infer<typeof apiDestinationEntry>

interface Surroundings extends Pick<Connections, 'allowedHosts'> {
  /** those of all documents of the file */
  Connections: readonly ConnectionEntry[]
  /** whether a rule in use has one for a target: what its connection lacks is a fault then */
  areUsed: boolean
  variables: Variables
  faults: FileFaults
}

/** The API destinations of a document, by name; what is wrong with one, or with its connection, is noted among the faults. */
export function readApiDestinations(
  file: { Connections?: ConnectionEntry[] | undefined; ApiDestinations?: ApiDestinationEntry[] | undefined },
  { Connections, areUsed, variables, faults, ...world }: Surroundings,
): Map<string, ApiDestination> {
  for (const [index, connection] of (file.Connections ?? []).entries()) {
    const { missing } = fillTexts(connection, variables)
    if (areUsed && missing.length > 0) faults.add(['Connections', index], tellMissing(missing))
  }
  const connections = Connections.map((entry) => fillTexts(entry, variables).entry)
  const destinations = new Map<string, ApiDestination>()
  for (const [index, entry] of (file.ApiDestinations ?? []).entries()) {
    try {
      destinations.set(entry.ApiDestinationName, compileApiDestination(entry, connections, world))
    } catch (error) {
      faults.add(['ApiDestinations', index], errorMessage(error))
    }
  }
  return destinations
}

/** @throws Error that says what to write; it quotes neither an address nor a secret */
function compileApiDestination(
  { ConnectionName, HttpApiParameters: { Endpoint, Method } }: ApiDestinationEntry,
  connections: readonly ConnectionEntry[],
  { allowedHosts }: Pick<Connections, 'allowedHosts'>,
): ApiDestination {
  const connection = connections.find((other) => other.ConnectionName === ConnectionName)
  if (connection === undefined) throw new Error(`ConnectionName: ${ConnectionName} is none of the Connections`)
  const endpoint = parseUrl('HttpApiParameters.Endpoint', Endpoint, ['http', 'https'])
  guardHost(endpoint, allowedHosts)
  return { endpoint, method: Method, headers: headersOf(connection) }
}

function headersOf({ AuthParameters: auth }: ConnectionEntry): Record<string, string> {
  if (auth === undefined) return {}
  if (auth.AuthorizationType === 'API_KEY_AUTH') {
    const { ApiKeyName, ApiKeyValue } = auth.ApiKeyAuthParameters
    return { [ApiKeyName.toLowerCase()]: ApiKeyValue }
  }
  const { Username, Password } = auth.BasicAuthParameters
  return { authorization: `Basic ${Buffer.from(`${Username}:${Password}`).toString('base64')}` }
}
