import { createHash } from 'node:crypto'
import { MAX_SLOTS, type Mapping } from './mapping'
import { VERSION_BYTES } from './version'

/** The character set of every table, and of a text column whose type names none. */
const UTF8MB4 = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'

export interface TableColumn {
  name: string
  /** as SQL has it, NULL or NOT NULL and the default included */
  type: string
  /** what its comment ends in: see NOTE */
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
    // of the table, the whole source and id, and of what the event says: two letters are one only when all of it is the same
    { name: 'digest', type: 'BINARY(32) NOT NULL' },
    // that of mapping.yaml which refuses the event; '' for what is of none, and in letters of when there was but one
    { name: 'table', type: "VARCHAR(64) NOT NULL DEFAULT ''" },
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

/** A table of mapping.yaml. */
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
export function createTableStatements(...mappings: readonly Mapping[]): string[] {
  return allTables(mappings).map((table) => createTable(table))
}

/** Those of mapping.yaml, and ours beside them. */
export function allTables(mappings: readonly Mapping[]): Table[] {
  return [...mappings.map(mappedTable), DEAD_LETTERS]
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

/**
 * A table knows its slots: the comment of each mapped column ends in a note, `slot 3`, and that of the versions in a list
 * of all that were ever used, `slots 0-19,23 = …`, with a mark for the name of each one's column, by which a column that was
 * dropped is known again. Words that somebody has written there stay: `of the badge (slot 3)`.
 */
const NOTE = /^(slot \d+|slots [\d,-]+(?: = [0-9a-z-]+)?)$| \((slot \d+|slots [\d,-]+(?: = [0-9a-z-]+)?)\)$/
/** Few enough for a comment. */
const MARK_LENGTH = 3
/** In characters, on every server: https://dev.mysql.com/doc/refman/8.0/en/create-table.html */
export const MAX_COMMENT = 1_024
/** The mark of a slot that was used, and is no column's that is known. */
export const NOBODY = '-'.repeat(MARK_LENGTH)

export function slotNote(slot: number): string {
  return `slot ${slot}`
}

/** @param owners the mark of each slot's column */
export function slotsNote(owners: ReadonlyMap<number, string>): string {
  const sorted = [...owners].sort(([a], [b]) => a - b)
  const ranges: [first: number, last: number][] = []
  for (const [slot] of sorted) {
    const range = ranges.at(-1)
    if (range?.[1] === slot - 1) range[1] = slot
    else ranges.push([slot, slot])
  }
  const slots = ranges.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(',')
  return `slots ${slots} = ${sorted.map(([, mark]) => mark).join('')}`
}

/** A column's name in short, whatever its case. */
export function markOf(name: string): string {
  const number = createHash('sha256').update(name.toLowerCase()).digest().readUInt32BE()
  return (number % 36 ** MARK_LENGTH).toString(36).padStart(MARK_LENGTH, '0')
}

/** The slots of a list, with their columns' marks. */
export function ownersIn(note: string | undefined): Map<number, string> {
  const [, marks = ''] = note?.split(' = ') ?? []
  const mark = (index: number) => marks.slice(index * MARK_LENGTH, (index + 1) * MARK_LENGTH)
  return new Map(slotsIn(note).map((slot, index) => [slot, mark(index)]))
}

/** The note at the end of a comment. */
export function noteOf(comment: string): string | undefined {
  const [, whole, atEnd] = NOTE.exec(comment) ?? []
  return whole ?? atEnd
}

/** The slots that a note names: one, or the list; none without a note. */
export function slotsIn(note: string | undefined): number[] {
  return (note?.split(' = ')[0]?.match(/\d+(?:-\d+)?/g) ?? []).flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}

/** A comment without its note. */
export function wordsOf(comment: string): string {
  return comment.replace(NOTE, '')
}

/** A comment with this note at its end, in place of the one that it may have. */
export function commentWith(comment: string, note: string | undefined): string {
  if (note === undefined) return comment
  const words = wordsOf(comment)
  return words === '' ? note : `${words} (${note})`
}

/** A text, a name, a comment, or what MariaDB wants behind the comment. */
const PARTS =
  /\bCOMMENT\s*(?<comment>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")|(?<constraint>\b(?:CONSTRAINT|CHECK|REFERENCES)\b)|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`/gis

/**
 * A column's definition in SQL with the note at the end of its comment, which it may have or not. What is in quotes stays
 * as it is written, so nothing has to be understood of it.
 */
export function withNote(definition: string, note: string): string {
  const parts = [...definition.matchAll(PARTS)]
  const comment = parts.find(({ groups }) => groups?.['comment'] !== undefined)
  if (comment !== undefined) {
    const literal = comment.groups?.['comment'] ?? ''
    const quote = literal[0]
    const after = definition.slice(comment.index + comment[0].length)
    return `${definition.slice(0, comment.index)}COMMENT ${quote}${commentWith(literal.slice(1, -1), note)}${quote}${after}`
  }
  const at = parts.find(({ groups }) => groups?.['constraint'] !== undefined)?.index
  if (at === undefined) return `${definition} COMMENT '${note}'`
  return `${definition.slice(0, at)}COMMENT '${note}' ${definition.slice(at)}`
}

/** The comment that a definition gives its column, as the server keeps it. */
export function commentIn(definition: string): string {
  const comments = [...definition.matchAll(PARTS)].map(({ groups }) => groups?.['comment'])
  const literal = comments.find((comment) => comment !== undefined) ?? ''
  const escaped = literal.startsWith("'") ? /\\(.)|''/gs : /\\(.)|""/gs
  return literal.slice(1, -1).replace(escaped, (text) => text.slice(1))
}

/** The definition for a column's new name, which MariaDB's CHECK of a JSON column has in it. */
export function withNewName(definition: string, name: string, newName: string): string {
  return definition.replace(PARTS, (text) => (text === quote(name) ? quote(newName) : text))
}
