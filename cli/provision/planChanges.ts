import { type Call, noChange, type Plan, planOf } from './plan'
import { dropRule, planRule } from './planRule'
import { differences, type FoundBus, listing, readMark, type Source, type State, sourceFields, withMark } from './state'

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
    found ? noChange() : createBus(busName),
    ...wanted.sources.map((source) =>
      planSource(busName, source, sourceOf(source.EventSourceName, { sources, rules })),
    ),
    ...wanted.rules.map((rule) => planRule(busName, rule, ruleOf(rule.RuleName, { sources, rules }))),
    ...droppedRules.map((rule) => dropRule(busName, rule)),
    ...droppedSources.map((source) => dropSource(busName, source)),
  ])
}

/**
 * Deletes everything that provision made: rules with their targets, then sources, then the bus, unless something of
 * somebody else's is on it.
 * @param found undefined when there is no such bus
 */
export function planRemoval(busName: string, found: FoundBus | undefined): Plan {
  if (found === undefined) return noChange()
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

function joinPlans(plans: readonly Plan[]): Plan {
  return { changes: plans.flatMap(({ changes }) => changes), notes: plans.flatMap(({ notes }) => notes) }
}

function createBus(EventBusName: string): Plan {
  const calls = [{ operation: 'createEventBus', body: { EventBusName, Description: withMark('') } }]
  return planOf('create', `event bus ${EventBusName}`, [], calls)
}

/** @param found undefined when there is no such source yet */
function planSource(EventBusName: string, wanted: Source, found: Source | undefined): Plan {
  const what = sourceName(wanted)
  const fields = { Description: wanted.Description, ...sourceFields(wanted) }
  const body = { EventBusName, ...wanted, Description: withMark(wanted.Description) }
  const create = { operation: 'createEventSource', body }
  if (found === undefined) return planOf('create', what, listing(fields), [create])
  const { text, isMade } = readMark(found.Description)
  // what the API's own model leaves out of its answer is as it was made
  const times = found.SourceScheduledEventParameters ?? (isMade ? wanted.SourceScheduledEventParameters : undefined)
  const seen = { ...found, ...(times && { SourceScheduledEventParameters: times }) }
  const details = differences(fields, { Description: text, ...sourceFields(seen) })
  if (details.length === 0) return noChange()
  if (isHosted(found) === isHosted(wanted)) {
    const update = { operation: 'updateEventSource', body: isMade ? body : { EventBusName, ...wanted } }
    return planOf('update', what, details, [update])
  }
  // an update cannot take the URL of a source away; nothing that is published by the API misses it meanwhile
  if (isMade) return planOf('update', what, details, [deleteSource(EventBusName, wanted), create])
  const door = isHosted(found) ? 'is a hosted one, a second door that nothing of ours checks' : 'is no hosted one'
  return noChange(`left alone: ${what} ${door}, and provision did not make it`)
}

/** A source that the file does not name; without changes when it is not provision's own. */
function dropSource(EventBusName: string, source: Source): Plan {
  if (!readMark(source.Description).isMade) return noChange()
  return planOf('delete', sourceName(source), [], [deleteSource(EventBusName, source)])
}

function deleteSource(EventBusName: string, { EventSourceName }: Source): Call {
  return { operation: 'deleteEventSource', body: { EventBusName, EventSourceName } }
}

function isHosted({ SourceHttpEventParameters: http }: Source): boolean {
  return http !== undefined
}

function sourceName({ EventSourceName }: Source): string {
  return `event source ${EventSourceName}`
}
