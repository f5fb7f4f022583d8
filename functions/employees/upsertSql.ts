import type { Mapping } from '../../shared/mapping/mapping'
import { quote, VERSIONS } from '../../shared/mapping/tables'
import { VERSION_BYTES, versionSql } from '../../shared/mapping/version'

/**
 * One statement that inserts or merges `rows` rows. Column by column, the newer version wins, compared inside the
 * statement, so that no order of deliveries and no number of instances can put an older value over a newer one; a
 * column that an event says nothing about has the version 0 and changes nothing.
 *
 * `VALUES()` is deprecated in MySQL 8.0.20, but its successor (a row alias) exists neither in 5.7 nor in MariaDB.
 * Assignments are evaluated from left to right, so the versions come last.
 * https://dev.mysql.com/doc/refman/8.0/en/insert-on-duplicate.html
 */
export function upsertSql(mapping: Mapping, rows: number): string {
  const names = [...mapping.key.map(({ name }) => name), ...mapping.columns.map(({ name }) => name), VERSIONS]
  const [stored, given] = [quote(VERSIONS), `VALUES(${quote(VERSIONS)})`]
  const row = `(${names.map(() => '?').join(',')})`
  const assignments = mapping.columns.map(({ name, slot }) => {
    // An event that says nothing about a column has the version 0, which is not newer than no version at all.
    const storedVersion = `GREATEST(${versionSql(stored, slot)}, X'${'00'.repeat(VERSION_BYTES)}')`
    const isNewer = `${versionSql(given, slot)} > ${storedVersion}`
    return `\`${name}\` = IF(${isNewer}, VALUES(\`${name}\`), \`${name}\`)`
  })
  const slots = slotCount(mapping)
  const merged = Array.from({ length: slots }, (_, slot) => {
    return `GREATEST(${versionSql(given, slot)}, ${versionSql(stored, slot)})`
  })
  // A version of the code with more slots may have written the row: what it knows beyond ours is kept.
  const rest = `SUBSTR(${stored}, ${slots * VERSION_BYTES + 1})`
  return (
    `INSERT INTO \`${mapping.table}\` (${names.map((name) => `\`${name}\``).join(', ')}) ` +
    `VALUES ${Array.from({ length: rows }, () => row).join(',')} ` +
    `ON DUPLICATE KEY UPDATE ${assignments.join(', ')}, ${stored} = CONCAT(${[...merged, rest].join(', ')})`
  )
}

/** Slots are numbered in mapping.yaml and never reused, so there may be gaps. */
export function slotCount(mapping: Mapping): number {
  return Math.max(-1, ...mapping.columns.map(({ slot }) => slot)) + 1
}
