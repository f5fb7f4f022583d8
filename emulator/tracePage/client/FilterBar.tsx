import type { RefObject } from 'preact'
import { TimeFilter } from './TimeFilter'
import { useTexts } from './useSettings'
import type { GoTo } from './useView'
import { hrefOf, isFiltered, type View, withFilter } from './view'

interface Props {
  view: View
  goTo: GoTo
  hasActions: boolean
  /** what to offer */
  known: { actions: string[]; types: string[] }
  idInput: RefObject<HTMLInputElement>
}

/** Filters by time, id, action and type. Each goes into the address at once. */
export function FilterBar({ view, goTo, hasActions, known, idInput }: Props) {
  const { filter } = useTexts()
  const change = (part: View) => goTo(withFilter(view, part), 'replace')
  const text = (name: 'id' | 'action' | 'type', list?: string) => (
    <input
      type="search"
      aria-label={filter[name]}
      placeholder={filter[name]}
      value={view[name] ?? ''}
      {...(list && { list })}
      {...(name === 'id' && { ref: idInput })}
      spellcheck={false}
      onInput={({ currentTarget }) => change({ [name]: currentTarget.value.trim() })}
    />
  )
  return (
    <search aria-label={filter.label}>
      <TimeFilter view={view} change={change} />
      {text('id')}
      {hasActions && text('action', 'actions')}
      {text('type', 'types')}
      <datalist id="actions">
        {known.actions.map((action) => (
          <option key={action} value={action} />
        ))}
      </datalist>
      <datalist id="types">
        {known.types.map((type) => (
          <option key={type} value={type} />
        ))}
      </datalist>
      {(['rule', 'bus', 'source'] as const).map(
        (name) =>
          view[name] && (
            <button type="button" key={name} class="chip" onClick={() => change({ [name]: '' })}>
              {name} {view[name]} ✕
            </button>
          ),
      )}
      {isFiltered(view) && (
        <a
          href={hrefOf({})}
          class="clear"
          onClick={(event) => {
            event.preventDefault()
            goTo(view.event ? { event: view.event } : {})
          }}
        >
          {filter.clear}
        </a>
      )}
    </search>
  )
}
