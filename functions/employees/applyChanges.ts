import type { Column, Mapping } from '../../shared/mapping/mapping'
import { mergeChanges, type Row } from './mergeChanges'
import { DatabaseError, reactionTo } from './mysqlErrors'
import type { Change } from './toChanges'
import { OTHER_ROW } from './upsertSql'

/** What the table takes: the statements behind it are repository.ts's. */
export interface Upserting {
  /** @throws DatabaseError */
  upsert(rows: readonly Row[]): Promise<void>
  /** Upserts one row, and takes it back. @throws DatabaseError */
  rehearse(rows: readonly Row[]): Promise<void>
  /** Inserts one row, which must be new, and takes it back. @throws DatabaseError that names what refuses it */
  rehearseInsert(rows: readonly Row[]): Promise<void>
  /** The next statement is prepared anew, on a new connection. */
  renew(): void
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

/**
 * Upserts all changes but for what the table refuses. One bad value fails a whole statement, so that halves are tried
 * until the bad changes are found; storing again what was already stored is harmless. Of a bad change the columns are
 * found whose values do not fit, and the rest of it is stored. What a rule of the table refuses (an index, a CHECK) is
 * refused whole. An error that nobody knows is the row's fault when a neighbour is stored.
 * @throws DatabaseError when a later try may succeed
 */
export async function applyChanges(changes: readonly Change[], mapping: Mapping, table: Upserting): Promise<Applied> {
  try {
    await table.upsert(mergeChanges(changes, mapping))
    return { refused: [], unfit: [] }
  } catch (error) {
    if (!isOfRow(error)) throw error
    // MySQL goes by the columns' character sets of when the statement was prepared, whatever they are now
    if (reactionTo(error) !== 'refused') table.renew()
    return applyInParts(changes, mapping, table)
  }
}

/** What the table has refused as a whole. */
async function applyInParts(changes: readonly Change[], mapping: Mapping, table: Upserting): Promise<Applied> {
  const refused: { change: Change; error: unknown; prefix: string }[] = []
  const unknown: { change: Change; error: unknown }[] = []
  const unfit = new Set<Column>()
  let isAnyStored = false

  await applyEach(changes)
  // whoever had the value of a unique index may have given it up in the same delivery
  for (const one of refused.splice(0)) {
    if (!isAnyStored || !isOfIndex(one.error) || !(await isStored([one.change]))) refused.push(one)
  }
  const [first] = unknown
  if (first && !isAnyStored) throw first.error
  return {
    refused: [...refused, ...unknown.map((one) => ({ ...one, prefix: '' }))].map(({ change, error, prefix }) => ({
      change,
      reason: prefix + reasonOf(error),
    })),
    unfit: [...unfit].map(({ name }) => name),
  }

  async function upsert(some: readonly Change[]): Promise<void> {
    await table.upsert(mergeChanges(some, mapping))
    isAnyStored = true
  }

  async function applyEach(some: readonly Change[]): Promise<void> {
    try {
      await upsert(some)
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
    if (!isUnfit(error)) return void refused.push({ change, error: await ruleOf(change, error), prefix: '' })
    const columns = await unfitColumns(change)
    const rejecting = columns.find(({ bad }) => bad === 'reject')
    if (columns.length === 0 && reactionTo(error) === 'unknown') unknown.push({ change, error })
    else if (columns.length === 0) refused.push({ change, error, prefix: '' })
    else if (rejecting) refused.push({ change, error, prefix: `the value for ${rejecting.name} does not fit: ` })
    else await applyWithout(change, columns)
  }

  async function applyWithout(change: Change, columns: readonly Column[]): Promise<void> {
    const values = mapping.columns.map((column, index) => {
      if (!columns.includes(column)) return change.values[index]
      return column.bad === 'clear' ? null : undefined
    })
    for (const column of columns) unfit.add(column)
    const rest = { ...change, values }
    try {
      await upsert([rest])
    } catch (error) {
      if (!isOfRow(error)) throw error
      refused.push({ change, error: await ruleOf(rest, error), prefix: '' })
    }
  }

  /** The columns whose values do not fit, each by itself; none when the rest of the row is at fault as well. */
  async function unfitColumns(change: Change): Promise<Column[]> {
    const said = mapping.columns.filter((_, index) => change.values[index] !== undefined)
    // those of the change before come first: a sender that has one value wrong has it wrong each time
    const [suspects, others] = [said.filter((one) => unfit.has(one)), said.filter((one) => !unfit.has(one))]
    if (suspects.length > 0 && (await fits(others))) return find(suspects)
    return (await fits([])) ? find(said) : []

    async function find(columns: readonly Column[]): Promise<Column[]> {
      if (columns.length === 0 || (await fits(columns))) return []
      if (columns.length === 1) return [...columns]
      const middle = columns.length >> 1
      return [...(await find(columns.slice(0, middle))), ...(await find(columns.slice(middle)))]
    }

    /** A rule that refuses the part of a row says nothing of its values; the whole row is tried at the end. */
    async function fits(columns: readonly Column[]): Promise<boolean> {
      const values = change.values.map((value, index) => {
        const column = mapping.columns[index]
        return column && columns.includes(column) ? value : undefined
      })
      try {
        await table.rehearse(mergeChanges([{ ...change, values }], mapping))
        return true
      } catch (error) {
        if (!isOfRow(error)) throw error
        return !isUnfit(error)
      }
    }
  }

  async function isStored(some: readonly Change[]): Promise<boolean> {
    try {
      await upsert(some)
      return true
    } catch (error) {
      if (!isOfRow(error)) throw error
      return false
    }
  }

  /** An upsert that met another row does not say by which index: the insertion alone does. */
  async function ruleOf(change: Change, error: unknown): Promise<unknown> {
    if (!(error instanceof DatabaseError) || error.errno !== OTHER_ROW) return error
    try {
      await table.rehearseInsert(mergeChanges([change], mapping))
      return error
    } catch (told) {
      if (!isOfRow(told)) throw told
      return told
    }
  }

  /** MariaDB's JSON is a text with a CHECK that has the column's name: that one says that the value does not fit. */
  function isUnfit(error: unknown): boolean {
    const isCheckOfJson =
      error instanceof DatabaseError &&
      error.errno === 4025 &&
      mapping.columns.some(({ name, type }) => name === error.rule && /^JSON\b/i.test(type))
    return isCheckOfJson || reactionTo(error) !== 'refused'
  }
}

function isOfRow(error: unknown): boolean {
  return ['unfit', 'refused', 'unknown'].includes(reactionTo(error))
}

/** By a unique index: of the server's own accord, or since the upsert met another row. */
function isOfIndex(error: unknown): boolean {
  return error instanceof DatabaseError && [1062, 1586, OTHER_ROW].some((errno) => errno === error.errno)
}

/** By the number, and the name of an index or a CHECK: the message quotes the value. */
function reasonOf(error: unknown): string {
  const { code, rule } = error instanceof DatabaseError ? error : {}
  return `the table refuses a value (${code}${rule === undefined ? '' : `, by ${rule}`})`
}
