import type { Connection, RowDataPacket } from 'mysql2/promise'
import { mergeChanges, type Row } from '../../functions/employees/mergeChanges'
import type { ReceivedEvent } from '../../functions/employees/parseCloudEvents'
import { toEmployeeChanges } from '../../functions/employees/toEmployeeChanges'
import type { Mapping } from '../../shared/mapping/mapping'
import type { Defaults } from '../../shared/mapping/readKeys'
import { quote, VERSIONS } from '../../shared/mapping/tables'
import { VERSION_BYTES } from '../../shared/mapping/version'

/**
 * What an event says, as rows; none when it is not about this table.
 * @returns undefined when something of it can never be stored, so that it will be set aside again
 */
export function rowsOf(event: ReceivedEvent, mapping: Mapping, defaults: Defaults, now: number): Row[] | undefined {
  const { changes, faults } = toEmployeeChanges(event, mapping, defaults, now)
  return faults.length > 0 ? undefined : mergeChanges(changes, mapping)
}

/** Whether the table has what the rows say, or newer: the versions of the columns tell. */
export async function isStored(
  connection: Pick<Connection, 'execute'>,
  { table, key }: Mapping,
  rows: readonly Row[],
): Promise<boolean> {
  const condition = key.map(({ name }) => `${quote(name)} = ?`).join(' AND ')
  const sql = `SELECT ${quote(VERSIONS)} AS versions FROM ${quote(table)} WHERE ${condition}`
  for (const { key: values, versions } of rows) {
    const [[stored]] = await connection.execute<RowDataPacket[]>(sql, [...values])
    if (stored === undefined || !hasTaken(Buffer.from(stored['versions']), versions)) return false
  }
  return true
}

/**
 * A row is written by one statement. So it is written when one column has this version, even if a value that did not fit
 * was left out of it; or when nothing of it is newer than what is there.
 */
function hasTaken(stored: Buffer, said: Buffer): boolean {
  let isNewer = false
  for (let at = 0; at < said.length; at += VERSION_BYTES) {
    const version = said.subarray(at, at + VERSION_BYTES)
    // all zeros: nothing is said about this column
    if (version.every((byte) => byte === 0)) continue
    const order = version.compare(stored.subarray(at, at + VERSION_BYTES))
    if (order === 0) return true
    if (order > 0) isNewer = true
  }
  return !isNewer
}
