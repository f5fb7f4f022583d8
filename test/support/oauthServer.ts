import { createHash, randomUUID } from 'node:crypto'
import { type RawAnswer, startServer } from './rawHttp'

export interface OAuthServer {
  url: string
  /** the requests for tokens that it got, newest last */
  asked: { method: string; url: string; headers: Record<string, unknown>; body: string }[]
  /** whether a Bearer token of a request's Authorization is one that it gave and has not revoked */
  takes(authorization: string | undefined): boolean
  revokeAll(): void
  /** what it answers in place of tokens */
  answer?: Pick<RawAnswer, 'status'> & { body: string }
  /** seconds; undefined: it does not say */
  expiresIn: number | string | undefined
  /** requests are held until this resolves */
  gate: Promise<void>
  close(): Promise<void>
}

/** An OAuth 2.0 server that gives client credentials' tokens by RFC 6749 §4.4, and refuses others by §5.2. */
export async function oauthServer(client: { id: string; secret: string }): Promise<OAuthServer> {
  const good = new Set<string>()
  const digest = (text: string) => createHash('sha256').update(text).digest('hex')
  const server = await startServer(async (req, res) => {
    const body = Buffer.concat((await req.toArray()) as Buffer[]).toString()
    oauth.asked.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers, body })
    await oauth.gate
    const json = (status: number, value: object) =>
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (oauth.answer) return res.writeHead(oauth.answer.status).end(oauth.answer.body)
    const form = new URLSearchParams(body)
    for (const [name, value] of new URL(req.url ?? '/', 'http://localhost').searchParams) form.append(name, value)
    const [, encoded = ''] = /^Basic (.+)$/.exec(req.headers.authorization ?? '') ?? []
    const [id = form.get('client_id'), secret = form.get('client_secret')] = encoded
      ? Buffer.from(encoded, 'base64').toString().split(':')
      : []
    if (form.getAll('grant_type').join() !== 'client_credentials') return json(400, { error: 'unsupported_grant_type' })
    if (id !== client.id || secret !== client.secret) return json(401, { error: 'invalid_client', secret })
    const token = randomUUID()
    good.add(digest(token))
    const lasts = oauth.expiresIn === undefined ? {} : { expires_in: oauth.expiresIn }
    return json(200, { access_token: token, token_type: 'Bearer', ...lasts })
  })
  const oauth: OAuthServer = {
    url: `http://127.0.0.1:${server.port}`,
    asked: [],
    takes: (authorization = '') => good.has(digest(authorization.replace(/^Bearer /, ''))),
    revokeAll: () => good.clear(),
    expiresIn: 3600,
    gate: Promise.resolve(),
    close: server.close,
  }
  return oauth
}
