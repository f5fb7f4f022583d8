import { useState } from 'preact/hooks'
import { type Fetched, useFetched } from '../../../shared/page/client/server'
import type { EventDetail, TableRows } from '../protocol'
import { People, StateBadge } from './EventTable'
import { RowPane } from './RowPane'
import { Steps } from './Steps'
import { useTexts } from './useSettings'
import type { View } from './view'

interface Props {
  seq: string
  tick: number
  hasRows: boolean
  isRevealed: boolean
  reveal(isRevealed: boolean): void
  close(): void
  replay(seq: number): void
  unblock(bus: string, rule: string): void
  /** lists what this filter finds, beside the open event */
  show(filter: View): void
}

/** Everything that is known of an event: what happened to it step by step, itself, and the row. */
export function EventPane(props: Props) {
  const { seq, tick, hasRows, isRevealed, reveal, close, replay, unblock, show } = props
  const { detail, replay: replayTexts, close: closeText, said } = useTexts()
  const query = isRevealed ? '?reveal=1' : ''
  const fetched = useFetched<EventDetail>(`/trace/events/${seq}${query}`, tick)
  const fetchedRows = useFetched<TableRows[]>(hasRows ? `/trace/events/${seq}/rows${query}` : undefined, tick)
  const [{ value: event, failure }, rows] = isRevealed ? [fetched, fetchedRows] : [masked(fetched), masked(fetchedRows)]

  return (
    <aside aria-label={event?.id ?? detail.event}>
      <header>
        <h2>{event && (event.action ?? event.type)}</h2>
        {event && <StateBadge state={event.state} />}
        <span class="spring" />
        {event && (
          <button type="button" onClick={() => replay(event.seq)}>
            {replayTexts.button}
          </button>
        )}
        <button type="button" class="quiet" onClick={close} aria-label={closeText}>
          ✕
        </button>
      </header>
      {failure && !event && <p class="error">{said(failure)}</p>}
      {event && (
        <>
          <Facts event={event} show={show} />
          <Steps event={event} unblock={unblock} />
          <p class="masking">
            {!isRevealed && <span class="muted">{detail.masked}</span>}
            <button type="button" aria-pressed={isRevealed} onClick={() => reveal(!isRevealed)}>
              {isRevealed ? detail.hide : detail.reveal}
            </button>
          </p>
          <div class={hasRows ? 'panes two' : 'panes'}>
            <section aria-label={detail.event}>
              <h3>{detail.event}</h3>
              <JsonText text={event.event} />
            </section>
            {hasRows && <RowPane fetched={rows} />}
          </div>
        </>
      )}
    </aside>
  )
}

/** What came while personal data was shown is gone at once, and not when the server has answered. */
function masked<T>(fetched: Fetched<T>): Fetched<T> {
  if (!fetched.path?.endsWith('reveal=1')) return fetched
  return fetched.failure === undefined ? {} : { failure: fetched.failure }
}

function Facts({ event, show }: { event: EventDetail; show(filter: View): void }) {
  const { detail } = useTexts()
  const [isCopied, setCopied] = useState(false)
  const copy = () => navigator.clipboard.writeText(event.id).then(() => setCopied(true))
  return (
    <dl>
      <dt>{detail.id}</dt>
      <dd>
        <code>{event.id}</code>
        <button type="button" class="quiet" onClick={() => void copy()}>
          {isCopied ? detail.copied : detail.copy}
        </button>
        <button type="button" class="quiet" onClick={() => show({ id: event.id })}>
          {detail.sameId}
        </button>
      </dd>
      {event.peopleCount > 0 && (
        <>
          <dt>{detail.about}</dt>
          <dd>
            <People event={event} />
            {event.peopleCount === event.people.length && (
              <button
                type="button"
                class="quiet"
                onClick={() => show({ person: event.people.map(({ userId }) => userId).join(',') })}
              >
                {detail.ofPerson}
              </button>
            )}
          </dd>
        </>
      )}
      <dt>{detail.type}</dt>
      <dd>{event.type}</dd>
      <dt>{detail.traceId}</dt>
      <dd>
        <code>{event.traceId}</code>
      </dd>
    </dl>
  )
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(\b(?:true|false|null)\b|-?\d[\d.eE+-]*)/g

/** Indented JSON text in colours; a masked value is told from others. */
function JsonText({ text }: { text: string }) {
  const parts: (string | { kind: string; token: string })[] = []
  let end = 0
  for (const match of text.matchAll(TOKEN)) {
    const [token, quoted = '', colon] = match
    parts.push(text.slice(end, match.index))
    if (colon !== undefined) parts.push({ kind: 'key', token: quoted }, colon)
    else parts.push({ kind: kindOf(quoted), token })
    end = match.index + token.length
  }
  parts.push(text.slice(end))
  return (
    // it scrolls, so the keyboard must get to it
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <pre class="json" tabIndex={0}>
      {parts.map((part, index) =>
        typeof part === 'string' ? (
          part
        ) : (
          <span key={index} class={part.kind}>
            {part.token}
          </span>
        ),
      )}
    </pre>
  )
}

function kindOf(quoted: string): string {
  if (quoted === '') return 'plain'
  return /\*"$/.test(quoted) ? 'masked' : 'string'
}
