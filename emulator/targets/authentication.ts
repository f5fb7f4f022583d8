import type { AccessTokens, OAuthParameters } from './accessTokens'

/**
 * How a connection says who a request is from, as CreateConnection takes it: of the three kinds that of AuthorizationType
 * counts, and the others are kept.
 * https://help.aliyun.com/en/eventbridge/developer-reference/api-eventbridge-2020-04-01-createconnection
 */
export interface AuthParameters {
  AuthorizationType?: string | undefined
  BasicAuthParameters?: { Username?: string | undefined; Password?: string | undefined } | undefined
  ApiKeyAuthParameters?: { ApiKeyName?: string | undefined; ApiKeyValue?: string | undefined } | undefined
  OAuthParameters?: OAuthParameters | undefined
}

interface Authentication {
  /** by lower-case name */
  headers: Readonly<Record<string, string>>
  /** The same with another access token, where these have one: the API did not take it. */
  renewed?(): Promise<Authentication>
}

/** @throws Error that says why there is none, and nothing of a secret */
export async function authenticate(
  auth: AuthParameters | undefined,
  tokens: AccessTokens | undefined,
): Promise<Authentication> {
  switch (auth?.AuthorizationType) {
    case 'BASIC_AUTH': {
      const { Username = '', Password = '' } = auth.BasicAuthParameters ?? {}
      return { headers: { authorization: `Basic ${Buffer.from(`${Username}:${Password}`).toString('base64')}` } }
    }
    case 'API_KEY_AUTH': {
      const { ApiKeyName = '', ApiKeyValue = '' } = auth.ApiKeyAuthParameters ?? {}
      return { headers: { [ApiKeyName.toLowerCase()]: ApiKeyValue } }
    }
    case 'OAUTH_AUTH': {
      if (tokens === undefined) throw new Error('this emulator asks for no access tokens')
      return withToken(auth.OAuthParameters ?? {}, tokens)
    }
    default:
      return { headers: {} }
  }
}

/** `Bearer`, as the open-source twin of the service's sink sends it; the service's documents do not say. */
async function withToken(parameters: OAuthParameters, tokens: AccessTokens, refused?: string): Promise<Authentication> {
  const token = await tokens.get(parameters, refused)
  return {
    headers: { authorization: `Bearer ${token}` },
    renewed: () => withToken(parameters, tokens, token),
  }
}
