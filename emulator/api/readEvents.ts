import type { IncomingHttpHeaders } from 'node:http'
import { depthOf, parseLossless } from '../../shared/json'
import { ApiError } from './refusal'

/** How deep a request's JSON may be nested. The emulator's own limit: SQLite, which filters by what is in an event, reads 1,000 levels. */
export const MAX_DEPTH = 500

/**
 * The events of a PutEvents request, whatever they are, in the three ways that CloudEvents has over HTTP: a batch, one
 * structured event, one binary event (attributes in `ce-*` headers, data in the body). They are values of
 * parseLossless: numbers keep their digits, which JSON.parse would lose beyond 2^53.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 * @throws ApiError
 */
export function readEvents(headers: IncomingHttpHeaders, body: Buffer): unknown[] {
  const contentType = (headers['content-type'] ?? '').toLowerCase()
  if (contentType.startsWith('application/cloudevents-batch+json')) return readBatch(body)
  if (contentType.startsWith('application/cloudevents+json')) return [parse(body)]
  if (headers['ce-specversion'] !== undefined) return [readBinary(headers, body)]
  const message =
    'The event content type is invalid, it must be application/cloudevents-batch+json or application/cloudevents+json, or there must be ce-* headers.'
  throw new ApiError(409, 'EventContentTypeInvalid', message)
}

function readBatch(body: Buffer): unknown[] {
  const batch = parse(body)
  if (Array.isArray(batch)) return batch
  throw new ApiError(409, 'JsonAttributeInvalid', 'The body must be a JSON array of events.')
}

/** JSON becomes `data`, and everything else `data_base64`, as the SDK does with text too. */
function readBinary(headers: IncomingHttpHeaders, body: Buffer): object {
  const contentType = headers['content-type']
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith('ce-'))
    .map(([name, value]) => [name.slice('ce-'.length), percentDecoded(name, String(value))] as const)
  return {
    ...Object.fromEntries(attributes),
    ...(contentType !== undefined && { datacontenttype: contentType }),
    ...(body.length > 0 && (isJson(contentType) ? { data: parse(body) } : { data_base64: body.toString('base64') })),
  }
}

/** Without a media type, data is JSON: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#31-handling-of-data */
function isJson(contentType: string | undefined): boolean {
  return contentType === undefined || /^[\w.-]+\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType)
}

function percentDecoded(name: string, value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw new ApiError(409, 'EventInvalid', `The event is invalid, the header ${name} must be percent-encoded UTF-8.`)
  }
}

function parse(body: Buffer): unknown {
  const text = body.toString('utf8')
  if (depthOf(text) > MAX_DEPTH) {
    throw new ApiError(409, 'JsonAttributeInvalid', `The body may be nested ${MAX_DEPTH} levels deep.`)
  }
  try {
    return parseLossless(text)
  } catch {
    throw new ApiError(409, 'JsonAttributeInvalid', 'The body is not valid JSON.')
  }
}
