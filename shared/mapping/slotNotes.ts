import { createHash } from 'node:crypto'

/**
 * A table knows its slots: the comment of each mapped column ends in a note, `slot 3`, and that of the versions in a list
 * of all that were ever used, `slots 0-19,23 = …`, with a mark for the name of each one's column, by which a column that was
 * dropped is known again. Words that somebody has written there stay: `of the badge (slot 3)`.
 */
const NOTE = /^(slot \d+|slots [\d,-]+(?: = [0-9a-z]+)?)$| \((slot \d+|slots [\d,-]+(?: = [0-9a-z]+)?)\)$/
/** Few enough for the 1,024 characters of a comment. */
const MARK_LENGTH = 3

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
    const [quote, words] = [literal[0], wordsOf(literal.slice(1, -1))]
    const noted = words === '' ? note : `${words} (${note})`
    const after = definition.slice(comment.index + comment[0].length)
    return `${definition.slice(0, comment.index)}COMMENT ${quote}${noted}${quote}${after}`
  }
  const at = parts.find(({ groups }) => groups?.['constraint'] !== undefined)?.index
  if (at === undefined) return `${definition} COMMENT '${note}'`
  return `${definition.slice(0, at)}COMMENT '${note}' ${definition.slice(at)}`
}
