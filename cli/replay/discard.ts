import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Store } from '../../emulator'
import { jsonFields } from '../../shared/json'
import { UserError } from '../../shared/userError'
import { askToGoOn } from '../confirm'
import { MAX_ID, reasonIn } from './fromTable'
import { tellEvents } from './tellEvents'

/**
 * Deletes the letters of one event, from the table and, of the local stack, from its dead-letter queues: for an event that
 * nothing will ever make storable. It says what goes, and asks.
 * @throws UserError where there is none, or the answer is not yes
 */
export async function discardLetters(
  connection: Pick<Connection, 'execute'> | undefined,
  store: Pick<Store, 'deadLetters'> | undefined,
  { eventId, yes }: { eventId: string; yes: boolean },
): Promise<void> {
  const [rows = []] =
    (await connection?.execute<RowDataPacket[]>(
      'SELECT id, `table`, eventId, reason, event FROM dead_letters WHERE eventId = ? ORDER BY id',
      [eventId.slice(0, MAX_ID)],
    )) ?? []
  const queued = (store?.deadLetters.list() ?? []).filter(({ json }) => jsonFields(json)['id'] === eventId)
  const letters = [
    ...rows.map((row) => ({
      id: String(row['eventId']),
      json: String(row['event']),
      reason: reasonIn(row['table'], String(row['reason'])),
    })),
    ...queued.map(({ json, error }) => ({ id: eventId, json, reason: error })),
  ]
  if (letters.length === 0) throw new UserError('No dead letter has an event of this id.')
  for (const line of tellEvents(letters)) console.log(line)
  const what = letters.length === 1 ? 'this letter' : `these ${letters.length} letters`
  await askToGoOn(`Delete ${what} for good? What the event says is in no row, and cannot be replayed then.`, yes)
  for (const row of rows) await connection?.execute('DELETE FROM dead_letters WHERE id = ?', [row['id']])
  for (const { seq } of queued) store?.deadLetters.remove(seq)
  console.log('Deleted.')
}
