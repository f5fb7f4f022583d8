import type { DescribedColumn } from './describeTable'
import { MAX_SLOTS } from './mapping'
import {
  alterTable,
  commentIn,
  commentWith,
  findColumn,
  MAX_COMMENT,
  markOf,
  NOBODY,
  noteOf,
  OWN_COLUMNS,
  ownersIn,
  quote,
  slotNote,
  slotsIn,
  slotsNote,
  type Table,
  type TableColumn,
  VERSIONS,
  withNewName,
  withNote,
} from './tables'

/** How a table that is there differs from the one that is wanted. */
export interface Difference {
  /** whether it has the key of ours, in whatever order, and the versions where ours has them: the upsert works on no other */
  isOurs: boolean
  missing: readonly TableColumn[]
  changed: readonly ChangedColumn[]
  /** columns that are only there */
  unknown: readonly DescribedColumn[]
  /** columns whose comment does not end in the note that it should */
  unnoted: readonly { there: DescribedColumn; note: string }[]
}

export interface ChangedColumn {
  there: DescribedColumn
  wanted: DescribedColumn
  column: TableColumn
}

/**
 * @param there the columns of the table that exists
 * @param wanted the columns of `table`, as the same server describes them
 */
export function compareTable(
  table: Table,
  there: readonly DescribedColumn[],
  wanted: readonly DescribedColumn[],
): Difference {
  const missing = table.columns.filter(({ name }) => !findColumn(there, name))
  return {
    isOurs: hasOurKey(table, there) && !findColumn(missing, VERSIONS),
    missing,
    changed: table.columns.flatMap((column) => {
      const [is, shall] = [findColumn(there, column.name), findColumn(wanted, column.name)]
      return is === undefined || shall === undefined || isSame(is, shall) ? [] : [{ there: is, wanted: shall, column }]
    }),
    unknown: there.filter(({ name }) => !findColumn(table.columns, name)),
    unnoted: table.columns.flatMap(({ name, note }) => {
      const is = findColumn(there, name)
      return is === undefined || note === undefined || noteOf(is.comment) === note ? [] : [{ there: is, note }]
    }),
  }
}

/** Whether its primary key is of the same columns, in whatever order. */
export function hasOurKey({ key }: Table, there: readonly DescribedColumn[]): boolean {
  const keyThere = there.filter(({ isKey }) => isKey)
  return keyThere.length === key.length && key.every((name) => findColumn(keyThere, name) !== undefined)
}

/** Defaults do not count: the upsert gives each column a value, and servers spell them in many ways. */
function isSame(there: DescribedColumn, wanted: DescribedColumn): boolean {
  return there.type === wanted.type && there.collation === wanted.collation && there.nullable === wanted.nullable
}

/** The table with all slots in its list that were ever used, also those of columns that are gone. */
export function withUsedSlots(table: Table, there: readonly DescribedColumn[]): Table {
  const wanted = ownersIn(findColumn(table.columns, VERSIONS)?.note)
  const marks = new Set(wanted.values())
  // a column has one slot: the one that it had before it was dropped and came back in another is nobody's
  const used = [...listOf(there).slots].map(([slot, mark]): [number, string] => [slot, marks.has(mark) ? NOBODY : mark])
  const note = slotsNote(new Map([...used, ...there.flatMap(marksOf), ...wanted]))
  return { ...table, columns: table.columns.map((column) => (column.name === VERSIONS ? { ...column, note } : column)) }
}

/**
 * Where mapping.yaml gives a column another slot than it has in the table, or one that was another column's. The rows'
 * versions of a slot are then not the column's, and an older event would win over a newer one, or a newer one be lost.
 * @returns a sentence each, with the next step; none where the table does not know its slots yet
 */
