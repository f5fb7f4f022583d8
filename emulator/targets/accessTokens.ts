import { type Clock, passedOn } from '../../shared/clock'
import { errorMessage } from '../../shared/errorCode'
import { jsonFields } from '../../shared/json'
import { canBeHeader, readHeaders } from './headers'
import { guardHost, type PostOptions, parseUrl, send } from './post'

/** OAuth 2.0 client credentials: where an access token is asked for, and how. */
export interface OAuthParameters {
  AuthorizationEndpoint?: string | undefined
  HttpMethod?: string | undefined
  ClientParameters?: { ClientID?: string | undefined; ClientSecret?: string | undefined } | undefined
  OAuthHttpParameters?:
    | {
        HeaderParameters?: OAuthParameter[] | undefined
        BodyParameters?: OAuthParameter[] | undefined
        QueryStringParameters?: OAuthParameter[] | undefined
      }
    | undefined
}

interface OAuthParameter {
  Key?: string | undefined
  Value?: string | undefined
}

/** The access tokens of connections with OAuth 2.0 client credentials: each is asked for once, and kept while it is good. */
export interface AccessTokens {
  /**
   * @param refused one that an API did not take: another is asked for, unless that was done meanwhile
   * @throws Error that says why there is none: of what the server said a code at most, and nothing of a secret
   */
  get(parameters: OAuthParameters, refused?: string): Promise<string>
}

interface AccessTokensOptions extends Pick<PostOptions, 'agents' | 'signal'> {
  clock: Clock
  allowedHosts?: readonly string[] | undefined
}

interface Token {
  text: string
  /** on passedOn; without, it is good until an API refuses it */
  expiresAt?: number
}

/** What is asked for under one key, or has been; in memory alone. */
interface Kept {
  asking: Promise<Token>
  token?: Token
}

export function createAccessTokens({ clock, ...world }: AccessTokensOptions): AccessTokens {
  // by what the token is asked for with: a connection that is changed has another
  const kept = new Map<string, Kept>()

  function isGood({ token }: Kept, refused: string | undefined): boolean {
    if (token === undefined) return true
    return token.text !== refused && (token.expiresAt === undefined || passedOn(clock) < token.expiresAt)
  }

  function ask(key: string, parameters: OAuthParameters): Kept {
    const asked: Kept = { asking: askForToken(parameters, passedOn(clock), world) }
    kept.set(key, asked)
    asked.asking.then(
      (token) => {
        asked.token = token
      },
      () => {
        if (kept.get(key) === asked) kept.delete(key)
      },
    )
    return asked
  }

  return {
    async get(parameters, refused) {
      const key = JSON.stringify(parameters)
      const known = kept.get(key)
      const { asking } = known && isGood(known, refused) ? known : ask(key, parameters)
      try {
        return (await asking).text
      } catch (error) {
        throw new Error(`no access token: ${errorMessage(error)}`)
      }
    },
  }
}

const TIMEOUT_MS = 15_000

/** https://datatracker.ietf.org/doc/html/rfc6749#section-5.2; a server's other words may hold anything */
const ERROR_CODES = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]

async function askForToken(
  parameters: OAuthParameters,
  now: number,
  { allowedHosts, ...world }: Omit<AccessTokensOptions, 'clock'>,
): Promise<Token> {
  const { method, url, headers, body } = tokenRequest(parameters)
  const lookup = guardHost(url, allowedHosts)
  const answer = await send(method, url, body, { ...world, headers, timeoutMs: TIMEOUT_MS, lookup })
  const { access_token: text, expires_in: seconds, error } = jsonFields(answer.body)
  if (answer.status >= 300) {
    throw new Error(`HTTP ${answer.status} ${ERROR_CODES.find((code) => code === error) ?? ''}`.trim())
  }
  if (typeof text !== 'string' || text === '' || !canBeHeader('authorization', text)) {
    throw new Error('the answer has no access_token')
  }
  // some servers write the number as text
  const lasts = seconds === undefined || seconds === null ? Number.NaN : Number(seconds)
  return Number.isFinite(lasts) ? { text, expiresAt: now + lasts * 1000 } : { text }
}

/**
 * A request for a token: method, address and parameters as the connection has them. Where the client's id and secret go is
 * not documented: here as servers take them by RFC 6749, in the form of the body with grant_type, or in the query of a method
 * that has no body. What the connection's own parameters say already is not said again, and beside an Authorization header of
 * theirs there is no id and no secret.
 * @throws Error that says what to mend in the connection
 */
function tokenRequest(parameters: OAuthParameters) {
  const { AuthorizationEndpoint = '', ClientParameters = {} } = parameters
  const { HeaderParameters, BodyParameters, QueryStringParameters } = parameters.OAuthHttpParameters ?? {}
  const method = parameters.HttpMethod || 'POST'
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const url = parseUrl('AuthorizationEndpoint', AuthorizationEndpoint, ['http', 'https'])
  const headers = readHeaders('OAuthHttpParameters.HeaderParameters', entriesOf(HeaderParameters))
  const query = entriesOf(QueryStringParameters)
  const body = hasBody ? entriesOf(BodyParameters) : []

  const { ClientID, ClientSecret } = ClientParameters
  const own = {
    grant_type: 'client_credentials',
    ...(headers['authorization'] === undefined && { client_id: ClientID, client_secret: ClientSecret }),
  }
  const said = new Set([...url.searchParams.keys(), ...[...query, ...body].map(([name]) => name)])
  for (const [name, value] of Object.entries(own)) {
    if (value && !said.has(name)) (hasBody ? body : query).push([name, value])
  }
  for (const [name, value] of query) url.searchParams.append(name, value)

  const isJson = headers['content-type']?.includes('json') === true
  const type = hasBody ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
  return {
    method,
    url,
    headers: { accept: 'application/json', ...type, ...headers },
    body: isJson ? JSON.stringify(Object.fromEntries(body)) : new URLSearchParams(body).toString(),
  }
}

type Parameters = NonNullable<OAuthParameters['OAuthHttpParameters']>['BodyParameters']

function entriesOf(parameters: Parameters): [string, string][] {
  return (parameters ?? []).flatMap(({ Key, Value }) => (Key ? [[Key, Value ?? ''] as [string, string]] : []))
}
