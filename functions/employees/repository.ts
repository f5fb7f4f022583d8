import type { Mapping } from '../../shared/mapping/mapping'
import { mergeChanges, type Row } from './mergeChanges'
import { DatabaseError, reactionTo } from './mysqlErrors'
import type { SqlValue } from './readValue'
import type { Change } from './toEmployeeChanges'
import { upsertSql } from './upsertSql'

/** The one method of the database that this needs; a prepared statement, its values apart. */
export interface Database {
  execute(sql: string, values: readonly (SqlValue | Buffer)[]): Promise<unknown>
}

/** An event that can never be stored, with what the dead letter says of it. */
export interface DeadLetter {
  source: string
  eventId: string
  reason: string
  /** the event's JSON text */
  event: string
}

export interface Repository {
  /** Upserts all rows; returns the changes that the table refuses for what they hold. */
  apply(changes: readonly Change[]): Promise<Refused[]>
  bury(letters: readonly DeadLetter[]): Promise<void>
}

export interface Refused {
  change: Change
  reason: string
}

/** Powers of two, so that few statements are prepared on the server: max_prepared_stmt_count is shared by all. */
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128] as const

/** Below max_allowed_packet, which is 4 MB by default in MySQL 5.7: the server hangs up on a larger statement. */
const MAX_BATCH_BYTES = 3 * 1024 * 1024

export function createRepository(mapping: Mapping, database: Database): Repository {
  const statements = new Map(BATCH_SIZES.map((size) => [size, upsertSql(mapping, size)]))

  async function upsert(rows: readonly Row[]): Promise<void> {
    const largest = rows.reduce((bytes, row) => Math.max(bytes, bytesOf(row)), 0)
    const most = BATCH_SIZES.findLast((size) => size * largest <= MAX_BATCH_BYTES) ?? 1
    for (let done = 0; done < rows.length; done += most) {
      const batch = rows.slice(done, done + most)
      const size = BATCH_SIZES.find((candidate) => candidate >= batch.length) ?? most
      await database.execute(statements.get(size) ?? '', filledUp(batch, size).flatMap(parameters))
    }
  }

  /**
   * One bad value fails a whole statement, so that halves are tried until the bad changes are found. Storing again what
   * was already stored is harmless.
   */
  async function apply(changes: readonly Change[]): Promise<Refused[]> {
    try {
      await upsert(mergeChanges(changes, mapping))
      return []
    } catch (error) {
      if (reactionTo(error) !== 'refused') throw error
      if (changes.length === 1) return changes.map((change) => ({ change, reason: reasonOf(error) }))
      const middle = changes.length >> 1
      return [...(await apply(changes.slice(0, middle))), ...(await apply(changes.slice(middle)))]
    }
  }

  return {
    apply,

    async bury(letters) {
      for (const { source, eventId, reason, event } of letters) {
        await database.execute(
          'INSERT INTO `dead_letters` (`source`, `eventId`, `reason`, `event`) VALUES (?, ?, ?, ?) ' +
            'ON DUPLICATE KEY UPDATE `reason` = VALUES(`reason`)',
          [source.slice(0, 128), eventId.slice(0, 128), reason.slice(0, 255), event],
        )
      }
    },
  }
}

/** A row once more changes nothing; so one statement, with one commit, does what would else take several. */
function filledUp(batch: readonly Row[], size: number): Row[] {
  const copies = Array.from({ length: size - batch.length }, () => batch.slice(-1))
  return [...batch, ...copies.flat()]
}

function parameters({ key, values, versions }: Row): (SqlValue | Buffer)[] {
  return [...key, ...values.map((value) => value ?? null), versions]
}

function bytesOf(row: Row): number {
  return parameters(row).reduce<number>(
    (bytes, value) => bytes + (Buffer.isBuffer(value) ? value.length : Buffer.byteLength(String(value))),
    0,
  )
}

/** By the number alone: the message quotes the value, before the name of the column or index. */
function reasonOf(error: unknown): string {
  const errno = error instanceof DatabaseError ? error.errno : undefined
  return `the table refuses a value (MySQL error ${errno})`
}
