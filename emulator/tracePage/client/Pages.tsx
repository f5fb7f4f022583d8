import type { ComponentChildren } from 'preact'
import { useTexts } from './useSettings'
import type { GoTo } from './useView'
import { hrefOf, type View, withFilter } from './view'

interface Props {
  view: View
  goTo: GoTo
  /** there are older events, before this */
  older: number | undefined
  children: ComponentChildren
}

/** Below the list: other pages of it, and what can be done with its events. */
export function Pages({ view, goTo, older, children }: Props) {
  const { list } = useTexts()
  const link = (there: View, label: string) => (
    <a
      href={hrefOf(there)}
      onClick={(event) => {
        event.preventDefault()
        goTo(there)
        document.querySelector('.list')?.scrollTo(0, 0)
      }}
    >
      {label}
    </a>
  )
  return (
    <footer>
      {children}
      <span class="spring" />
      {view.before && link(withFilter(view, {}), list.newest)}
      {older !== undefined && link({ ...view, before: String(older) }, list.older)}
    </footer>
  )
}
