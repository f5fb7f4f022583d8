import { useState } from 'preact/hooks'
import { useFetched } from '../../../shared/page/client/server'
import type { ListedMessage, ListedQueue, MessageList, QueueCommand } from '../queueProtocol'
import { clockTime, exactTime } from './format'
import { useTexts } from './useSettings'

interface Props {
  queue: ListedQueue
  tick: number
  isRevealed: boolean
  run(command: QueueCommand): Promise<void>
  showEvent(seq: number): void
}

/** The messages of a queue, the oldest first, without receiving them. */
export function QueueMessages({ queue: { queue, visible, hidden, letters }, tick, isRevealed, run, showEvent }: Props) {
  const { queues: texts, cancel, said } = useTexts()
  const [after, setAfter] = useState(0)
  const [isAsking, setAsking] = useState(false)
  const query = new URLSearchParams({
    queue,
    ...(after > 0 && { after: String(after) }),
    ...(isRevealed && { reveal: '1' }),
  })
  const { value, path, failure } = useFetched<MessageList>(`/trace/messages?${query}`, tick)
  // what came while personal data was shown is gone at once
  const list = !isRevealed && path?.includes('reveal=1') ? undefined : value
  const all = visible + hidden

  return (
    <>
      <p class="buttons">
        {list?.more !== undefined && (
          <button type="button" class="quiet" onClick={() => setAfter(list.more ?? 0)}>
            {texts.more}
          </button>
        )}
        {after > 0 && (
          <button type="button" class="quiet" onClick={() => setAfter(0)}>
            {texts.first}
          </button>
        )}
        <span class="spring" />
        {letters > 0 && list && (
          <button type="button" onClick={() => void run({ queue, do: 'publish', through: list.through })}>
            {texts.publishAll}
          </button>
        )}
        {all > 0 && list && (
          <button type="button" disabled={isAsking} onClick={() => setAsking(true)}>
            {texts.deleteAll}
          </button>
        )}
      </p>
      {/* on a line of its own: in the place of the other, a second click would do it */}
      {all > 0 && list && isAsking && (
        <p class="buttons">
          <button type="button" onClick={() => setAsking(false)}>
            {cancel}
          </button>
          <button
            type="button"
            class="danger"
            onClick={() => {
              setAsking(false)
              void run({ queue, do: 'delete', through: list.through })
            }}
          >
            {texts.really(all)}
          </button>
        </p>
      )}
      {failure && !list && <p class="error">{said(failure)}</p>}
      {list?.messages.length === 0 && <p class="muted">{texts.empty}</p>}
      <ol class="messages">
        {list?.messages.map((message) => (
          <Message
            key={message.seq}
            message={message}
            run={(what) => void run({ queue, do: what, seqs: [message.seq] })}
            showEvent={showEvent}
          />
        ))}
      </ol>
    </>
  )
}

interface MessageProps {
  message: ListedMessage
  run(what: QueueCommand['do']): void
  showEvent(seq: number): void
}

function Message({ message, run, showEvent }: MessageProps) {
  const { queues: texts, said } = useTexts()
  const { id, enqueuedAt, visibleAt, dequeues, body, letter } = message
  const now = Date.now()
  const facts = [
    dequeues > 0 ? texts.received(dequeues) : '',
    visibleAt > now ? texts.hiddenUntil(clockTime(visibleAt, now)) : '',
  ].filter(Boolean)
  return (
    <li>
      <p>
        <span title={`${texts.enqueued} ${exactTime(enqueuedAt)}`}>{clockTime(enqueuedAt, now)}</span>{' '}
        <small class="id">{id}</small> <span class="muted">{facts.join(' · ')}</span>
      </p>
      {letter && (
        <p>
          {letter.rule !== null && (
            <>
              <b>{letter.rule}</b> → {letter.target}:{' '}
            </>
          )}
          <span class="error">{said(letter.error)}</span>
        </p>
      )}
      {letter?.isPublishedAgain && <p class="in-part">{texts.again}</p>}
      <details>
        <summary>{texts.body}</summary>
        <pre class="json">{body}</pre>
      </details>
      <p class="buttons">
        {letter?.eventSeq !== undefined && (
          <button type="button" class="quiet" onClick={() => showEvent(letter.eventSeq ?? 0)}>
            {texts.event}
          </button>
        )}
        {letter && (
          <button type="button" onClick={() => run('publish')}>
            {texts.publish}
          </button>
        )}
        <button type="button" onClick={() => run('delete')}>
          {texts.delete}
        </button>
      </p>
    </li>
  )
}
