import { createHash } from 'node:crypto'
import { isLosslessNumber } from 'lossless-json'
import { foldName } from '../../shared/dropFields/fieldNames'
import { isLosslessObject, parseLossless, stringifyLossless } from '../../shared/json'
import { actionsOf, isAboutApp } from './appEvent'
import { type Content, openText } from './readContent'

/** A row of a SyncHTTP push. */
export interface SyncRow {
  /** of its event: the row's own, so that a row that comes twice is one event */
  eventId: string
  /** the event, as JSON; undefined when the row's `biz_data` cannot be read: nobody can tell then what it holds */
  json: string | undefined
}

/** Rows of these types say by themselves what they are about: users, departments, roles, the corporation, contacts. */
const ORGANISATION_TYPES = new Set(['13', '14', '15', '16', '20'])
/** The suite's ticket, its authorisations, its micro-apps, its orders: rows of the app itself, which hold its secrets. */
const APP_TYPES = new Set(['2', '4', '7', '17'])

/**
 * The rows of an ISV app's SyncHTTP push that are about an organisation; undefined when the content is no such push. A
 * row's `biz_data` becomes the event's fields, with the row's own `corp_id`, `biz_id`, `biz_type` and `gmt_modified`
 * beside them, the shape that a connector sends, and its `id` as `row_id`, as text, which keeps its digits on every bus: of two rows of one second the greater is later.
 * DingTalk writes `bizData` and `biz_data` as JSON text or as it is, and its pages print a single row without a list.
 * https://open.dingtalk.com/document/development/configure-synchttp-push
 */
export function syncRows({ json, value }: Content): SyncRow[] | undefined {
  if (!isSyncPush(value)) return undefined
  const bizData = bizDataOf(openText(parseLossless(json)))
  if (bizData === undefined || bizData === null) return []
  const rows = openText(bizData)
  return (Array.isArray(rows) ? rows : [rows]).flatMap((row) => readRow(openText(row)))
}

/** Whether this is a SyncHTTP push, or the JSON text of one. */
export function isSyncPush(value: unknown): boolean {
  return actionsOf(value).some((action) => /^synchttppush/.test(foldName(action)))
}

/** `bizData` of a push and `biz_data` of a row, whichever way it is spelt. */
function bizDataOf(place: unknown): unknown {
  return isLosslessObject(place) ? Object.entries(place).find(([name]) => foldName(name) === 'bizdata')?.[1] : undefined
}

/** @returns nothing for a row about the app itself, or about nothing that it names */
function readRow(row: unknown): SyncRow[] {
  if (!isLosslessObject(row)) return [{ eventId: hashOf(row), json: undefined }]
  const { corp_id, biz_id, biz_type, gmt_modified, id } = row
  const type = textOf(biz_type) ?? ''
  if (APP_TYPES.has(type)) return []
  const rowId = textOf(id)
  const eventId = rowId === undefined ? hashOf(row) : `sync-${textOf(corp_id) ?? ''}-${rowId}`
  const fields = openText(bizDataOf(row))
  if (!isLosslessObject(fields)) return [{ eventId, json: undefined }]
  if (isAboutApp(fields) || (actionsOf(fields).length === 0 && !ORGANISATION_TYPES.has(type))) return []
  const own = onlySet({ corp_id, biz_id, biz_type, gmt_modified })
  const event = onlySet({ ...fields, ...own, row_id: rowId, eventId })
  return [{ eventId, json: stringifyLossless(event) }]
}

function onlySet(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** A number with all its digits, or text; undefined for anything else, and for nothing. */
function textOf(value: unknown): string | undefined {
  const text: unknown = isLosslessNumber(value) ? value.value : value
  if (typeof text === 'number' || typeof text === 'bigint') return String(text)
  return typeof text === 'string' && text !== '' ? text : undefined
}

function hashOf(row: unknown): string {
  return `sync-${createHash('sha256').update(stringifyLossless(row)).digest('hex')}`
}
