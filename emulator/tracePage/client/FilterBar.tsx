import type { RefObject } from 'preact'
import { useState } from 'preact/hooks'
import { DataFilter } from './DataFilter'
import { PersonFilter } from './PersonFilter'
import { TimeFilter } from './TimeFilter'
import { useTexts } from './useSettings'
import { type GoTo, hrefOf, isFiltered, type View, withFilter } from './view'

interface Props {
  view: View
  goTo: GoTo
  /** whether events are about people, as DingTalk's are */
  hasPeople: boolean
  /** what to offer */
  known: { actions: string[]; types: string[] }
  idInput: RefObject<HTMLInputElement>
  /** tells the reader something; nothing takes back what was told */
  say(notice: string): void
}

/** Filters by time, id, action, person, type and what is in the data. Each goes into the address at once. On a phone a button shows them. */
export function FilterBar({ view, goTo, hasPeople, known, idInput, say }: Props) {
  const { filter } = useTexts()
  const [isShown, setShown] = useState(false)
  const active = FILTERS.filter((name) => view[name]).length
  const change = (part: View) => goTo(withFilter(view, part), 'replace')
  const text = (name: 'id' | 'action' | 'type', list?: string) => (
    <input
      type="search"
      aria-label={filter[name]}
      placeholder={filter[name]}
      {...(name === 'action' && { title: filter.part })}
      value={view[name] ?? ''}
      {...(list && { list })}
      {...(name === 'id' && { ref: idInput })}
      spellcheck={false}
      onInput={({ currentTarget }) => change({ [name]: currentTarget.value.trim() })}
    />
  )
  return (
    <>
      <button
        type="button"
        class={`narrow filter${active > 0 ? ' active' : ''}`}
        aria-expanded={isShown}
        aria-controls="filter"
        onClick={() => setShown(!isShown)}
      >
        {filter.button(active)}
      </button>
      <search id="filter" class={isShown ? 'shown' : ''} aria-label={filter.label}>
        <TimeFilter view={view} change={change} />
        {text('id')}
        {hasPeople && text('action', 'actions')}
        {hasPeople && <PersonFilter chosen={view.person ?? ''} choose={(person) => change({ person })} say={say} />}
        {text('type', 'types')}
        <DataFilter chosen={view.data ?? ''} choose={(data) => change({ data })} say={say} />
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
                {filter[name]} {view[name]} ✕
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
    </>
  )
}

/** Those that the button on a phone hides. */
const FILTERS = ['last', 'from', 'to', 'action', 'person', 'type', 'data', 'id', 'rule', 'bus', 'source'] as const
