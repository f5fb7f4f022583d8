import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { errorMessage } from '../../../shared/errorCode'
import { postJson, useFetched } from '../../../shared/page/client/server'
import type { ListedQueue, QueueCommand, QueueDone } from '../queueProtocol'
import { Dialog } from './Dialog'
import { QueueMessages } from './QueueMessages'
import { useTexts } from './useSettings'

interface Props {
  tick: number
  isRevealed: boolean
  reveal(isRevealed: boolean): void
  showEvent(seq: number): void
  changed(): void
  onClose(): void
}

/** The queues that rules name, what lies in them, and what can be done with it. */
export function QueuesDialog({ tick, isRevealed, reveal, showEvent, changed, onClose }: Props) {
  const { queues: texts, detail, said } = useTexts()
  const [notice, setNotice] = useState('')
  const list = useFetched<ListedQueue[]>('/trace/queues', tick)

  async function run(command: QueueCommand): Promise<void> {
    try {
      const { deleted, published } = await postJson<QueueDone>('/trace/queues', command)
      setNotice(published === undefined ? texts.deleted(deleted ?? 0) : texts.published(published))
    } catch (error) {
      setNotice(said(errorMessage(error)))
    }
    changed()
  }

  return (
    <Dialog title={texts.button} onClose={onClose} isWide>
      <p class="muted">{texts.what}</p>
      <p class="masking">
        {/* it has its line whether it says something or not */}
        <span role="status">{notice}</span>
        <span class="spring" />
        {!isRevealed && <span class="muted">{detail.masked}</span>}
        <button type="button" aria-pressed={isRevealed} onClick={() => reveal(!isRevealed)}>
          {isRevealed ? detail.hide : detail.reveal}
        </button>
      </p>
      {list.failure && !list.value && <p class="error">{said(list.failure)}</p>}
      {list.value?.length === 0 && <p class="muted">{texts.none}</p>}
      <ul class="rules queues">
        {list.value?.map((queue) => (
          <Queue key={queue.queue} queue={queue}>
            <QueueMessages queue={queue} tick={tick} isRevealed={isRevealed} run={run} showEvent={showEvent} />
          </Queue>
        ))}
      </ul>
    </Dialog>
  )
}

/** Each is opened by itself: if another closed, this one's buttons would move away from under the pointer. */
function Queue({ queue, children }: { queue: ListedQueue; children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <li>
      <QueueHead queue={queue} isOpen={isOpen} toggle={() => setOpen(!isOpen)} />
      {isOpen && children}
    </li>
  )
}

function QueueHead({ queue, isOpen, toggle }: { queue: ListedQueue; isOpen: boolean; toggle(): void }) {
  const { queues: texts } = useTexts()
  const { queue: name, visible, hidden, letters, rules } = queue
  const kinds = [
    rules.some(({ isForDeadLetters }) => !isForDeadLetters) ? texts.ofTarget : '',
    rules.some(({ isForDeadLetters }) => isForDeadLetters) ? texts.forDeadLetters : '',
    rules.length === 0 ? texts.noRule : '',
  ].filter(Boolean)
  return (
    <header>
      <span>
        <b>{name}</b> <span class="muted">{[...kinds, ...new Set(rules.map(({ rule }) => rule))].join(' · ')}</span>
      </span>
      <span class="spring" />
      <span>{texts.visible(visible)}</span>
      {hidden > 0 && <span class="badge retrying">{texts.hidden(hidden)}</span>}
      {letters > 0 && <span class="badge dead">{texts.letters(letters)}</span>}
      <button type="button" aria-expanded={isOpen} onClick={toggle}>
        {texts.look}
      </button>
    </header>
  )
}
