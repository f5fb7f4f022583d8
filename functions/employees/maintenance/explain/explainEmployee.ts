import type { Mapping } from '../../../../shared/mapping/mapping'
import { VERSIONS } from '../../../../shared/mapping/tables'
import { UserError } from '../../../../shared/userError'
import { type Executing, type SqlRow, selectRows } from '../rows'
import { findDeadLetters, showDeadLetters } from './deadLetters'
import { showRow } from './showRow'
import { showWhereToLook } from './showWhereToLook'

export interface WhereToLook {
  /** LOG_HASH_KEY of the functions */
  hashKey: string | undefined
  /** the trace page, where there is one */
  traceUrl: string | undefined
}

/**
 * Why an employee's row is as it is: the value of each column, when it was set and by which event, whether they left,
 * their dead letters, and what to look for.
 * @throws UserError when nobody knows the user id, or when the table is of before
 */
export async function explainEmployee(
  database: Executing,
  mapping: Mapping,
  given: string,
  { hashKey, traceUrl }: WhereToLook,
): Promise<string> {
  // as an event's ids are read
  const userId = given.trim()
  const rows = await findRows(database, mapping, userId)
  if (rows.some((row) => row[VERSIONS] === undefined)) {
    throw new UserError(`${mapping.table} has no column ${VERSIONS}, as in 0.1.0: npm run migrate`)
  }
  const letters = await findDeadLetters(database, mapping, userId)
  if (rows.length + letters.length === 0) {
    throw new UserError(
      `Neither ${mapping.table} nor dead_letters knows this userId. An event that is still being retried is in the event trace${traceUrl === undefined ? '.' : `: ${traceUrl}`}`,
    )
  }
  const eventIds = [...rows.map((row) => row['lastEventId']), ...letters.map(({ eventId }) => eventId)]
  return [
    ...rows.map((row) => showRow(row, mapping)),
    ...(rows.length === 0 ? [`${mapping.table}: no row`] : []),
    ...(letters.length === 0 ? [] : [showDeadLetters(letters)]),
    showWhereToLook(userId, eventIds.filter(isText), hashKey),
  ].join('\n')
}

/** One a corporation: the user id is the last part of the key. */
function findRows(database: Executing, { table, key }: Mapping, userId: string): Promise<readonly SqlRow[]> {
  return selectRows(database, `SELECT * FROM \`${table}\` WHERE \`${key.at(-1)?.name}\` = ?`, [userId])
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
