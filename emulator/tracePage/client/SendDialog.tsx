import { useState } from 'preact/hooks'
import { errorMessage } from '../../../shared/errorCode'
import { postJson } from '../../../shared/page/client/server'
import type { SendCommand, Sent } from '../protocol'
import { Dialog } from './Dialog'
import { useTexts } from './useSettings'
import type { Ways } from './Ways'

/** What a connector sends about employees. */
const ACTIONS = ['user_add_org', 'user_modify_org', 'user_active_org', 'user_dept_change', 'user_leave_org']

/** Sends a test event about an employee, as DingTalk's connector would. */
export function SendDialog({ ways, show, onClose }: { ways: Ways; show(eventId: string): void; onClose(): void }) {
  const { send: texts, said } = useTexts()
  const [sending, setSending] = useState<SendCommand>({ action: 'user_add_org', name: '小明' })
  const [answer, setAnswer] = useState<Sent | string>()
  const [isBusy, setBusy] = useState(false)

  async function submit(): Promise<void> {
    setBusy(true)
    try {
      const sent = await postJson<Sent>('/trace/send', { ...sending, userId: sending.userId || undefined })
      setAnswer(sent)
      // the next one is about the same employee unless they say otherwise
      setSending({ ...sending, userId: sent.userId })
    } catch (error) {
      setAnswer(errorMessage(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog title={texts.button} onClose={onClose}>
      {ways}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <label>
          {texts.action}
          <select
            value={sending.action}
            onChange={({ currentTarget }) => setSending({ ...sending, action: currentTarget.value })}
          >
            {ACTIONS.map((action) => (
              <option key={action}>{action}</option>
            ))}
          </select>
        </label>
        <label>
          {texts.name}
          <input
            value={sending.name}
            maxLength={64}
            onInput={({ currentTarget }) => setSending({ ...sending, name: currentTarget.value })}
          />
        </label>
        <label>
          {texts.userId}
          <input
            value={sending.userId ?? ''}
            placeholder={texts.newUser}
            pattern="[A-Za-z0-9_.@\-]{1,64}"
            onInput={({ currentTarget }) => {
              // the browser's own words are in the browser's language
              currentTarget.setCustomValidity('')
              if (!currentTarget.validity.valid) currentTarget.setCustomValidity(texts.badUserId)
              setSending({ ...sending, userId: currentTarget.value })
            }}
          />
        </label>
        <button type="submit" class="primary" disabled={isBusy}>
          {texts.submit}
        </button>
      </form>
      <div aria-live="polite">
        {typeof answer === 'string' && <p class="error">{said(answer)}</p>}
        {typeof answer === 'object' && <Answer sent={answer} show={show} />}
      </div>
      <p class="muted">{texts.what}</p>
    </Dialog>
  )
}

function Answer({ sent: { status, eventId, message }, show }: { sent: Sent; show(eventId: string): void }) {
  const { send: texts, said } = useTexts()
  if (status !== 200) {
    return (
      <p class="error">
        {texts.refused(status)} {message && said(message)}
      </p>
    )
  }
  return (
    <p>
      {texts.accepted}{' '}
      {eventId !== undefined && (
        <button type="button" onClick={() => show(eventId)}>
          {texts.show}
        </button>
      )}
    </p>
  )
}
