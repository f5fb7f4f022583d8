import { useLayoutEffect, useRef } from 'preact/hooks'
import type { ReplayCommand, RuleCommand, RuleState } from '../protocol'
import { Dialog, type DialogName } from './Dialog'
import { DirectoryDialog } from './DirectoryDialog'
import { MapDialog } from './MapDialog'
import { PublishDialog } from './PublishDialog'
import { QueuesDialog } from './QueuesDialog'
import { RobotDialog } from './RobotDialog'
import { RulesDialog } from './RulesDialog'
import { SendDialog } from './SendDialog'
import { TryDialog } from './TryDialog'
import { useTexts } from './useSettings'
import { WaysTo } from './Ways'

interface OpenDialogProps {
  dialog: DialogName | undefined
  /** the event that is open */
  seq: string | undefined
  isRevealed: boolean
  reveal(isRevealed: boolean): void
  /** whether there is a webhook to which employees are sent, and a table that they get into */
  hasPeople: boolean
  tick: number
  directoryUrl: string
  robotUrl: string
  rules: RuleState[]
  changeRule(asked: RuleCommand): void
  replay(asked: ReplayCommand): void
  showId(id: string): void
  showEvent(seq: number): void
  /** to another dialog */
  go(dialog: DialogName): void
  /** to be called when a command of a dialog's has changed something */
  changed(): void
  close(): void
}

/** The dialog that is open, if any. */
export function OpenDialog(props: OpenDialogProps) {
  const { dialog, seq, isRevealed, hasPeople, tick, rules, changeRule, replay, showId, showEvent, go, changed, close } =
    props
  const ways = (of: 'send' | 'try', current: DialogName) => hasPeople && <WaysTo of={of} current={current} go={go} />
  const ofEvent = { seq, isRevealed, onClose: close }
  switch (dialog) {
    case undefined:
      return null
    case 'rules':
      return <RulesDialog rules={rules} command={changeRule} onClose={close} />
    case 'send':
      return <SendDialog ways={ways('send', 'send')} show={showId} onClose={close} />
    case 'publish':
      return <PublishDialog {...ofEvent} ways={ways('send', 'publish')} showEvent={showEvent} changed={changed} />
    case 'map':
      return <MapDialog {...ofEvent} ways={ways('try', 'map')} />
    case 'try':
      return <TryDialog {...ofEvent} ways={ways('try', 'try')} rules={rules} />
    case 'queues':
      return <QueuesDialog {...{ tick, isRevealed, showEvent, changed }} reveal={props.reveal} onClose={close} />
    case 'directory':
      return <DirectoryDialog url={props.directoryUrl} onClose={close} />
    case 'robot':
      return <RobotDialog url={props.robotUrl} tick={tick} onClose={close} />
    case 'help':
      return (
        <HelpDialog does={{ m: hasPeople, d: props.directoryUrl !== '', b: props.robotUrl !== '' }} onClose={close} />
      )
    default:
      return <ReplayDialog count={dialog.count} confirm={() => replay(dialog.replay)} onClose={close} />
  }
}

/** @param does what not every page has: a key that would do nothing is not named */
function HelpDialog({ does, onClose }: { does: Readonly<Record<string, boolean>>; onClose(): void }) {
  const { help } = useTexts()
  return (
    <Dialog title={help.title} onClose={onClose}>
      <dl class="keys">
        {help.keys
          .filter(([key]) => does[key ?? ''] ?? true)
          .map(([key, what]) => [
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
