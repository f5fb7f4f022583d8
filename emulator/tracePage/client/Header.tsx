import type { RuleState } from '../protocol'
import { type Settings, useTexts } from './useSettings'

interface Props {
  settings: Settings
  connection: 'live' | 'polling' | 'lost'
  rules: RuleState[]
  canSend: boolean
  open(dialog: 'send' | 'rules' | 'help'): void
}

export function Header({ settings, connection, rules, canSend, open }: Props) {
  const texts = useTexts()
  const paused = rules.filter(({ enabled }) => !enabled).length
  const blocked = rules.flatMap(({ targets }) => targets).filter((target) => target.blocked).length
  const attention = texts.rules.attention(paused, blocked)
  return (
    <header class="top">
      <h1>{texts.title}</h1>
      <span class={`connection ${connection}`} role="status">
        {texts[connection]}
      </span>
      <span class="spring" />
      {canSend && (
        <button type="button" class="primary" onClick={() => open('send')}>
          {texts.send.button}
        </button>
      )}
      <button type="button" onClick={() => open('rules')}>
        {texts.rules.title} {attention && <span class="badge blocked">{attention}</span>}
      </button>
      <button type="button" onClick={() => open('help')}>
        {texts.keys} <kbd>?</kbd>
      </button>
      <button type="button" onClick={settings.switchTheme}>
        {texts.theme[settings.theme]}
      </button>
      <button type="button" lang={texts.otherLanguage === '中文' ? 'zh-CN' : 'en'} onClick={settings.switchLanguage}>
        {texts.otherLanguage}
      </button>
    </header>
  )
}
