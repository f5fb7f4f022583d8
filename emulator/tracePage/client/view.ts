import { useCallback, useEffect, useState } from 'preact/hooks'

/** What the page shows, as its address says it, so that a view can be shared and bookmarked. */
const NAMES = [
  ...(['state', 'last', 'from', 'to', 'action', 'person', 'type', 'data', 'id', 'rule', 'bus', 'source'] as const),
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

/** `push` is a step that the browser's back button takes back. */
export type GoTo = (view: View, how?: 'push' | 'replace') => void

/** The view that the address names, and a way to another one. */
export function useView(): [View, GoTo] {
  const [view, setView] = useState(() => readView(location.search))
  useEffect(() => {
    const read = () => setView(readView(location.search))
    addEventListener('popstate', read)
    return () => removeEventListener('popstate', read)
  }, [])
  const goTo = useCallback<GoTo>((next, how = 'push') => {
    if (how === 'push') history.pushState(null, '', hrefOf(next))
    else history.replaceState(null, '', hrefOf(next))
    setView(next)
  }, [])
  return [view, goTo]
}
