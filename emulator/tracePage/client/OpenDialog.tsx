import type { ReplayCommand, RuleCommand, RuleState } from '../protocol'
import { HelpDialog } from './HelpDialog'
import { ReplayDialog } from './ReplayDialog'
import { RulesDialog } from './RulesDialog'
import { SendDialog } from './SendDialog'

export type DialogName = 'send' | 'rules' | 'help' | { replay: ReplayCommand; count: number }

interface Props {
  dialog: DialogName | undefined
  rules: RuleState[]
  changeRule(asked: RuleCommand): void
  replay(asked: ReplayCommand): void
  showId(id: string): void
  close(): void
}

/** The dialog that is open, if any. */
export function OpenDialog({ dialog, rules, changeRule, replay, showId, close }: Props) {
  switch (dialog) {
    case undefined:
      return null
    case 'rules':
      return <RulesDialog rules={rules} command={changeRule} onClose={close} />
    case 'send':
      return <SendDialog show={showId} onClose={close} />
    case 'help':
      return <HelpDialog onClose={close} />
    default:
      return <ReplayDialog count={dialog.count} confirm={() => replay(dialog.replay)} onClose={close} />
  }
}
