import { createHmac } from 'node:crypto'
import { sameText } from '../../shared/sameText'
import type { WebhookConfig } from './config'
import { HttpError } from './httpError'
import type { WebhookRequest } from './readRequest'

/**
 * Whether a plain request proves that it may send: by the token, or by the connector's signature, whichever is
 * configured. With no authentication configured at all the source is open.
 */
export function compileAuthentication(config: WebhookConfig): (request: WebhookRequest, now: number) => boolean {
  const { WEBHOOK_TOKEN: tokens, CONNECTOR_API_SECRET: apiSecret, CALLBACK_WINDOW_S: windowS } = config
  if (tokens.length === 0 && apiSecret === undefined) return () => config.DINGTALK_TOKEN.length === 0
  const hasToken = tokenCheck(tokens)
  const isSigned = apiSecret === undefined ? () => false : connectorCheck(apiSecret, windowS)
  return (request, now) => hasToken(request) || isSigned(request, now)
}

/** `authorization: Bearer <token>`, or the query value `token`, with any of the tokens. */
function tokenCheck(tokens: readonly string[]): (request: WebhookRequest) => boolean {
  return (request) => {
    const bearer = /^Bearer (.+)$/i.exec(request.header('authorization') ?? '')?.[1]
    const given = [bearer, request.query['token']].filter((value) => value !== undefined)
    return given.some((value) => tokens.some((token) => sameText(value, token)))
  }
}

/**
 * A connector whose authentication is "API Secret" signs the time: base64(HMAC-SHA256(secret, timestamp)). The body is
 * not signed, so the time window is all that a replay is held by.
 * https://open.dingtalk.com/document/connection/custom-signature-authentication-1
 */
function connectorCheck(secret: string, windowS: number): (request: WebhookRequest, now: number) => boolean {
  return (request, now) => {
    const timestamp = request.header('x-ddpaas-signature-timestamp') ?? ''
    const signature = request.header('x-ddpaas-signature') ?? ''
    const isRight = sameText(signature, createHmac('sha256', secret).update(timestamp).digest('base64'))
    return isWithinWindow(timestamp, now, windowS) && isRight
  }
}

/**
 * Whether a time is within so many seconds of now, before or after.
 * @param timestamp 10 digits are seconds, 13 are milliseconds; anything else is no time
 * @param now milliseconds
 */
export function isWithinWindow(timestamp: string, now: number, windowS: number): boolean {
  if (!/^(\d{10}|\d{13})$/.test(timestamp)) return false
  const ms = timestamp.length === 10 ? Number(timestamp) * 1000 : Number(timestamp)
  return Math.abs(ms - now) <= windowS * 1000
}

/**
 * The one answer to whatever has not proved that it may send, so that it tells nothing of what was wrong.
 * @param check what was, for the log
 */
export function unauthorized(check: string): HttpError {
  return new HttpError(401, 'Unauthorized', 'The token or the signature is missing or wrong.', { check })
}
