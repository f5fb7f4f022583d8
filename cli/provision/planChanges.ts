import { withMark } from './mark'
import { joinPlans, type Plan } from './plan'
import { dropRule, planRule } from './planRule'
import { dropSource, planSource } from './planSource'
import type { FoundBus, State } from './state'

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
