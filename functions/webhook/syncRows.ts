import { isLosslessNumber, parse, stringify } from 'lossless-json'
import { HttpError } from './httpError'
import { type Content, parseContent } from './readContent'

type Fields = Record<string, unknown>

/**
 * The rows of an ISV app's SyncHTTP push, an event each; undefined when the content is no such push. A row's `biz_data`,
 * JSON as text, becomes the event's fields, with the row's own `corp_id`, `biz_id`, `biz_type` and `gmt_modified` beside
 * them: the shape that a connector sends. The event id is the row's, so that a row that comes twice is one event.
 * https://open.dingtalk.com/document/development/configure-synchttp-push
 * @throws HttpError 400 when a row is not what the document says
 */
export function syncRows({ json, value }: Content): Content[] | undefined {
  if (!isSyncPush(value)) return undefined
  const { bizData = [] } = parseLossless(json) as Fields
  if (!Array.isArray(bizData)) throw malformed()
  return bizData.map(rowContent)
}

function isSyncPush(value: unknown): boolean {
  if (!isFields(value)) return false
  return value['EventType'] === 'SYNC_HTTP_PUSH_HIGH' || value['EventType'] === 'SYNC_HTTP_PUSH_MEDIUM'
}

function rowContent(row: unknown): Content {
  if (!isFields(row)) throw malformed()
  const { biz_data, corp_id, biz_id, biz_type, gmt_modified, id } = row
  const fields = typeof biz_data === 'string' ? parseLossless(biz_data) : biz_data
  if (!isFields(fields)) throw malformed()
  const eventId = `sync-${text(corp_id)}-${text(id)}`
  return parseContent(stringify({ ...fields, corp_id, biz_id, biz_type, gmt_modified, eventId }) ?? 'null')
}

function parseLossless(json: string): unknown {
  try {
    return parse(json, null, { onDuplicateKey: ({ newValue }) => newValue })
  } catch {
    throw malformed()
  }
}

function malformed(): HttpError {
  return new HttpError(400, 'MalformedPush', 'A row of the push is not an object with biz_data.', { check: 'body' })
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string {
  return isLosslessNumber(value) ? value.value : String(value ?? '')
}
