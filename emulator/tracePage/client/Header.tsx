import { ReaderButtons } from '../../../shared/page/client/ReaderButtons'
import type { RuleState } from '../protocol'
import type { DialogName } from './Dialog'
import { type Settings, useTexts } from './useSettings'

interface Props {
  settings: Settings
  connection: 'live' | 'polling' | 'lost'
  rules: RuleState[]
  canSend: boolean
  canChange: boolean
  hasRobot: boolean
  organisationUrl: string
  open(dialog: DialogName): void
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
      <Opens dialog={canSend ? 'send' : 'publish'} texts={canSend ? texts.send : texts.publish} isPrimary open={open} />
      <Opens dialog={canSend ? 'map' : 'try'} texts={canSend ? texts.map : texts.try} open={open} />
      {canChange && <Opens dialog="directory" texts={texts.directory} open={open} />}
      {hasRobot && (
        <button type="button" onClick={() => open('robot')}>
          {texts.robot.button}
        </button>
      )}
      {organisationUrl !== '' && <a href={organisationUrl}>{texts.organisation}</a>}
      <button type="button" onClick={() => open('queues')}>
        {texts.queues.button}
      </button>
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

interface OpensProps {
  dialog: DialogName
  texts: { button: string; inShort: string }
  isPrimary?: boolean
  open(dialog: DialogName): void
}

/** A button whose words are fewer on a phone. */
function Opens({ dialog, texts: { button, inShort }, isPrimary = false, open }: OpensProps) {
  return (
    <button type="button" class={isPrimary ? 'primary' : ''} aria-label={button} onClick={() => open(dialog)}>
      <span class="wide">{button}</span>
      <span class="narrow">{inShort}</span>
    </button>
  )
}
