import { ReaderButtons } from '../../../shared/page/client/ReaderButtons'
import type { RuleState } from '../protocol'
import { type Settings, useTexts } from './useSettings'

interface Props {
  settings: Settings
  connection: 'live' | 'polling' | 'lost'
  rules: RuleState[]
  canSend: boolean
  canChange: boolean
  hasRobot: boolean
  organisationUrl: string
  open(dialog: 'send' | 'map' | 'directory' | 'robot' | 'rules' | 'help'): void
}

export function Header(props: Props) {
  const { settings, connection, rules, canSend, canChange, hasRobot, organisationUrl, open } = props
  const texts = useTexts()
  const paused = rules.filter(({ enabled }) => !enabled).length
  const blocked = rules.flatMap(({ targets }) => targets).filter((target) => target.blocked).length
  const attention = texts.rules.attention(paused, blocked)
  return (
    <header class="top">
      <h1>{texts.title}</h1>
      <span class={`connection ${connection}`} role="status">
        <span class="words">{texts[connection]}</span>
      </span>
      <span class="spring" />
      {canSend && (
        <button type="button" class="primary" aria-label={texts.send.button} onClick={() => open('send')}>
          <span class="wide">{texts.send.button}</span>
          <span class="narrow">{texts.send.submit}</span>
        </button>
      )}
      {canSend && (
        <button type="button" aria-label={texts.map.button} onClick={() => open('map')}>
          <span class="wide">{texts.map.button}</span>
          <span class="narrow">{texts.map.inShort}</span>
        </button>
      )}
      {canChange && (
        <button type="button" aria-label={texts.directory.button} onClick={() => open('directory')}>
          <span class="wide">{texts.directory.button}</span>
          <span class="narrow">{texts.directory.inShort}</span>
        </button>
      )}
      {hasRobot && (
        <button type="button" onClick={() => open('robot')}>
          {texts.robot.button}
        </button>
      )}
      {organisationUrl !== '' && <a href={organisationUrl}>{texts.organisation}</a>}
      <button type="button" onClick={() => open('rules')}>
        {texts.rules.title} {attention && <span class="badge blocked wide">{attention}</span>}
        {attention && (
          <span class="badge blocked narrow" title={attention}>
            {paused + blocked}
          </span>
        )}
      </button>
      <button type="button" class="wide" onClick={() => open('help')}>
        {texts.keys} <kbd>?</kbd>
      </button>
      <ReaderButtons reader={settings} />
    </header>
  )
}
