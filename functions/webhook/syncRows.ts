import { isLosslessNumber } from 'lossless-json'
import { isObject } from '../../shared/isObject'
import { parseLossless, stringifyLossless } from '../../shared/losslessJson'
import { type Content, parseContent } from './readContent'

/**
 * The rows that are about an organisation: users, departments, roles, the corporation, external contacts. The others are
 * about the app itself and hold its secrets (a suite ticket, a permanent code), which never travel.
 * https://open.dingtalk.com/document/development/development-data-format-help
 */
const PUBLISHED_TYPES = new Set(['13', '14', '15', '16', '20'])

/**
 * The rows of an ISV app's SyncHTTP push, an event each; undefined when the content is no such push. A row's `biz_data`,
 * JSON as text, becomes the event's fields, with the row's own `corp_id`, `biz_id`, `biz_type` and `gmt_modified` beside
 * them: the shape that a connector sends. The event id is the row's, so that a row that comes twice is one event. A row
 * whose `biz_data` cannot be read goes out as it is: it must not hold up the others.
 * https://open.dingtalk.com/document/development/configure-synchttp-push
 */
export function syncRows({ json, value }: Content): Content[] | undefined {
  if (!isSyncPush(value)) return undefined
  const push = parseLossless(json)
  const rows = isObject(push) && Array.isArray(push['bizData']) ? push['bizData'] : []
  return rows.filter((row) => isObject(row) && PUBLISHED_TYPES.has(text(row['biz_type']))).map(rowContent)
}

function isSyncPush(value: unknown): boolean {
  if (!isObject(value)) return false
  return value['EventType'] === 'SYNC_HTTP_PUSH_HIGH' || value['EventType'] === 'SYNC_HTTP_PUSH_MEDIUM'
}

function rowContent(row: Record<string, unknown>): Content {
  const { biz_data, corp_id, biz_id, biz_type, gmt_modified, id } = row
  const eventId = `sync-${text(corp_id)}-${text(id)}`
  const fields = isObject(biz_data) ? biz_data : parseFields(biz_data)
  const content = fields ? { ...fields, corp_id, biz_id, biz_type, gmt_modified, eventId } : { ...row, eventId }
  return parseContent(stringifyLossless(content))
}

function parseFields(data: unknown): Record<string, unknown> | undefined {
  try {
    const fields = parseLossless(String(data))
    return isObject(fields) ? fields : undefined
  } catch {
    return undefined
  }
}

function text(value: unknown): string {
  return isLosslessNumber(value) ? value.value : String(value ?? '')
}
