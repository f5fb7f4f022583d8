import { differences, listing, ruleFields } from './fields'
import { readMark, withMark } from './mark'
import type { Call, Plan } from './plan'
import { describeTarget, isMadeTarget, planTargets } from './planTargets'
import type { Rule } from './state'

/** @param found undefined when there is no such rule yet */
export function planRule(EventBusName: string, wanted: Rule, found: Rule | undefined): Plan {
  return found ? updateRule(EventBusName, wanted, found) : createRule(EventBusName, wanted)
}

function createRule(EventBusName: string, wanted: Rule): Plan {
  // with its targets in one call: a rule without any would lose what it matches
  const made = wanted.Targets.map(({ Id }) => Id)
  const body = { EventBusName, ...wanted, Description: withMark(wanted.Description, made) }
  const details = [...listing(ownFields(wanted, wanted.Description)), ...wanted.Targets.flatMap(describeTarget)]
  const calls = [{ operation: 'createRule', body }]
  return { changes: [{ kind: 'create', what: nameOf(wanted), details, calls }], notes: [] }
}

function updateRule(EventBusName: string, wanted: Rule, found: Rule): Plan {
  const { text, isMade, targets: made } = readMark(found.Description)
  const targets = planTargets(EventBusName, wanted, found, made)
  const fields = differences(ownFields(wanted, wanted.Description), ownFields(found, text))
  const update = (ids: readonly string[]): Call => {
    const Description = isMade ? withMark(wanted.Description, ids) : wanted.Description
    const { RuleName, Status, FilterPattern } = wanted
    return { operation: 'updateRule', body: { EventBusName, RuleName, Description, Status, FilterPattern } }
  }
  // marked before they are made and until they are gone: a run that is cut off leaves none that the next does not know
  const during = [...new Set([...made, ...targets.created])]
  const after = during.filter((id) => !targets.dropped.includes(id))
  const calls = [
    ...(fields.length > 0 || (isMade && during.length > made.length) ? [update(during)] : []),
    ...targets.calls,
    ...(isMade && after.length < during.length ? [update(after)] : []),
  ]
  const details = [...fields, ...targets.details]
  return {
    changes: calls.length > 0 ? [{ kind: 'update', what: nameOf(wanted), details, calls }] : [],
    notes: targets.foreign.map((id) => `left alone: target ${id} of ${nameOf(wanted)}, which provision did not make`),
  }
}

/** A rule that the file does not name; without changes when it is not provision's own. */
export function dropRule(EventBusName: string, rule: Rule): Plan {
  const { isMade, targets: made } = readMark(rule.Description)
  if (!isMade) return { changes: [], notes: [] }
  const ids = rule.Targets.map(({ Id }) => Id)
  const foreign = ids.filter((id) => !isMadeTarget(id, made))
  if (foreign.length > 0) {
    const note = `left alone: ${nameOf(rule)}, for its targets that provision did not make: ${foreign.join(', ')}`
    return { changes: [], notes: [note] }
  }
  const on = { EventBusName, RuleName: rule.RuleName }
  const calls = [
    ...(ids.length > 0 ? [{ operation: 'deleteTargets', body: { ...on, TargetIds: ids } }] : []),
    { operation: 'deleteRule', body: on },
  ]
  const details = ids.map((id) => `- target ${id}`)
  return { changes: [{ kind: 'delete', what: nameOf(rule), details, calls }], notes: [] }
}

function ownFields(rule: Rule, description: string) {
  return { Description: description, ...ruleFields(rule) }
}

function nameOf({ RuleName }: Rule): string {
  return `rule ${RuleName}`
}
