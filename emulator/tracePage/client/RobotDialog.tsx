import { useLayoutEffect, useRef } from 'preact/hooks'
import { useFetched } from '../../../shared/page/client/server'
import type { RobotMessage, RobotMessages } from '../protocol'
import { Dialog } from './Dialog'
import { Markdown, WithLinks } from './drawMarkdown'
import { clockTime } from './format'
import { useTexts } from './useSettings'

interface Props {
  url: string
  /** another number whenever something may have changed */
  tick: number
  onClose(): void
}

/** What the robot said, as a group of DingTalk shows it. */
export function RobotDialog({ url, tick, onClose }: Props) {
  const { robot: texts, said } = useTexts()
  const { value, failure } = useFetched<RobotMessages>(`${url}/messages`, tick)
  const { messages = [], blockedUntil } = value ?? {}
  const end = useRef<HTMLLIElement>(null)
  const newest = messages.at(-1)?.number
  useLayoutEffect(() => end.current?.scrollIntoView({ block: 'nearest' }), [newest])
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <p class="muted">{texts.what}</p>
      {failure && <p class="error">{said(failure)}</p>}
      {blockedUntil && <p class="error">{texts.blocked(clockTime(blockedUntil, Date.now()))}</p>}
      {value && messages.length === 0 && <p>{texts.none}</p>}
      <ol class="group" aria-live="polite">
        {messages.map((one) => (
          <li key={one.number} ref={one.number === newest ? end : null}>
            <header>
              <b>{texts.name}</b> <small>{clockTime(one.at, Date.now())}</small>
            </header>
            <div class="bubble">
              <Message {...one} />
            </div>
          </li>
        ))}
      </ol>
    </Dialog>
  )
}

function Message({ message }: RobotMessage) {
  const { robot: texts } = useTexts()
  const fields = fieldsOf(message[String(message['msgtype'])])
  const at = fieldsOf(message['at'])
  const text = (name: string) => String(fields[name] ?? '')
  const called = at['isAtAll'] === true ? [texts.everybody] : namesOf(at['atUserIds'])
  const mentions = called.length > 0 && <p class="mention">{called.join(' ')}</p>
  switch (message['msgtype']) {
    case 'text':
      return (
        <>
          <p class="said">
            <WithLinks text={text('content')} />
          </p>
          {mentions}
        </>
      )
    case 'markdown':
    case 'actionCard':
      return (
        <>
          <Markdown text={text('text')} />
          {mentions}
        </>
      )
    case 'link':
      return (
        <>
          <b>{text('title')}</b>
          <p class="said">{text('text')}</p>
          <WithLinks text={text('messageUrl')} />
        </>
      )
    default:
      return <p class="muted">{texts.notDrawn}</p>
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function namesOf(ids: unknown): string[] {
  return Array.isArray(ids) ? ids.map((id) => `@${String(id)}`) : []
}
