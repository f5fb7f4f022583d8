import { useLayoutEffect, useRef } from 'preact/hooks'
import type { ReplayCommand, RuleCommand, RuleState } from '../protocol'
import { Dialog } from './Dialog'
import { DirectoryDialog } from './DirectoryDialog'
import { MapDialog } from './MapDialog'
import { RobotDialog } from './RobotDialog'
import { RulesDialog } from './RulesDialog'
import { SendDialog } from './SendDialog'
import { useTexts } from './useSettings'

export type DialogName =
  | 'send'
  | 'map'
  | 'directory'
  | 'robot'
  | 'rules'
  | 'help'
  | { replay: ReplayCommand; count: number }

interface OpenDialogProps {
  dialog: DialogName | undefined
  /** the event that is open */
  seq: string | undefined
  isRevealed: boolean
  directoryUrl: string
  robot: { url: string; tick: number }
  rules: RuleState[]
  changeRule(asked: RuleCommand): void
  replay(asked: ReplayCommand): void
  showId(id: string): void
  close(): void
}

/** The dialog that is open, if any. */
export function OpenDialog(props: OpenDialogProps) {
  const { dialog, seq, isRevealed, directoryUrl, robot, rules, changeRule, replay, showId, close } = props
  switch (dialog) {
    case undefined:
      return null
    case 'rules':
      return <RulesDialog rules={rules} command={changeRule} onClose={close} />
    case 'send':
      return <SendDialog show={showId} onClose={close} />
    case 'map':
      return <MapDialog seq={seq} isRevealed={isRevealed} onClose={close} />
    case 'directory':
      return <DirectoryDialog url={directoryUrl} onClose={close} />
    case 'robot':
      return <RobotDialog {...robot} onClose={close} />
    case 'help':
      return <HelpDialog onClose={close} />
    default:
      return <ReplayDialog count={dialog.count} confirm={() => replay(dialog.replay)} onClose={close} />
  }
}

function HelpDialog({ onClose }: { onClose(): void }) {
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

interface ReplayDialogProps {
  count: number
  confirm(): void
  onClose(): void
}

/** Says how many events will be published again, and asks. */
function ReplayDialog({ count, confirm, onClose }: ReplayDialogProps) {
  const { replay: texts, cancel } = useTexts()
  const button = useRef<HTMLButtonElement>(null)
  // in the same step in which the dialog within opens: else an Enter that comes at once would meet its ✕
  useLayoutEffect(() => button.current?.focus(), [])
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
