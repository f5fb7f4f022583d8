import type { Column, Mapping } from '../../shared/mapping/mapping'
import { mergeChanges, type Row } from './mergeChanges'
import { DatabaseError, reactionTo } from './mysqlErrors'
import type { SqlValue } from './readValue'
import type { Change } from './toEmployeeChanges'
import { insertSql, OTHER_ROW, upsertSql } from './upsertSql'

/** What of the database this needs; a prepared statement, its values apart. */
export interface Database {
  execute(sql: string, values: readonly (SqlValue | Buffer)[]): Promise<unknown>
  /** runs it and takes it back */
  rehearse(sql: string, values: readonly (SqlValue | Buffer)[]): Promise<void>
}

/** An event that can never be stored, with what the dead letter says of it. */
export interface DeadLetter {
  /** 32 bytes, the same for the same event: it is kept once */
  digest: Buffer
  source: string
  eventId: string
  reason: string
  /** the event's JSON text */
  event: string
}

export interface Repository {
  /** Upserts all rows, but for what the table refuses of them. @throws DatabaseError when a later try may succeed */
  apply(changes: readonly Change[]): Promise<Applied>
  bury(letters: readonly DeadLetter[]): Promise<void>
}

export interface Applied {
  /** changes of which nothing is stored, for what they hold */
  refused: Refused[]
  /** columns that kept what they had, or were cleared, since the value did not fit */
  unfit: string[]
}

export interface Refused {
  change: Change
  reason: string
}

/** Few, so that few statements are prepared on the server, whose max_prepared_stmt_count is shared by all. */
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 48, 64, 80, 96, 112, 128] as const
const LETTERS_AT_ONCE = [1, 16] as const

/** Below max_allowed_packet, which is 4 MB by default in MySQL 5.7: the server hangs up on a larger statement. */
const MAX_BATCH_BYTES = 3 * 1024 * 1024

type Parameters = readonly (SqlValue | Buffer)[]

