import { MAX_DEPTH } from '../../shared/dropFields/findCuts'
import { depthOf, parseJson, parseLossless } from '../../shared/json'
import { HttpError } from './httpError'
import type { WebhookRequest } from './readRequest'

/** The content of a request: JSON text that is known to parse, and the value it stands for. */
export interface Content {
  /** as sent, so that integers beyond 2^53 keep their digits; a form and any other text become a JSON string */
  json: string
  value: unknown
  kind: 'json' | 'form' | 'text'
}

const JSON_TYPE = /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i

/**
 * Reads the body: a JSON object or list is one whatever its content type says, as `curl -d` sends it under that of a form;
 * what says that it is JSON has to be; anything else is a form or text, as the hosted HTTP event source takes it.
 * @throws HttpError 400 for malformed or very deep JSON, or bytes that are not UTF-8
 */
export function readContent(request: WebhookRequest): Content {
  const text = decodeUtf8(request.body)
  const type = request.header('content-type') ?? ''
  const isObjectOrList = /^\s*[[{]/.test(text)
  const value = isObjectOrList || JSON_TYPE.test(type) ? parseJson(text) : undefined
  if (value !== undefined || JSON_TYPE.test(type)) return jsonContent(text, value)
  // half of a JSON object is no form, either
  return textContent(text, FORM_TYPE.test(type) && !/^\s*["[{<]/.test(text) ? 'form' : 'text')
}

/** @throws HttpError 400 for malformed or very deep JSON */
export function parseContent(json: string): Content {
  return jsonContent(json, parseJson(json))
}

/** @param value that of the text; undefined when it is no JSON */
function jsonContent(json: string, value: unknown): Content {
  if (value === undefined) throw new HttpError(400, 'MalformedJson', 'The body is not valid JSON.', { check: 'body' })
  if (depthOf(json) > MAX_DEPTH) {
    throw new HttpError(400, 'JsonTooDeep', `The body may be nested ${MAX_DEPTH} levels deep.`, { check: 'body' })
  }
  return { json, value, kind: 'json' }
}

export function textContent(text: string, kind: 'form' | 'text'): Content {
  return { json: JSON.stringify(text), value: text, kind }
}

/**
 * What a value stands for that may have been written as JSON text, or as JSON text of JSON text, with its digits.
 * @returns undefined for text that is no JSON, or nested too deep
 */
export function openText(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return depthOf(value) > MAX_DEPTH ? undefined : openText(parseLossless(value))
  } catch {
    return undefined
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function decodeUtf8(bytes: Buffer): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new HttpError(400, 'MalformedBody', 'The body is not valid UTF-8.', { check: 'body' })
  }
}
