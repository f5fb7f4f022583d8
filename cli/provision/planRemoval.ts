import { readMark } from './mark'
import type { Plan } from './plan'
import { planChanges } from './planChanges'
import type { FoundBus } from './state'

/**
 * Deletes everything that provision made: rules with their targets, then sources, then the bus, unless something of
 * somebody else's is on it.
 * @param found undefined when there is no such bus
 */
export function planRemoval(busName: string, found: FoundBus | undefined): Plan {
  if (found === undefined) return { changes: [], notes: [] }
  const { changes, notes } = planChanges(busName, { sources: [], rules: [] }, found)
  const what = `event bus ${busName}`
  const onBus = [
    ...found.rules.map(({ RuleName, Description }) => ({ name: `rule ${RuleName}`, Description })),
    ...found.sources.map(({ EventSourceName, Description }) => ({
      name: `event source ${EventSourceName}`,
      Description,
    })),
  ]
  if (!readMark(found.description).isMade) {
    const foreign = onBus.filter(({ Description }) => !readMark(Description).isMade).map(({ name }) => name)
    return { changes, notes: [...notes, `left alone: ${[...foreign, what].join(', ')}, which provision did not make`] }
  }
  const staying = onBus.map(({ name }) => name).filter((name) => !changes.some((change) => change.what === name))
  if (staying.length > 0) return { changes, notes: [...notes, `left alone: ${what}, for ${staying.join(', ')} on it`] }
  const calls = [{ operation: 'deleteEventBus', body: { EventBusName: busName } }]
  return { changes: [...changes, { kind: 'delete', what, details: [], calls }], notes }
}
