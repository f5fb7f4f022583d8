import { count } from '../../../shared/page/client/count'
import { EVENT_STATES, type EventState } from '../../store/traceFilter'
import type { EventList } from '../protocol'
import { useTexts } from './useSettings'
import { type GoTo, hrefOf, type View, withFilter } from './view'

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
