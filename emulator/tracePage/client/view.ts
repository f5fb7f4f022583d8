/** What the page shows, as its address says it, so that a view can be shared and bookmarked. */
const NAMES = [
  ...(['state', 'last', 'from', 'to', 'action', 'type', 'id', 'rule', 'bus', 'source'] as const),
  ...(['before', 'event'] as const),
] as const
export type View = Partial<Record<(typeof NAMES)[number], string>>

/** @param search of a location; what is unknown is left out */
export function readView(search: string): View {
  const query = new URLSearchParams(search)
  return Object.fromEntries(NAMES.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])))
}

/** The address of a view, always in the same order. */
export function hrefOf(view: View): string {
  const query = queryOf(view)
  return query === '' ? '/' : `/?${query}`
}

function queryOf(view: View): string {
  const query = new URLSearchParams()
  for (const name of NAMES) if (view[name]) query.set(name, view[name])
  return query.toString()
}

/** The query that finds the events of a view; with its page, where one is asked for. */
export function filterOf({ event: _, before, ...filter }: View, page?: 'page'): string {
  return queryOf(page && before ? { ...filter, before } : filter)
}

/** Whether something is left out. */
export function isFiltered(view: View): boolean {
  return filterOf(view) !== ''
}

/** Another filter begins with its first page. */
export function withFilter({ before: _, ...view }: View, change: View): View {
  return { ...view, ...change }
}
