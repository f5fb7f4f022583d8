import { alignColumns } from '../../../../shared/alignColumns'
import type { Mapping, Reading } from '../../../../shared/mapping/mapping'
import { VERSIONS } from '../../../../shared/mapping/tables'
import { isVersionOf, timeOfVersion, VERSION_BYTES } from '../../../../shared/mapping/version'
import type { SqlRow } from '../rows'

/** The value of each column, when it was set and by which event, and whether the employee left. */
export function showRow(row: SqlRow, { table, key, columns }: Mapping): string {
  const versions = Buffer.from(row[VERSIONS] as Uint8Array)
  const lines = columns.map(({ name, slot, as }) => {
    const version = versions.subarray(slot * VERSION_BYTES, (slot + 1) * VERSION_BYTES)
    return [name, asText(row[name], as), whenAndBy(version, row['lastEventId'])]
  })
  const title = key.map(({ name }) => `${name} ${row[name] || '–'}`).join(', ')
  const state = 'leftAt' in row ? [row['leftAt'] === null ? 'has not left' : `left: ${asTime(row['leftAt'])}`] : []
  return [`${table}: ${title}`, ...alignColumns(lines), ...state].join('\n')
}

/**
 * A version holds a part of the event id's hash, so it tells whether a given event set the column: the last one is the
 * only one that the row names.
 */
function whenAndBy(version: Buffer, lastEventId: unknown): string {
  const time = timeOfVersion(version)
  if (time === undefined) return 'no event has set it'
  const isLast = typeof lastEventId === 'string' && isVersionOf(version, lastEventId)
  return new Date(time).toISOString() + (isLast ? ` by ${lastEventId}` : '')
}

/** The driver's text of a DATETIME, which is in UTC. */
export function asTime(dateTime: unknown): string {
  return `${String(dateTime).replace(' ', 'T')}Z`
}

/** A BOOLEAN is 0 or 1 in MySQL: here it reads as the article's text columns do. */
function asText(value: unknown, as: Reading): string {
  if (value === null || value === undefined) return '–'
  if (as === 'boolean') return Number(value) === 0 ? 'false' : 'true'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
