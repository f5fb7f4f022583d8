import { isDeeperThan } from '../../shared/isDeeperThan'
import { HttpError } from './httpError'
import type { WebhookRequest } from './readRequest'

/** The content of a request: JSON text that is known to parse, and the value it stands for. */
export interface Content {
  /** as sent, so that integers beyond 2^53 keep their digits; plain text becomes a JSON string */
  json: string
  value: unknown
}

/** DingTalk's events have five levels. */
const MAX_DEPTH = 64

const JSON_TYPE = /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i

/**
 * Reads the body as the hosted HTTP event source does: JSON by its content type, anything else as text.
 * @throws HttpError 400 for malformed or very deep JSON, or bytes that are not UTF-8
 */
export function readContent(request: WebhookRequest): Content {
  const text = decodeUtf8(request.body)
  if (!JSON_TYPE.test(request.header('content-type') ?? '')) return { json: JSON.stringify(text), value: text }
  return parseContent(text)
}

/** @throws HttpError 400 for malformed or very deep JSON */
export function parseContent(json: string): Content {
  const value = parseJson(json)
  if (isDeeperThan(MAX_DEPTH, value)) {
    throw new HttpError(400, 'JsonTooDeep', `The body may be nested ${MAX_DEPTH} levels deep.`, { check: 'body' })
  }
  return { json, value }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new HttpError(400, 'MalformedJson', 'The body is not valid JSON.', { check: 'body' })
  }
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new HttpError(400, 'MalformedBody', 'The body is not valid UTF-8.', { check: 'body' })
  }
}
