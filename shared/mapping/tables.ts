import { MAX_SLOTS, type Mapping } from './mapping'
import { markOf, slotNote, slotsNote, withNote } from './slotNotes'
import { VERSION_BYTES } from './version'

/** The character set of every table, and of a text column whose type names none. */
const UTF8MB4 = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'

export interface TableColumn {
  name: string
  /** as SQL has it, NULL or NOT NULL and the default included */
  type: string
  /** what its comment ends in (slotNotes.ts) */
  note?: string
}

/** A table as it should be. */
export interface Table {
  name: string
  columns: readonly TableColumn[]
  key: readonly string[]
  /** further indexes, as SQL has them */
  indexes: readonly string[]
}

/**
 * When and by which event each column of a row was set: a version a slot (version.ts). The first tables had `versions`,
 * of 8 bytes a slot; under another name no code of then takes the one for the other.
 */
export const VERSIONS = 'columnVersions'

/** What the table has beside what mapping.yaml names. */
export const OWN_COLUMNS: readonly TableColumn[] = [
  { name: VERSIONS, type: `VARBINARY(${MAX_SLOTS * VERSION_BYTES}) NOT NULL` },
  { name: 'createdAt', type: 'DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)' },
  { name: 'updatedAt', type: 'DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)' },
]

/** Events that can never be stored, with the reason. */
export const DEAD_LETTERS: Table = {
  name: 'dead_letters',
  columns: [
    { name: 'id', type: 'BIGINT UNSIGNED NOT NULL AUTO_INCREMENT' },
    // of the whole source and id, and of what the event says: two letters are one only when all of it is the same
    { name: 'digest', type: 'BINARY(32) NOT NULL' },
    // to look at and to search by; cut where they are longer
    { name: 'source', type: 'VARCHAR(128) NOT NULL' },
    { name: 'eventId', type: 'VARCHAR(128) NOT NULL' },
    { name: 'reason', type: 'VARCHAR(255) NOT NULL' },
    { name: 'event', type: 'LONGTEXT NOT NULL' },
    { name: 'createdAt', type: 'DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)' },
  ],
  key: ['id'],
  indexes: ['UNIQUE KEY `digest` (`digest`)', 'KEY `eventId` (`eventId`)'],
}

/** The table of mapping.yaml. */
export function mappedTable({ table, key, columns }: Mapping): Table {
  const used = slotsNote(new Map(columns.map(({ name, slot }) => [slot, markOf(name)])))
  return {
    name: table,
    columns: [
      ...key.map(({ name, type }) => ({ name, type })),
      ...columns.map(({ name, type, slot }) => ({ name, type, note: slotNote(slot) })),
      ...OWN_COLUMNS.map((column) => (column.name === VERSIONS ? { ...column, note: used } : column)),
    ],
    key: key.map(({ name }) => name),
    indexes: [],
  }
}

/** The statements that make the tables, safe to run again. */
export function createTableStatements(mapping: Mapping): string[] {
  return [mappedTable(mapping), DEAD_LETTERS].map((table) => createTable(table))
}

/** Works on MySQL 5.7 and 8.0 and MariaDB 10.11, as all SQL here does. */
export function createTable({ name, columns, key, indexes }: Table, verb = 'CREATE TABLE IF NOT EXISTS'): string {
  const lines = [
    ...columns.map((column) => `${quote(column.name)} ${definitionOf(column)}`),
    `PRIMARY KEY (${key.map(quote).join(', ')})`,
    ...indexes,
  ]
  return `${verb} ${quote(name)} (\n  ${lines.join(',\n  ')}\n) ENGINE=InnoDB DEFAULT ${UTF8MB4}`
}

/** One statement, so that all of it is done or nothing. */
export function alterTable(name: string, clauses: readonly string[]): string {
  return `ALTER TABLE ${quote(name)} ${clauses.join(', ')}`
}

/** A text type without a character set of its own. */
const PLAIN_TEXT =
  /^((?:VAR)?CHAR ?\(\d+\)|(?:TINY|MEDIUM|LONG)?TEXT\b|(?:ENUM|SET) ?\([^)]*\))(?!.*\b(?:CHARACTER SET|COLLATE)\b)/i

/** `ADD COLUMN` or `MODIFY COLUMN`. The table may have been made by others, with another character set. */
export function columnClause(verb: string, column: TableColumn): string {
  return `${verb} ${quote(column.name)} ${definitionOf(column).replace(PLAIN_TEXT, `$1 ${UTF8MB4}`)}`
}

function definitionOf({ type, note }: TableColumn): string {
  return note === undefined ? type : withNote(type, note)
}

/** Names that differ in case alone name the same column: https://dev.mysql.com/doc/refman/8.0/en/identifier-case-sensitivity.html */
export function findColumn<T extends { name: string }>(columns: readonly T[], name: string): T | undefined {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
}

/** An identifier, which may be a reserved word. */
export function quote(identifier: string): string {
  return `\`${identifier.replaceAll('`', '``')}\``
}
