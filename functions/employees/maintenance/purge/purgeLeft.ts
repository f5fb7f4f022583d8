import { type Database, selectCount } from '../../../../shared/database'
import { endColumn } from '../../../../shared/mapping/endColumn'
import type { Column, Mapping } from '../../../../shared/mapping/mapping'
import { DEAD_LETTERS, quote, VERSIONS } from '../../../../shared/mapping/tables'
import { MAX_SEQUENCE, RANKS, VERSION_BYTES, versionOf, versionSql } from '../../../../shared/mapping/version'
import { UserError } from '../../../../shared/userError'
import { slotCount } from '../../upsertSql'
import type { Purge } from './runPurge'

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * @param name of the option, for the error
 * @throws UserError
 */
export function readDays(value: unknown, name: string): number {
  const isText = typeof value === 'string' || typeof value === 'number'
  if (isText && /^[1-9]\d{0,4}$/.test(String(value))) return Number(value)
  throw new UserError(`${name} takes a whole number of days, at least 1.`)
}

/**
 * What there is to erase, so many days after people left and after letters were put aside. All times are UTC, as the
 * function writes them: the session must be, too.
 * @param nowMs the time of the purge
 * @throws UserError when a table has personal columns, and none that says who left
 */
export function purgesOf(mappings: readonly Mapping[], days: number, nowMs: number): Purge[] {
  // a version holds no time of before 1970
  const cutoffMs = Math.max(0, nowMs - days * DAY_MS)
  const people = mappings.flatMap((mapping) => {
    const personal = mapping.columns.filter((column) => column.personal)
    return personal.length === 0 ? [] : [purgePeople(mapping, personal, cutoffMs, nowMs)]
  })
  // one says whose rows they are where there are several
  const named = people.length > 1 ? people.map((part) => ({ ...part, what: `${part.table}: ${part.what}` })) : people
  return [...named, purgeDeadLetters(cutoffMs)]
}

export function countPurge(database: Database, { table, holds }: Purge): Promise<number> {
  return selectCount(database, `SELECT COUNT(*) AS found FROM ${quote(table)} WHERE ${holds.sql}`, holds.values)
}

/**
 * Erases the personal columns of everybody who left before then. Their slots get the time of the purge, so
 * that no older event that comes late, or is replayed, fills them again; one of after it, of somebody who came back, does.
 */
function purgePeople(mapping: Mapping, personal: readonly Column[], cutoffMs: number, nowMs: number): Purge {
  const end = endColumn(mapping)
  if (end?.as !== 'time') {
    throw new UserError(
      `In mapping.yaml ${mapping.table} has personal columns, and neither an event with ends nor a column leftAt that is read as a time, so nobody is known to have left.`,
    )
  }
  const cutoff = dateTime(cutoffMs)
  const left = `${quote(end.name)} < ?`
  const filled = personal.map(({ name }) => `${quote(name)} IS NOT NULL`)
  // a seal that is younger than the leaving is as good as a new one
  const unsealed = personal.map(({ slot }) => `${versionAt(slot)} < ?`)
  // above all that came before it and all of its millisecond, of whatever stage and sequence
  const stage = Math.max(0, ...Object.values(mapping.events).map((rule) => rule.stage ?? 0))
  const seal = versionOf({ time: nowMs, stage, sequence: MAX_SEQUENCE, rank: RANKS.seal, eventId: 'purge' })
  const emptied = personal.map(({ name }) => `${quote(name)} = NULL`)
  return {
    what: `People who left before ${cutoff} UTC and have values in ${personal.map(({ name }) => name).join(', ')}`,
    table: mapping.table,
    key: mapping.key.map(({ name }) => name),
    holds: { sql: `${left} AND (${filled.join(' OR ')})`, values: [cutoff] },
    concerns: {
      sql: `${left} AND (${[...filled, ...unsealed].join(' OR ')})`,
      values: [cutoff, ...personal.map(() => versionOf({ time: cutoffMs, stage, eventId: '' }))],
    },
    erase: {
      sql: `UPDATE ${quote(mapping.table)} SET ${[...emptied, `${quote(VERSIONS)} = ${sealedVersions(mapping, personal)}`].join(', ')}`,
      values: personal.map(() => seal),
    },
  }
}

/** They hold whole events. */
function purgeDeadLetters(cutoffMs: number): Purge {
  const old = { sql: `${quote('createdAt')} < ?`, values: [dateTime(cutoffMs)] }
  return {
    what: `Dead letters from before ${dateTime(cutoffMs)} UTC`,
    table: DEAD_LETTERS.name,
    key: DEAD_LETTERS.key,
    holds: old,
    concerns: old,
    erase: { sql: `DELETE FROM ${quote(DEAD_LETTERS.name)}`, values: [] },
  }
}

/** Slot by slot: a row that was written before a slot existed is too short for it. */
function sealedVersions(mapping: Mapping, personal: readonly Column[]): string {
  const slots = slotCount(mapping)
  const isPersonal = new Set(personal.map(({ slot }) => slot))
  const parts = Array.from({ length: slots }, (_, slot) => {
    const padded = `RPAD(${versionAt(slot)}, ${VERSION_BYTES}, X'00')`
    return isPersonal.has(slot) ? `GREATEST(${padded}, ?)` : padded
  })
  return `CONCAT(${[...parts, `SUBSTR(${quote(VERSIONS)}, ${slots * VERSION_BYTES + 1})`].join(', ')})`
}

function versionAt(slot: number): string {
  return versionSql(quote(VERSIONS), slot)
}

/** A time in UTC as a DATETIME's text. */
function dateTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
}
