import type { ComponentChild } from 'preact'
import type { DialogName } from './Dialog'
import { useTexts } from './useSettings'

/** Where two cards do the same in another way, what leads from one to the other. */
export type Ways = ComponentChild

/** Employees, as DingTalk has them, and events of any kind are sent, and tried, on a card each. */
export function WaysTo({ of, current, go }: { of: 'send' | 'try'; current: DialogName; go(dialog: DialogName): void }) {
  const { send, publish, map, try: tryTexts } = useTexts()
  const ways: [DialogName, string][] =
    of === 'send'
      ? [
          ['send', send.inWays],
          ['publish', publish.inWays],
        ]
      : [
          ['map', map.inWays],
          ['try', tryTexts.inShort],
        ]
  return (
    <nav class="ways">
      {ways.map(([name, label]) => (
        <button type="button" key={label} aria-pressed={name === current} onClick={() => go(name)}>
          {label}
        </button>
      ))}
    </nav>
  )
}
