import type { ListedEvent } from '../protocol'
import { clockTime, exactTime } from './format'
import { Outcome } from './Outcome'
import { StateBadge } from './StateBadge'
import { useTexts } from './useSettings'
import { hrefOf, type View } from './view'

interface Props {
  events: ListedEvent[]
  view: View
  selected: ReadonlySet<number>
  select(seqs: number[], isSelected: boolean): void
  open(seq: number): void
}

/** One row an event, the newest first. The link in it covers it whole, and takes the focus. */
export function EventTable({ events, view, selected, select, open }: Props) {
  const { list } = useTexts()
  const now = Date.now()
  const seqs = events.map(({ seq }) => seq)
  return (
    <table class="events">
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
          <th scope="col">{list.outcome}</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => {
          const { seq, id, action, type, receivedAt, state } = event
          const isOpen = view.event === String(seq)
          return (
            <tr key={seq} class={isOpen ? 'open' : ''}>
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
              <td>
                <time dateTime={new Date(receivedAt).toISOString()} title={exactTime(receivedAt)}>
                  {clockTime(receivedAt, now)}
                </time>
              </td>
              <td>
                <StateBadge state={state} />
              </td>
              <td>
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
