import type { Column, Mapping } from '../../shared/mapping/mapping'
import { quote, VERSIONS } from '../../shared/mapping/tables'
import { heardSql, RANKS, rankOf, rankSql, timeSql, VERSION_BYTES, versionSql } from '../../shared/mapping/version'

/** What the table has stored, and what the statement gives it. */
const STORED = quote(VERSIONS)
const GIVEN = `VALUES(${quote(VERSIONS)})`
const ENDS = `X'${Buffer.of(RANKS.ends).toString('hex')}'`
/** An event that says nothing about a column has the version 0, which is not newer than no version at all. */
const NOTHING = `X'${'00'.repeat(VERSION_BYTES)}'`
export const ABSENT = `X'${Buffer.of(RANKS.absent).toString('hex')}'`

/**
 * One statement that inserts or merges `rows` rows. Column by column, the newer version wins, compared inside the
 * statement, so that no order of deliveries and no number of instances can put an older value over a newer one; a
 * column that an event says nothing about has the version 0 and changes nothing.
 *
 * `VALUES()` is deprecated in MySQL 8.0.20, but its successor (a row alias) exists neither in 5.7 nor in MariaDB.
 * Assignments are evaluated from left to right, so the versions come last, and what depends on another column behind it.
 * https://dev.mysql.com/doc/refman/8.0/en/insert-on-duplicate.html
 *
 * The server goes through all of the text with each execution, so what few statements need is in theirs alone.
 * @param hasWitness whether one of the rows may tell when somebody really ended: see isTestified()
 */
export function upsertSql(mapping: Mapping, rows: number, hasWitness = true): string {
  const names = [...mapping.key.map(({ name }) => name), ...mapping.columns.map(({ name }) => name), VERSIONS]
  const columns = names.map(quote).join(', ')
  const values = [...mapping.key.map(() => '?'), ...mapping.columns.map(placeholder), '?']
  const row = `(${values.join(',')})`
  return (
    `INSERT INTO ${quote(mapping.table)} (${columns}) VALUES ${Array.from({ length: rows }, () => row).join(',')} ` +
    `ON DUPLICATE KEY UPDATE ${assignments(mapping, hasWitness).join(', ')}`
  )
}

/** The number of the error by which the statement refuses to touch another row: see versions(). */
export const OTHER_ROW = 1365

/** What an event says nothing about is NULL, in a column that takes one. */
function placeholder(column: Column): string {
  return nothing(column) === 'NULL' ? '?' : `COALESCE(?,${nothing(column)})`
}

function nothing({ name, type }: Column): string {
  const hasOnlyDefault = /\bNOT NULL\b.*\bDEFAULT\b|\bDEFAULT\b.*\bNOT NULL\b/i.test(type)
  return hasOnlyDefault ? `DEFAULT(${quote(name)})` : 'NULL'
}

/** The row alone, which must be new: what refuses it is then named in the error. */
export function insertSql(mapping: Mapping): string {
  return upsertSql(mapping, 1).replace(/ ON DUPLICATE KEY UPDATE .*$/s, '')
}

/** Whether a row comes from an event that ends what it is about, where rosters do that as well. */
export function isWitness(versions: Buffer, mapping: Mapping): boolean {
  const left = leftColumn(mapping)
  return left !== undefined && rankOf(versions, left.slot) === RANKS.ends
}

function assignments(mapping: Mapping, hasWitness: boolean): string[] {
  const { columns, ended } = mapping
  const since = new Map(ended.map((one) => [columns[one.column], columns[one.since]]))
  const left = leftColumn(mapping)
  const witnessed = hasWitness ? left : undefined
  return [
    ...columns
      .filter((column) => !since.has(column))
      .map((column) => {
        const otherwise = column === left ? sinceWhen(column, mapping) : undefined
        return `${quote(column.name)} = ${newer(column, witnessed, otherwise)}`
      }),
    ...[...since].flatMap(([column, by]) => {
      if (column === undefined || by === undefined) return []
      const { name, slot } = column
      const isBack = `${rankSql(greatest(slot), 0)} IN (${ENDS}, ${ABSENT}) AND ${quote(by.name)} IS NULL`
      return [`${quote(name)} = IF(${isBack}, ${nothing(column)}, ${newer(column, witnessed)})`]
    }),
    `${STORED} = ${versions(mapping, witnessed)}`,
  ]
}

