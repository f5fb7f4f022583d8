import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Replayable } from './replayable'

/**
 * The letters of the table dead_letters, the oldest first. One that is published again is deleted, unless the function
 * has refused it again in the meantime: its reason is marked before, and a new refusal overwrites the mark.
 */
export async function tableDeadLetters(
  connection: Pick<Connection, 'execute'>,
  eventId: string | undefined,
  now: Date,
): Promise<Replayable[]> {
  const [rows] = await connection.execute<RowDataPacket[]>(
    'SELECT id, source, eventId, reason, event FROM dead_letters WHERE ? IS NULL OR eventId = ? ORDER BY id',
    [eventId ?? null, eventId ?? null],
  )
  return rows.map(({ id, source, eventId: letterId, reason, event }) => {
    const reasonProper = String(reason).replace(/^(replayed \S+Z: )+/, '')
    const mark = `replayed ${now.toISOString()}: ${reasonProper}`.slice(0, 255)
    return {
      source,
      id: letterId,
      json: event,
      async begin() {
        await connection.execute('UPDATE dead_letters SET reason = ? WHERE id = ?', [mark, id])
      },
      async end(accepted) {
        const sql = accepted
          ? 'DELETE FROM dead_letters WHERE id = ? AND reason = ?'
          : 'UPDATE dead_letters SET reason = ? WHERE id = ? AND reason = ?'
        await connection.execute(sql, accepted ? [id, mark] : [reasonProper, id, mark])
      },
    }
  })
}
