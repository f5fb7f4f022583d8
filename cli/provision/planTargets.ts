import { differences, listing, targetFields } from './fields'
import type { Call } from './plan'
import type { Rule, Target } from './state'

export interface TargetChanges {
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
export function planTargets(busName: string, wanted: Rule, found: Rule, made: readonly string[]): TargetChanges {
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

export function describeTarget(target: Target): string[] {
  return [`+ target ${target.Id}`, ...indent(listing(targetFields(target)))]
}

/** Whether a target is one of those, or the stand-in of one of them that a run which was cut off left behind. */
export function isMadeTarget(id: string, made: readonly string[]): boolean {
  return made.some((other) => id === other || id === standInOf(other))
}

function standInOf(id: string): string {
  return `${id}-stand-in`
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`)
}