/** The column by which a roster says that somebody has left. */
export function leftColumn({ events, roster, columns }: Mapping): Column | undefined {
  const ends = roster && events[roster.absent]?.ends
  return columns.find(({ name }) => name === ends)
}

function newer({ name, slot }: Column, left: Column | undefined, otherwise = quote(name)): string {
  // of a row of before the slot existed even the version 0 would be newer
  const isNewer = `${versionSql(GIVEN, slot)} > GREATEST(${versionSql(STORED, slot)}, ${NOTHING})`
  return `IF(${isNewer}${left ? ` OR ${isTestified(slot, left)}` : ''}, VALUES(${quote(name)}), ${otherwise})`
}

/**
 * Whether a roster has set the column, and now an event tells when it really ended: a witness, older than the roster and
 * not older than the last that was heard.
 */
function isTestified(slot: number, left: Column): string {
  return [
    // first, as it is true of few
    `${rankSql(GIVEN, left.slot)} = ${ENDS}`,
    `${rankSql(STORED, slot)} = ${ABSENT}`,
    `${versionSql(GIVEN, slot)} > ${NOTHING}`,
    `${rankSql(STORED, left.slot)} = ${ABSENT}`,
    `${timeSql(GIVEN, left.slot)} >= ${heardSql(STORED, left.slot)}`,
  ].join(' AND ')
}

/** What becomes of it otherwise: whoever is heard of after the roster that took them for gone was not. */
function sinceWhen(left: Column, mapping: Mapping): string {
  const given = mapping.columns.map(({ slot }) => timeSql(GIVEN, slot))
  const isHeardOf = `GREATEST(X'00', ${given.join(', ')}) > ${timeSql(STORED, left.slot)}`
  return `IF(${rankSql(STORED, left.slot)} = ${ABSENT} AND ${isHeardOf}, NULL, ${quote(left.name)})`
}

function greatest(slot: number): string {
  return `GREATEST(${versionSql(GIVEN, slot)}, ${versionSql(STORED, slot)})`
}

/**
 * A row that has this key is merged. One that has another key, and the same value in some further unique index of the
 * table's owner, is another one's: a division by zero, which the strict session refuses, keeps it as it is.
 */
function versions(mapping: Mapping, left: Column | undefined): string {
  const slots = slotCount(mapping)
  const used = new Set(mapping.columns.map(({ slot }) => slot))
  const merged = Array.from({ length: slots }, (_, slot) => {
    if (!used.has(slot)) return slot === 0 || used.has(slot - 1) ? keptSlots(slot, used) : []
    if (left === undefined) return greatest(slot)
    return `IF(${isTestified(slot, left)}, ${versionSql(GIVEN, slot)}, ${greatest(slot)})`
  }).flat()
  // A version of the code with more slots may have written the row: what it knows beyond ours is kept.
  const rest = `SUBSTR(${STORED}, ${slots * VERSION_BYTES + 1})`
  const isSame = mapping.key.map(({ name }) => `${quote(name)} = VALUES(${quote(name)})`).join(' AND ')
  return `IF(${isSame}, CONCAT(${[...merged, rest].join(', ')}), 1 / 0)`
}

/** What the row knows of slots from this one on that no column has, up to one that a column has: of an older row it is less. */
function keptSlots(from: number, used: ReadonlySet<number>): string {
  const bytes = (Math.min(...[...used].filter((slot) => slot > from)) - from) * VERSION_BYTES
  return `RPAD(SUBSTR(${STORED}, ${from * VERSION_BYTES + 1}, ${bytes}), ${bytes}, X'00')`
}

/** Slots are numbered in mapping.yaml and never reused, so there may be gaps. */
export function slotCount(mapping: Mapping): number {
  return Math.max(-1, ...mapping.columns.map(({ slot }) => slot)) + 1
}
