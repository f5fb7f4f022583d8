import { useCallback, useEffect, useState } from 'preact/hooks'
import { hrefOf, readView, type View } from './view'

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
