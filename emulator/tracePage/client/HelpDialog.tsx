import { Dialog } from './Dialog'
import { useTexts } from './useSettings'

export function HelpDialog({ onClose }: { onClose(): void }) {
  const { help } = useTexts()
  return (
    <Dialog title={help.title} onClose={onClose}>
      <dl class="keys">
        {help.keys.map(([key, what]) => [
          <dt key={key}>
            <kbd>{key}</kbd>
          </dt>,
          <dd key={what}>{what}</dd>,
        ])}
      </dl>
    </Dialog>
  )
}
