import { type Call, noChange, type Plan, planOf } from './plan'
import { differences, listing, type Rule, readMark, ruleFields, type Target, targetFields, withMark } from './state'

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
  return planOf('create', ruleName(wanted), details, calls)
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
    changes: calls.length > 0 ? [{ kind: 'update', what: ruleName(wanted), details, calls }] : [],
    notes: targets.foreign.map((id) => `left alone: target ${id} of ${ruleName(wanted)}, which provision did not make`),
  }
}

/** A rule that the file does not name; without changes when it is not provision's own. */
export function dropRule(EventBusName: string, rule: Rule): Plan {
  const { isMade, targets: made } = readMark(rule.Description)
  if (!isMade) return noChange()
  const ids = rule.Targets.map(({ Id }) => Id)
  const foreign = ids.filter((id) => !isMadeTarget(id, made))
  if (foreign.length > 0) {
    const note = `left alone: ${ruleName(rule)}, for its targets that provision did not make: ${foreign.join(', ')}`
    return noChange(note)
  }
  const on = { EventBusName, RuleName: rule.RuleName }
  const calls = [
    ...(ids.length > 0 ? [{ operation: 'deleteTargets', body: { ...on, TargetIds: ids } }] : []),
    { operation: 'deleteRule', body: on },
  ]
  const details = ids.map((id) => `- target ${id}`)
  return planOf('delete', ruleName(rule), details, calls)
}

function ownFields(rule: Rule, description: string) {
  return { Description: description, ...ruleFields(rule) }
}

function ruleName({ RuleName }: Rule): string {
  return `rule ${RuleName}`
}

interface TargetChanges {
  details: string[]
  calls: Call[]
  /** Ids that are created */
  created: string[]
  /** Ids that provision made once, and the file does not name any more */
  dropped: string[]
  /** Ids of somebody else's */
  foreign: string[]
}

/**
 * What brings a rule's targets to what is wanted. EventBridge has no call of the SDK's that updates a target, and a rule
 * without one loses what it matches meanwhile: so a stand-in delivers while a target is deleted and created anew. Events
 * of that moment are delivered twice, which is harmless.
 * @param made Ids of the rule's targets that provision made
 */
function planTargets(busName: string, wanted: Rule, found: Rule, made: readonly string[]): TargetChanges {
  const on = { EventBusName: busName, RuleName: wanted.RuleName }
  const create = (Targets: Target[]): Call => ({ operation: 'createTargets', body: { ...on, Targets } })
  const remove = (TargetIds: string[]): Call => ({ operation: 'deleteTargets', body: { ...on, TargetIds } })
  const foundById = new Map(found.Targets.map((target) => [target.Id, target]))
  const wantedIds = wanted.Targets.map(({ Id }) => Id)

  const added = wanted.Targets.filter(({ Id }) => !foundById.has(Id))
  const changed = wanted.Targets.flatMap((target) => {
    const older = foundById.get(target.Id)
    const lines = older ? differences(targetFields(target), targetFields(older)) : []
    return lines.length > 0 ? [{ target, lines }] : []
  })
  const others = [...foundById.keys()].filter((id) => !wantedIds.includes(id))
  const dropped = others.filter((id) => isMadeTarget(id, [...made, ...wantedIds]))

  return {
    details: [
      ...added.flatMap(describeTarget),
      ...changed.flatMap(({ target, lines }) => [`~ target ${target.Id}`, ...indent(lines)]),
      ...dropped.map((id) => `- target ${id}`),
    ],
    calls: [
      ...(added.length > 0 ? [create(added)] : []),
      // a stand-in that a run left behind delivers as the target was then
      ...(dropped.length > 0 ? [remove(dropped)] : []),
      ...changed.flatMap(({ target }) => {
        const standIn = standInOf(target.Id)
        return [create([{ ...target, Id: standIn }]), remove([target.Id]), create([target]), remove([standIn])]
      }),
    ],
    created: added.map(({ Id }) => Id),
    dropped,
    foreign: others.filter((id) => !dropped.includes(id)),
  }
}

function describeTarget(target: Target): string[] {
  return [`+ target ${target.Id}`, ...indent(listing(targetFields(target)))]
}

/** Whether a target is one of those, or the stand-in of one of them that a run which was cut off left behind. */
function isMadeTarget(id: string, made: readonly string[]): boolean {
  return made.some((other) => id === other || id === standInOf(other))
}

/** What delivers in a target's place while that is deleted and created anew. */
export function standInOf(id: string): string {
  return `${id}-stand-in`
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`)
}
