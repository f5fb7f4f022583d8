import type { RefObject } from 'preact'
import { EVENT_STATES, type EventState } from '../../store/traceFilter'
import type { EventList } from '../protocol'
import { count } from './format'
import { useTexts } from './useSettings'
import { type GoTo, hrefOf, isFiltered, type View, withFilter } from './view'

/** The states with their counts, each a link to the events in it. */
export function StateFilter({ view, goTo, counts }: { view: View; goTo: GoTo; counts: EventList['counts'] }) {
  const { states, stateHints, all, list } = useTexts()
  const link = (state: EventState | '', label: string, number: number, hint: string) => {
    const there = withFilter(view, { state })
    return (
      <a
        key={state}
        href={hrefOf(there)}
        class={`state ${state}${number === 0 ? ' zero' : ''}`}
        title={hint}
        aria-current={(view.state ?? '') === state ? 'true' : undefined}
        onClick={(event) => {
          event.preventDefault()
          goTo(there)
        }}
      >
        {label} <b>{count(number)}</b>
      </a>
    )
  }
  const total = Object.values(counts).reduce((sum, number) => sum + number, 0)
  return (
    <nav class="states" aria-label={list.state}>
      {link('', all, total, '')}
      {EVENT_STATES.map((state) => link(state, states[state], counts[state] ?? 0, stateHints[state]))}
    </nav>
  )
}

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

/** The last minutes, hours or days, or a time from … to. */
function TimeFilter({ view, change }: { view: View; change(part: View): void }) {
  const { filter } = useTexts()
  const isCustom = view.from !== undefined || view.to !== undefined
  const choose = (chosen: string) => {
    if (chosen !== 'custom') return change({ last: chosen, from: '', to: '' })
    const now = new Date()
    change({ last: '', from: new Date(now.getTime() - 3_600_000).toISOString(), to: now.toISOString() })
  }
  const moment = (name: 'from' | 'to') => (
    <input
      type="datetime-local"
      step="1"
      aria-label={filter[name]}
      value={toLocal(view[name])}
      onChange={({ currentTarget }) => change({ [name]: toUtc(currentTarget.value) })}
    />
  )
  return (
    <>
      <select
        aria-label={filter.time}
        value={isCustom ? 'custom' : (view.last ?? '')}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        <option value="">{filter.anyTime}</option>
        {view.last && !(view.last in filter.last) && <option value={view.last}>{view.last}</option>}
        {Object.entries(filter.last).map(([last, name]) => (
          <option key={last} value={last}>
            {name}
          </option>
        ))}
        <option value="custom">{filter.custom}</option>
      </select>
      {isCustom && moment('from')}
      {isCustom && moment('to')}
    </>
  )
}

/** `2026-11-24T15:03:22` of the browser's time zone, as the input has it. */
function toLocal(utc: string | undefined): string {
  const time = Date.parse(utc ?? '')
  if (Number.isNaN(time)) return ''
  return new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

function toUtc(local: string): string {
  return local === '' ? '' : new Date(local).toISOString()
}
