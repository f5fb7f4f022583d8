import { joinPlans, type Plan } from './plan'
import { dropRule, dropSource, planRule, planSource } from './planRule'
import { type FoundBus, readMark, type State, withMark } from './state'

/**
 * What makes of the bus that is found the one that is wanted. Sources, rules and targets that provision made and the
 * file does not name any more are deleted. What others made is left alone, unless the file names it: then it is brought
 * to what the file says, and stays theirs.
 * @param found undefined when there is no such bus yet
 */
export function planChanges(busName: string, wanted: State, found: FoundBus | undefined): Plan {
  const { sources, rules } = found ?? { sources: [], rules: [] }
  const sourceOf = (name: string, list: State) => list.sources.find(({ EventSourceName }) => EventSourceName === name)
  const ruleOf = (name: string, list: State) => list.rules.find(({ RuleName }) => RuleName === name)
  const droppedRules = rules.filter(({ RuleName }) => !ruleOf(RuleName, wanted))
  const droppedSources = sources.filter(({ EventSourceName }) => !sourceOf(EventSourceName, wanted))
  return joinPlans([
    found ? { changes: [], notes: [] } : createBus(busName),
    ...wanted.sources.map((source) =>
      planSource(busName, source, sourceOf(source.EventSourceName, { sources, rules })),
    ),
    ...wanted.rules.map((rule) => planRule(busName, rule, ruleOf(rule.RuleName, { sources, rules }))),
    ...droppedRules.map((rule) => dropRule(busName, rule)),
    ...droppedSources.map((source) => dropSource(busName, source)),
  ])
}

function createBus(EventBusName: string): Plan {
  const calls = [{ operation: 'createEventBus', body: { EventBusName, Description: withMark('') } }]
  return { changes: [{ kind: 'create', what: `event bus ${EventBusName}`, details: [], calls }], notes: [] }
}

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