export function compareSlots(table: Table, there: readonly DescribedColumn[]): string[] {
  const { slots: list, isLost } = listOf(there)
  const owned = ownedSlots(there, list)
  const taken = new Set([
    ...list.keys(),
    ...owned.map(({ slot }) => slot),
    ...table.columns.flatMap(({ note }) => slotsIn(note)),
  ])
  return table.columns
    .filter(({ name }) => name !== VERSIONS)
    .flatMap((column) => slotsIn(column.note).flatMap((slot) => faultOf(column.name, slot)))

  function faultOf(name: string, slot: number): string[] {
    const gives = `mapping.yaml gives ${name} slot ${slot}`
    const is = findColumn(there, name)
    const own = owned.filter(({ column }) => column === is).map((one) => one.slot)
    if (own.includes(slot)) return []
    if (own.length > 0) return [`${gives}, in ${table.name} it has slot ${own.join(' or ')}: put that back.`]

    const owner = owned.find((one) => one.slot === slot)?.column
    if (is !== undefined && isLost) {
      const which = `Which slot ${name} has in ${table.name} is not known: its comment is gone, and the list of ${VERSIONS}, too.`
      if (owner !== undefined)
        return [`${which} It is not ${slot}, which is that of ${owner.name}: put back what it was.`]
      return [`${which} If it is ${slot}, as in mapping.yaml, first ${noting(is, slot)}.`]
    }
    if (owner !== undefined) {
      const isRenamed = is === undefined && !findColumn(table.columns, owner.name)
      const or = isRenamed
        ? `; or, if ${name} is the new name of ${owner.name}, first ${renaming(owner, name, slot)}`
        : ''
      return [`${gives}, which is that of ${owner.name} in ${table.name}: ${numberOn()}${or}.`]
    }
    const mark = list.get(slot)
    // its own: it was dropped and comes back
    if (mark === undefined || mark === markOf(name)) return []
    // the server's CHANGE, too, takes a comment away
    const or = is === undefined ? '' : `; or, if ${name} is its new name, first ${noting(is, slot)}`
    const was = mark === NOBODY ? 'may have been' : 'was'
    return [`${gives}, which ${was} another column's in ${table.name}: ${numberOn()}${or}.`]
  }

  function numberOn(): string {
    const free = Array.from({ length: MAX_SLOTS }, (_, slot) => slot).filter((slot) => !taken.has(slot))
    const next = free.find((slot) => slot > Math.max(...taken)) ?? free[0]
    if (next === undefined) return 'no slot is free any more'
    taken.add(next)
    return `give it the next free one, ${next}`
  }

  function noting({ name, definition }: DescribedColumn, slot: number): string {
    return alterTable(table.name, [`MODIFY COLUMN ${quote(name)} ${withNote(definition, slotNote(slot))}`])
  }

  function renaming(owner: DescribedColumn, name: string, slot: number): string {
    const definition = withNote(withNewName(owner.definition, owner.name, name), slotNote(slot))
    return alterTable(table.name, [`CHANGE COLUMN ${quote(owner.name)} ${quote(name)} ${definition}`])
  }
}

/**
 * Comments of the table that have no room for the note that they are to end in, and those of mapping.yaml. The server
 * would refuse the whole statement, with a code that names no column. A table with another key is copied without them.
 * @returns a sentence each, with the next step
 */
export function longComments(table: Table, there: readonly DescribedColumn[]): string[] {
  const kept = hasOurKey(table, there) ? there : []
  return table.columns.flatMap(({ name, type, note }) => {
    const comment = findColumn(kept, name)?.comment ?? ''
    return [...sentence(commentIn(type), 'mapping.yaml'), ...sentence(comment, table.name)]

    function sentence(comment: string, where: string): string[] {
      const { length } = [...commentWith(comment, note)]
      if (length <= MAX_COMMENT) return []
      const ending = note === undefined ? '' : `, with its slot${name === VERSIONS ? 's' : ''} at the end,`
      return [
        `The comment of ${name} in ${where}${ending} has ${length.toLocaleString('en')} characters, and a server keeps 1,024: shorten it by ${length - MAX_COMMENT}.`,
      ]
    }
  })
}

/**
 * The list that the table keeps. Where somebody's MODIFY has taken it, the columns' own notes tell which slots there were,
 * and any number below may have been that of a column that is gone.
 */
function listOf(there: readonly DescribedColumn[]): { slots: Map<number, string>; isLost: boolean } {
  const versions = findColumn(there, VERSIONS)
  const listed = ownersIn(versions && noteOf(versions.comment))
  const known = [...listed.keys(), ...there.flatMap(slotsOf)]
  const isLost = versions !== undefined && known.length > 0 && (listed.size === 0 || [...listed.values()].includes(''))
  if (!isLost) return { slots: listed, isLost }
  const below = Array.from({ length: Math.max(...known) + 1 }, (_, slot): [number, string] => [slot, NOBODY])
  return { slots: new Map([...below, ...[...listed].filter(([, mark]) => mark !== '')]), isLost }
}

/**
 * The slot of each column that is there: that of its note, or, where somebody's MODIFY has taken the note, the one that has
 * its mark in the list: in rare cases several, for two names may have one mark.
 */
function ownedSlots(
  there: readonly DescribedColumn[],
  list: ReadonlyMap<number, string>,
): { slot: number; column: DescribedColumn }[] {
  const noted = there.flatMap((column) => slotsOf(column).map((slot) => ({ slot, column })))
  const free = [...list].filter(([slot]) => !noted.some((one) => one.slot === slot))
  const unnoted = there.filter((column) => {
    return slotsOf(column).length === 0 && !column.isKey && !findColumn(OWN_COLUMNS, column.name)
  })
  const marked = unnoted.flatMap((column) => {
    return free.filter(([, mark]) => mark === markOf(column.name)).map(([slot]) => ({ slot, column }))
  })
  return [...noted, ...marked]
}

function marksOf(column: DescribedColumn): [slot: number, mark: string][] {
  return slotsOf(column).map((slot) => [slot, markOf(column.name)])
}

function slotsOf({ comment }: DescribedColumn): number[] {
  const note = noteOf(comment)
  return note?.startsWith('slot ') ? slotsIn(note) : []
}
