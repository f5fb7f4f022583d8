import type { Mapping } from '../../shared/mapping/mapping'
import { mergeChanges, type Row } from './mergeChanges'
import { isDataError } from './mysqlErrors'
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
const BATCH_SIZES = [128, 64, 32, 16, 8, 4, 2, 1] as const

export function createRepository(mapping: Mapping, database: Database): Repository {
  const statements = new Map(BATCH_SIZES.map((size) => [size, upsertSql(mapping, size)]))

  async function upsert(rows: readonly Row[]): Promise<void> {
    let done = 0
    while (done < rows.length) {
      const size = BATCH_SIZES.find((candidate) => candidate <= rows.length - done) ?? 1
      const batch = rows.slice(done, done + size)
      await database.execute(statements.get(size) ?? '', batch.flatMap(parameters))
      done += size
    }
  }

  return {
    async apply(changes) {
      if (changes.length === 0) return []
      try {
        await upsert(mergeChanges(changes, mapping))
        return []
      } catch (error) {
        if (!isDataError(error)) throw error
        // One bad value fails the whole statement: change by change, so that the good ones are stored. Storing again
        // what was already stored is harmless.
        return applyOneByOne(changes)
      }
    },

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

  async function applyOneByOne(changes: readonly Change[]): Promise<Refused[]> {
    const refused: Refused[] = []
    for (const change of changes) {
      try {
        await upsert(mergeChanges([change], mapping))
      } catch (error) {
        if (!isDataError(error)) throw error
        refused.push({ change, reason: `the table refuses a value (MySQL error ${error.errno})` })
      }
    }
    return refused
  }
}

function parameters({ key, values, versions }: Row): (SqlValue | Buffer)[] {
  return [...key, ...values.map((value) => value ?? null), versions]
}
