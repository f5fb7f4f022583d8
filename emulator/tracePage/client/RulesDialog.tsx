import type { RuleCommand, RuleState } from '../protocol'
import { Dialog } from './Dialog'
import { useTexts } from './useSettings'

interface Props {
  rules: RuleState[]
  command(asked: RuleCommand): void
  onClose(): void
}

/** The rules: pause and resume them, and set free what blocks their targets. */
export function RulesDialog({ rules, command, onClose }: Props) {
  const { rules: texts } = useTexts()
  const isBlocked = rules.some(({ targets }) => targets.some(({ blocked }) => blocked))
  const button = (label: string, asked: RuleCommand) => (
    <button type="button" onClick={() => command(asked)}>
      {label}
    </button>
  )
  return (
    <Dialog title={texts.title} onClose={onClose}>
      {rules.length === 0 && <p class="muted">{texts.none}</p>}
      <ul class="rules">
        {rules.map(({ bus, rule, enabled, pattern, targets }) => (
          <li key={`${bus}/${rule}`}>
            <header>
              <b>
                <span class="muted">{bus} / </span>
                {rule}
              </b>
              <span class={`badge ${enabled ? 'delivered' : 'pending'}`}>{enabled ? texts.enabled : texts.paused}</span>
              <span class="spring" />
              {targets.some(({ blocked }) => blocked) && button(texts.unblock, { bus, rule, do: 'unblock' })}
              {button(enabled ? texts.pause : texts.resume, { bus, rule, do: enabled ? 'disable' : 'enable' })}
            </header>
            <p>
              {texts.targets}
              {targets.map(({ id, blocked }) => (
                <span key={id} class="target">
                  {id} {blocked && <span class="badge blocked">{texts.blocked}</span>}
                </span>
              ))}
            </p>
            <details>
              <summary>{texts.pattern}</summary>
              <code>{pattern}</code>
            </details>
          </li>
        ))}
      </ul>
      <p class="muted">{texts.meanwhile}</p>
      {isBlocked && <p class="muted">{texts.unblocking}</p>}
    </Dialog>
  )
}
