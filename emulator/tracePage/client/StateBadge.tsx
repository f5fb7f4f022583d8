import type { EventState } from '../../store/traceFilter'
import { useTexts } from './useSettings'

export function StateBadge({ state }: { state: EventState }) {
  const { states, stateHints } = useTexts()
  return (
    <span class={`badge ${state}`} title={stateHints[state]}>
      {states[state]}
    </span>
  )
}
