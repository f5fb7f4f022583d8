import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { errorMessage } from '../../../shared/errorCode'
import { count } from '../../../shared/page/client/count'
import { postJson } from '../../../shared/page/client/server'
import { EVENT_STATES, type EventState } from '../../store/traceFilter'
import type { EventList, FoundPeople, PeopleCommand } from '../protocol'
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
  /** whether events are about people, as DingTalk's are */
  hasPeople: boolean
  /** what to offer */
  known: { actions: string[]; types: string[] }
  idInput: RefObject<HTMLInputElement>
  /** tells the reader something; nothing takes back what was told */
  say(notice: string): void
}

/** Filters by time, id, action, person and type. Each goes into the address at once. On a phone a button shows them. */
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
const FILTERS = ['last', 'from', 'to', 'action', 'person', 'type', 'id', 'rule', 'bus', 'source'] as const

interface PersonFilterProps {
  /** user ids, with commas between them */
  chosen: string
  choose(userIds: string): void
  say(notice: string): void
}

/**
 * A person by their user id or their whole name. It is looked up once it is typed, as a part of it finds nobody; the
 * address then holds the user ids of whoever that is, and no name.
 */
function PersonFilter({ chosen, choose, say }: PersonFilterProps) {
  const { filter, said } = useTexts()
  const [typed, setTyped] = useState(chosen)
  const [isNobody, setNobody] = useState(false)
  useEffect(() => {
    setTyped(chosen)
    setNobody(false)
  }, [chosen])
  // meanwhile another filter may be chosen, and somebody else be asked for
  const latest = useRef({ choose, named: '' })
  latest.current.choose = choose

  async function look(named: string): Promise<void> {
    latest.current.named = named
    if (named === chosen) return
    say('')
    try {
      const { userIds } = await postJson<FoundPeople>('/trace/people', { named } satisfies PeopleCommand)
      if (latest.current.named !== named) return
      if (userIds.length > 0) {
        setTyped(userIds.join(','))
        latest.current.choose(userIds.join(','))
      } else {
        setNobody(true)
        say(filter.nobody)
      }
    } catch (error) {
      say(said(errorMessage(error)))
    }
  }

  return (
    <input
      type="search"
      class="person"
      aria-label={filter.person}
      title={filter.person}
      placeholder={filter.personInShort}
      value={typed}
      maxLength={4_096}
      aria-invalid={isNobody}
      spellcheck={false}
      autocomplete="off"
      onInput={({ currentTarget: { value } }) => {
        setTyped(value)
        setNobody(false)
        latest.current.named = ''
        if (value.trim() !== '') return
        say('')
        choose('')
      }}
      onChange={({ currentTarget: { value } }) => {
        if (value.trim() !== '') void look(value.trim())
      }}
    />
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
  const otherLast = (last: string) => {
    const [, n = '', unit = ''] = /^(\d+)([smhd])$/.exec(last) ?? []
    return unit === '' ? last : filter.lastOther(n, unit === 'm' ? 'min' : (unit as 's' | 'h' | 'd'))
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
        {view.last && !(view.last in filter.last) && <option value={view.last}>{otherLast(view.last)}</option>}
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
