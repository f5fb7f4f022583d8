import { useTexts } from './useSettings'

interface Props {
  webhookUrl: string
  /** absent where there is nothing to send with */
  send?: (() => void) | undefined
}

/** What to do first. */
export function NoEvents({ webhookUrl, send }: Props) {
  const { empty, send: sendTexts } = useTexts()
  return (
    <div class="empty">
      <h2>{empty.title}</h2>
      {send && (
        <>
          <p>{empty.send}</p>
          <p>
            <button type="button" class="primary" onClick={send}>
              {sendTexts.button}
            </button>{' '}
            <code>npm run send -- user_add_org --name 小明</code>
          </p>
        </>
      )}
      <p>
        {send ? empty.post : empty.publish} <code>{webhookUrl}</code>
      </p>
    </div>
  )
}