export function createRepository(mapping: Mapping, database: Database): Repository {
  const statements = new Map<number, string>()
  const statementFor = (size: number): string => {
    const sql = statements.get(size) ?? upsertSql(mapping, size)
    statements.set(size, sql)
    return sql
  }

  async function upsert(rows: readonly Row[]): Promise<void> {
    await inBatches(rows.map(parameters), BATCH_SIZES, async (size, values) => {
      await database.execute(statementFor(size), values)
    })
  }

  /**
   * One bad value fails a whole statement, so that halves are tried until the bad changes are found. Storing again what
   * was already stored is harmless. An error that nobody knows is the row's fault when a neighbour is stored.
   */
  async function apply(changes: readonly Change[]): Promise<Applied> {
    const applied: Applied = { refused: [], unfit: [] }
    const unknown: { change: Change; error: unknown }[] = []
    await applyEach(changes)
    const [first] = unknown
    if (first && changes.length === unknown.length) throw first.error
    applied.refused.push(...unknown.map(({ change, error }) => ({ change, reason: reasonOf(error) })))
    return applied

    async function applyEach(some: readonly Change[]): Promise<void> {
      try {
        await upsert(mergeChanges(some, mapping))
      } catch (error) {
        if (!isOfRow(error)) throw error
        const [change] = some
        if (some.length > 1) {
          const middle = some.length >> 1
          await applyEach(some.slice(0, middle))
          await applyEach(some.slice(middle))
        } else if (change !== undefined) await applyOne(change, error)
      }
    }

    /** @param error what refused the whole change */
    async function applyOne(change: Change, error: unknown): Promise<void> {
      if (reactionTo(error) === 'refused') {
        const told = await ruleOf(change, error)
        if (!isCheckOfColumn(told)) return void applied.refused.push({ change, reason: reasonOf(told) })
      }
      const unfit = await unfitColumns(change)
      const rejecting = unfit.find(({ bad }) => bad === 'reject')
      if (unfit.length === 0 && reactionTo(error) === 'unknown') unknown.push({ change, error })
      else if (unfit.length === 0) applied.refused.push({ change, reason: reasonOf(error) })
      else if (rejecting !== undefined) {
        applied.refused.push({ change, reason: `the value for ${rejecting.name} does not fit: ${reasonOf(error)}` })
      } else await applyWithout(change, unfit)
    }

    async function applyWithout(change: Change, unfit: readonly Column[]): Promise<void> {
      const values = mapping.columns.map((column, index) => {
        if (!unfit.includes(column)) return change.values[index]
        return column.bad === 'clear' ? null : undefined
      })
      applied.unfit.push(...unfit.map(({ name }) => name))
      try {
        await upsert(mergeChanges([{ ...change, values }], mapping))
      } catch (error) {
        if (!isOfRow(error)) throw error
        applied.refused.push({ change, reason: reasonOf(error) })
      }
    }
  }

  /** The columns whose values the server refuses, each by itself; none when it refuses the rest of the row as well. */
  async function unfitColumns(change: Change): Promise<Column[]> {
    const said = mapping.columns.filter((_, index) => change.values[index] !== undefined)
    return (await isTaken([])) ? find(said) : []

    async function find(columns: readonly Column[]): Promise<Column[]> {
      if (columns.length === 0 || (await isTaken(columns))) return []
      if (columns.length === 1) return [...columns]
      const middle = columns.length >> 1
      return [...(await find(columns.slice(0, middle))), ...(await find(columns.slice(middle)))]
    }

    async function isTaken(columns: readonly Column[]): Promise<boolean> {
      const values = change.values.map((value, index) => {
        const column = mapping.columns[index]
        return column && columns.includes(column) ? value : undefined
      })
      const row = mergeChanges([{ ...change, values }], mapping).flatMap(parameters)
      return isAccepted(() => database.rehearse(statementFor(1), row))
    }
  }

  /** MariaDB's JSON is a text with a CHECK that has the column's name: that one says that the value does not fit. */
  function isCheckOfColumn(error: unknown): boolean {
    return (
      error instanceof DatabaseError && error.errno === 4025 && mapping.columns.some(({ name }) => name === error.rule)
    )
  }

  /** An upsert that met another row does not say by which index: the insertion alone does. */
  async function ruleOf(change: Change, error: unknown): Promise<unknown> {
    if (!(error instanceof DatabaseError) || error.errno !== OTHER_ROW) return error
    try {
      await database.rehearse(insertSql(mapping), mergeChanges([change], mapping).flatMap(parameters))
      return error
    } catch (told) {
      if (!isOfRow(told)) throw told
      return told
    }
  }

  return {
    apply,

    async bury(all) {
      const rows = all.map(({ digest, source, eventId, reason, event }) => {
        return [digest, cut(source, 128), cut(eventId, 128), cut(reason, 255), event]
      })
      await inBatches(rows, LETTERS_AT_ONCE, async (size, values) => {
        await database.execute(burySql(size), values)
      })
    },
  }
}

function burySql(letters: number): string {
  const rows = Array.from({ length: letters }, () => '(?, ?, ?, ?, ?)').join(', ')
  return (
    `INSERT INTO \`dead_letters\` (\`digest\`, \`source\`, \`eventId\`, \`reason\`, \`event\`) VALUES ${rows} ` +
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
    const copies = Array.from({ length: size - batch.length }, () => batch.at(-1) ?? [])
    await run(size, [...batch, ...copies].flat())
  }
}

function parameters({ key, values, versions }: Row): Parameters {
  return [...key, ...values.map((value) => value ?? null), versions]
}

/** At most: three bytes for each of a text's units. */
function bytesOf(row: Parameters): number {
  let bytes = 0
  for (const value of row) {
    bytes += Buffer.isBuffer(value) ? value.length : typeof value === 'string' ? 3 * value.length : 8
  }
  return bytes
}

function isOfRow(error: unknown): boolean {
  return ['unfit', 'refused', 'unknown'].includes(reactionTo(error))
}

async function isAccepted(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (!isOfRow(error)) throw error
    return false
  }
}

/** By the number, and the name of an index or a CHECK: the message quotes the value. */
function reasonOf(error: unknown): string {
  const { errno, rule } = error instanceof DatabaseError ? error : {}
  return `the table refuses a value (MySQL error ${errno}${rule === undefined ? '' : `, by ${rule}`})`
}

/** To so many characters, and never in the middle of one. */
function cut(text: string, length: number): string {
  return [...text].slice(0, length).join('')
}
