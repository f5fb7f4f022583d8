import { useEffect, useRef } from 'preact/hooks'
import { Dialog } from './Dialog'
import { useTexts } from './useSettings'

interface Props {
  count: number
  confirm(): void
  onClose(): void
}

/** Says how many events will be published again, and asks. */
export function ReplayDialog({ count, confirm, onClose }: Props) {
  const { replay: texts, cancel } = useTexts()
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus(), [])
  return (
    <Dialog title={texts.title(count)} onClose={onClose}>
      <p>{texts.what}</p>
      <p class="buttons">
        <button type="button" onClick={onClose}>
          {cancel}
        </button>
        <button type="button" class="primary" ref={button} onClick={confirm}>
          {texts.confirm(count)}
        </button>
      </p>
    </Dialog>
  )
}
