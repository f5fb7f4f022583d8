import type { Column, Mapping } from '../../../../shared/mapping/mapping'
import { DEAD_LETTERS, quote, VERSIONS } from '../../../../shared/mapping/tables'
import { RANKS, VERSION_BYTES, versionOf, versionSql } from '../../../../shared/mapping/version'
import { UserError } from '../../../../shared/userError'
import { slotCount } from '../../upsertSql'
import { type Executing, selectCount } from '../rows'

const DAY_MS = 24 * 60 * 60 * 1000
/** The column of mapping.yaml that says when somebody left. */
const LEFT_AT = 'leftAt'

interface Statement {
  sql: string
  values: readonly (string | number | Buffer)[]
}

export interface Purge {
  what: string
  /** counts the rows that hold something to erase */
  count: Statement
  run: Statement
}

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
 * What there is to erase, so many days after people left and after letters were put aside.
 * @param nowMs the time of the purge
 * @throws UserError when mapping.yaml has personal columns, and none that says who left
 */
export function purgesOf(mapping: Mapping, days: number, nowMs: number): Purge[] {
  const cutoffMs = nowMs - days * DAY_MS
  const personal = mapping.columns.filter((column) => column.personal)
  return [
    ...(personal.length === 0 ? [] : [purgePeople(mapping, personal, cutoffMs, nowMs)]),
    purgeDeadLetters(cutoffMs),
  ]
}

export function countPurge(database: Executing, { count }: Purge): Promise<number> {
  return selectCount(database, count.sql, count.values)
}

export async function runPurge(database: Executing, { run }: Purge): Promise<void> {
  await database.execute(run.sql, [...run.values])
}

/**
 * Erases the personal columns of everybody who left before then. Their slots get the time of the purge, so
 * that no older event that comes late, or is replayed, fills them again; one of after it, of somebody who came back, does.
 */
function purgePeople(mapping: Mapping, personal: readonly Column[], cutoffMs: number, nowMs: number): Purge {
  if (!mapping.columns.some(({ name, as }) => name === LEFT_AT && as === 'time')) {
    throw new UserError(
      `mapping.yaml has no column ${LEFT_AT} that is read as a time, so nobody is known to have left.`,
    )
  }
  const table = quote(mapping.table)
  const cutoff = new Date(cutoffMs).toISOString().replace('T', ' ').replace('Z', '')
  const left = `${quote(LEFT_AT)} < ?`
  const filled = personal.map(({ name }) => `${quote(name)} IS NOT NULL`)
  // a seal that is younger than the leaving is as good as a new one
  const unsealed = personal.map(({ slot }) => `${versionAt(slot)} < ?`)
  const seal = versionOf({ time: nowMs, rank: RANKS.seal, eventId: 'purge' })
  const emptied = personal.map(({ name }) => `${quote(name)} = NULL`)
  return {
    what: `People who left before ${cutoff} UTC and have values in ${personal.map(({ name }) => name).join(', ')}`,
    count: {
      sql: `SELECT COUNT(*) AS found FROM ${table} WHERE ${left} AND (${filled.join(' OR ')})`,
      values: [cutoff],
    },
    run: {
      sql:
        `UPDATE ${table} SET ${[...emptied, `${quote(VERSIONS)} = ${sealedVersions(mapping, personal)}`].join(', ')} ` +
        `WHERE ${left} AND (${[...filled, ...unsealed].join(' OR ')})`,
      values: [...personal.map(() => seal), cutoff, ...personal.map(() => versionOf({ time: cutoffMs, eventId: '' }))],
    },
  }
}

/** They hold whole events. Their times are the server's, in the time zone of its sessions, as FROM_UNIXTIME is. */
function purgeDeadLetters(cutoffMs: number): Purge {
  const old = `FROM ${quote(DEAD_LETTERS.name)} WHERE \`createdAt\` < FROM_UNIXTIME(?)`
  const values = [cutoffMs / 1000]
  return {
    what: `Dead letters from before ${new Date(cutoffMs).toISOString()}`,
    count: { sql: `SELECT COUNT(*) AS found ${old}`, values },
    run: { sql: `DELETE ${old}`, values },
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
