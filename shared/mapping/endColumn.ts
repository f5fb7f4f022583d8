import type { Column, Mapping } from './mapping'

/** The column that says since when what a row is about has ended; of a table without such an event, one that is called so. */
export function endColumn({ events, columns }: Pick<Mapping, 'events' | 'columns'>): Column | undefined {
  const ends = Object.values(events).find((rule) => rule.ends !== undefined)?.ends ?? 'leftAt'
  return columns.find(({ name }) => name === ends)
}
