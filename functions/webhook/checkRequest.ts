import { createHash, timingSafeEqual } from 'node:crypto'
import { HttpError } from './httpError'
import type { WebhookRequest } from './readRequest'

export interface RequestRules {
  methods: readonly string[]
  maxBodyBytes: number
  /** When set, a request must carry it in `authorization: Bearer …` or the query value `token`. */
  token: string | undefined
}

/**
 * The checks that need no body, compiled once: cheap before dear.
 * @returns a function that throws HttpError 405, 413 or 401
 */
export function compileChecks(rules: RequestRules): (request: WebhookRequest) => void {
  const allow = rules.methods.join(', ')
  const hasToken = rules.token === undefined ? () => true : tokenCheck(rules.token)

  return function checkRequest(request) {
    if (!rules.methods.includes(request.method)) {
      throw new HttpError(405, 'MethodNotAllowed', `Use ${allow}.`, { headers: { allow } })
    }
    if (request.body.length > rules.maxBodyBytes) {
      throw new HttpError(413, 'BodyTooLarge', `The body may have ${rules.maxBodyBytes} bytes.`)
    }
    if (!hasToken(request)) {
      throw new HttpError(401, 'Unauthorized', 'The token is missing or wrong.')
    }
  }
}

function tokenCheck(token: string): (request: WebhookRequest) => boolean {
  // Hashing first makes both sides the same length, so that the compare tells nothing of the length either.
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(token)
  return (request) => {
    const bearer = /^Bearer (.+)$/i.exec(request.header('authorization') ?? '')?.[1]
    return [bearer, request.query['token']].some(
      (given) => given !== undefined && timingSafeEqual(digest(given), expected),
    )
  }
}
