import type { ComponentChildren } from 'preact'
import type { EventState } from '../../store/traceFilter'
import type { Delivery, ListedEvent } from '../protocol'
import { clockTime, duration, exactTime, shortAnswer } from './format'
import { useTexts } from './useSettings'
import { type GoTo, hrefOf, type View, withFilter } from './view'

interface EventTableProps {
  events: ListedEvent[]
  view: View
  /** whether events are about people */
  hasPeople: boolean
  selected: ReadonlySet<number>
  select(seqs: number[], isSelected: boolean): void
  open(seq: number): void
}

/** One row an event, the newest first. The link in it covers it whole, and takes the focus. */
export function EventTable({ events, view, hasPeople, selected, select, open }: EventTableProps) {
  const { list } = useTexts()
  const now = Date.now()
  const seqs = events.map(({ seq }) => seq)
  return (
    <table class={`events${hasPeople ? ' of-people' : ''}`}>
      <thead>
        <tr>
          <th scope="col">
            <input
              type="checkbox"
              aria-label={list.selectAll}
              checked={seqs.length > 0 && seqs.every((seq) => selected.has(seq))}
              onChange={({ currentTarget }) => select(seqs, currentTarget.checked)}
            />
          </th>
          <th scope="col">{list.received}</th>
          <th scope="col">{list.state}</th>
          <th scope="col">{list.event}</th>
          {hasPeople && <th scope="col">{list.about}</th>}
          <th scope="col">{list.outcome}</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => {
          const { seq, id, action, type, receivedAt, state } = event
          const isOpen = view.event === String(seq)
          return (
            <tr key={seq} class={`${isOpen ? 'open' : ''}${event.peopleCount === 0 ? ' of-nobody' : ''}`}>
              <td class="select">
                <label>
                  <input
                    type="checkbox"
                    aria-label={list.select(id)}
                    checked={selected.has(seq)}
                    onChange={({ currentTarget }) => select([seq], currentTarget.checked)}
                  />
                </label>
              </td>
              <td class="received">
                <time dateTime={new Date(receivedAt).toISOString()} title={exactTime(receivedAt)}>
                  {clockTime(receivedAt, now)}
                </time>
              </td>
              <td class="became">
                <StateBadge state={state} />
              </td>
              <td class="event">
                <a
                  href={hrefOf({ ...view, event: String(seq) })}
                  data-seq={seq}
                  aria-current={isOpen ? 'true' : undefined}
                  onClick={(click) => {
                    if (click.metaKey || click.ctrlKey) return
                    click.preventDefault()
                    open(seq)
                  }}
                >
                  {action ?? type}
                </a>
                <small title={id}>{id}</small>
              </td>
              {hasPeople && (
                <td class="about">
                  <People event={event} />
                </td>
              )}
              <td class="outcome">
                <Outcome event={event} now={now} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** Whom an event is about: the first, and how many there are. */
export function People({ event: { people, peopleCount } }: { event: ListedEvent }) {
  const { list } = useTexts()
  const [first] = people
  if (first === undefined) return null
  return (
    <span class="people" title={people.map(({ userId }) => userId).join(' ')}>
      {first.name && <b>{first.name}</b>} <span class="id">{first.userId}</span>
      {peopleCount > 1 && <span class="muted"> {list.more(peopleCount - 1)}</span>}
    </span>
  )
}

/** What became of an event, in a line a delivery. */
function Outcome({ event, now }: { event: ListedEvent; now: number }) {
  const { outcome, said } = useTexts()
  if (event.deliveries.length > 0) {
    return event.deliveries.map((delivery) => (
      <DeliveryLine key={`${delivery.rule}/${delivery.target}`} delivery={delivery} now={now} />
    ))
  }
  if (event.mismatches.length === 0) return <div class="muted">{outcome.noRule}</div>
  return event.mismatches.map(({ rule, why }) => (
    <div key={rule} class="muted" title={said(why)}>
      {rule}: {said(why)}
    </div>
  ))
}

function DeliveryLine({ delivery, now }: { delivery: Delivery; now: number }) {
  const { outcome, said, units } = useTexts()
  const { target, state, nextAttemptAt, tries } = delivery
  const last = tries.at(-1)
  const parts = [headline()]
  if ((state === 'delivered' || state === 'set-aside') && last) parts.push(duration(last.ms, units))
  if (tries.length > 1) parts.push(outcome.attempts(tries.length))
  const detail = last?.error ? said(last.error) : last?.answer && shortAnswer(last.answer, outcome)
  // some of what the event says is in no row
  const isInPart = state === 'delivered' && last?.answer?.includes('"badValues"')
  return (
    <div title={detail ?? ''}>
      {parts.join(' · ')}
      {detail && <span class={last?.error ? 'error' : isInPart ? 'in-part' : 'muted'}> · {detail}</span>}
    </div>
  )

  function headline(): string {
    if (state === 'delivered') return target
    if (state !== 'pending') return outcome[state](target)
    return tries.length === 0 ? outcome.delivering(target) : outcome.again(target, clockTime(nextAttemptAt, now))
  }
}

export function StateBadge({ state }: { state: EventState }) {
  const { states, stateHints } = useTexts()
  return (
    <span class={`badge ${state}`} title={stateHints[state]}>
      {states[state]}
    </span>
  )
}

interface PagesProps {
  view: View
  goTo: GoTo
  /** there are older events, before this */
  older: number | undefined
  children: ComponentChildren
}

/** Below the list: other pages of it, and what can be done with its events. */
export function Pages({ view, goTo, older, children }: PagesProps) {
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

interface NoEventsProps {
  webhookUrl: string
  /** whether events are about people */
  hasPeople: boolean
  send(): void
}

/** What to do first. */
export function NoEvents({ webhookUrl, hasPeople, send }: NoEventsProps) {
  const { empty, send: sendTexts, publish } = useTexts()
  return (
    <div class="empty">
      <h2>{empty.title}</h2>
      {hasPeople && <p>{empty.send}</p>}
      <p>
        <button type="button" class="primary" onClick={send}>
          {hasPeople ? sendTexts.button : publish.button}
        </button>{' '}
        {hasPeople && <code>npm run send -- user_add_org --name 小明</code>}
      </p>
      <p>
        {hasPeople ? empty.post : empty.publish} <code>{webhookUrl}</code>
      </p>
    </div>
  )
}
