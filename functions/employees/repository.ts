import type { SqlValue } from '../../shared/database'
import type { LeaverLimit } from '../../shared/mapping/leaverLimit'
import type { Mapping } from '../../shared/mapping/mapping'
import { type Applied, applyChanges, type Upserting } from './applyChanges'
import { applyRoster, type Braked } from './applyRoster'
import type { OpenedDatabase } from './database'
import type { Row } from './mergeChanges'
import type { Roster } from './readRoster'
import type { Change } from './toChanges'
import { insertSql, isWitness, upsertSql } from './upsertSql'

/** An event that can never be stored, with what the dead letter says of it. */
export interface DeadLetter {
  /** that of mapping.yaml which refuses it; '' for what is of none */
  table: string
  /** 32 bytes, the same for the same event and table: it is kept once */
  digest: Buffer
  source: string
  eventId: string
  reason: string
  /** the event's JSON text */
  event: string
}

export interface Repository {
  /** Upserts all rows, but for what the table refuses of them. @throws DatabaseError when a later try may succeed */
  apply(changes: readonly Change[], mapping: Mapping): Promise<Applied>
  /** Marks whom a roster does not name, or says why not. @throws DatabaseError when a later try may succeed */
  applyRoster(roster: Roster, mapping: Mapping, limit: LeaverLimit): Promise<Braked | undefined>
  bury(letters: readonly DeadLetter[]): Promise<void>
}

/**
 * Few, so that few statements are prepared on the server, whose max_prepared_stmt_count is shared by all; 100 is what arrays
 * have by custom.
 */
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 48, 64, 80, 100, 112, 128] as const
const LETTERS_AT_ONCE = [1, 16] as const

/** Below max_allowed_packet, which is 4 MB by default in MySQL 5.7: the server hangs up on a larger statement. */
const MAX_BATCH_BYTES = 3 * 1024 * 1024

type Parameters = (SqlValue | Buffer)[]

export function createRepository(database: Pick<OpenedDatabase, 'execute' | 'rehearse' | 'renew'>): Repository {
  /** built once, a table each */
  const upsertings = new Map<Mapping, Upserting>()
  const upsertingInto = (mapping: Mapping): Upserting => {
    const upserting = upsertings.get(mapping) ?? createUpserting(mapping, database)
    upsertings.set(mapping, upserting)
    return upserting
  }

  return {
    apply: (changes, mapping) => applyChanges(changes, mapping, upsertingInto(mapping)),

    applyRoster: (roster, mapping, limit) => applyRoster(roster, mapping, database, limit),

    async bury(all) {
      const rows = all.map(({ digest, table, source, eventId, reason, event }) => {
        return [digest, table, cut(source, 128), cut(eventId, 128), cut(reason, 255), event]
      })
      await inBatches(rows, LETTERS_AT_ONCE, async (size, values) => {
        await database.execute(burySql(size), values)
      })
    },
  }
}

function createUpserting(
  mapping: Mapping,
  database: Pick<OpenedDatabase, 'execute' | 'rehearse' | 'renew'>,
): Upserting {
  const [usual, witnesses] = [new Map<number, string>(), new Map<number, string>()]
  const statementFor = (size: number, rows: readonly Row[]): string => {
    const hasWitness = rows.some(({ versions }) => isWitness(versions, mapping))
    const statements = hasWitness ? witnesses : usual
    const sql = statements.get(size) ?? upsertSql(mapping, size, hasWitness)
    statements.set(size, sql)
    return sql
  }
  const rowOf = (rows: readonly Row[]) => rows.slice(0, 1).flatMap(parameters)

  return {
    async upsert(rows) {
      await inBatches(rows.map(parameters), BATCH_SIZES, async (size, values) => {
        await database.execute(statementFor(size, rows), values)
      })
    },
    rehearse: (rows) => database.rehearse(statementFor(1, rows), rowOf(rows)),
    rehearseInsert: (rows) => database.rehearse(insertSql(mapping), rowOf(rows)),
    renew: () => database.renew(),
  }
}

function burySql(letters: number): string {
  const rows = Array.from({ length: letters }, () => '(?, ?, ?, ?, ?, ?)').join(', ')
  return (
    `INSERT INTO \`dead_letters\` (\`digest\`, \`table\`, \`source\`, \`eventId\`, \`reason\`, \`event\`) VALUES ${rows} ` +
    'ON DUPLICATE KEY UPDATE `reason` = VALUES(`reason`)'
  )
}

/**
 * As many rows at once as fit into a statement, of which there is one for each of these numbers of rows. The last one is
 * filled up with a row once more, which changes nothing: one statement, with one commit, does what would else take several.
 */
async function inBatches<Size extends number>(
  rows: readonly Parameters[],
  sizes: readonly Size[],
  run: (size: Size, values: Parameters) => Promise<void>,
): Promise<void> {
  const largest = rows.reduce((bytes, row) => Math.max(bytes, bytesOf(row)), 0)
  const [smallest = 1 as Size] = sizes
  const most = sizes.findLast((size) => size * largest <= MAX_BATCH_BYTES) ?? smallest
  for (let done = 0; done < rows.length; done += most) {
    const batch = rows.slice(done, done + most)
    const size = sizes.find((candidate) => candidate >= batch.length) ?? most
    const values: Parameters = []
    for (let index = 0; index < size; index++) {
      for (const value of batch[Math.min(index, batch.length - 1)] ?? []) values.push(value)
    }
    await run(size, values)
  }
}

function parameters({ key, values, versions }: Row): Parameters {
  const row: Parameters = []
  for (const part of key) row.push(part)
  for (const value of values) row.push(value ?? null)
  row.push(versions)
  return row
}

/** At most: three bytes for each of a text's units. */
function bytesOf(row: Parameters): number {
  let bytes = 0
  for (const value of row) {
    bytes += Buffer.isBuffer(value) ? value.length : typeof value === 'string' ? 3 * value.length : 8
  }
  return bytes
}

/** To so many characters, and never in the middle of one. */
function cut(text: string, length: number): string {
  return [...text].slice(0, length).join('')
}
