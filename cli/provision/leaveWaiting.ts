import type { Waiting } from '../../local/project/serverlessFile'
import { standInOf } from './planRule'
import { type FoundBus, type Rule, readMark } from './state'

/**
 * What is on the bus without what waits for a variable: a deployment with it made that, and one without it neither changes
 * nor deletes it, since a variable is soon forgotten.
 * @returns what is left alone, a sentence a rule
 */
export function leaveWaiting(
  found: FoundBus | undefined,
  waiting: readonly Waiting[],
): { found: FoundBus | undefined; notes: string[] } {
  if (found === undefined || waiting.length === 0) return { found, notes: [] }
  // a run that was cut off may have left a stand-in, and nothing else that delivers
  const waitsFor = (rule: Rule, id: string) =>
    waiting.find(({ rule: name, target }) => name === rule.RuleName && [target, standInOf(target)].includes(id))
  const notes = found.rules.flatMap((rule) => {
    const there = rule.Targets.map(({ Id }) => Id)
    const ids = readMark(rule.Description).targets.filter((id) => there.includes(id) || there.includes(standInOf(id)))
    return ids.flatMap((id) => {
      const waits = waitsFor(rule, id)
      if (waits === undefined) return []
      const end =
        waits.functionName === undefined
          ? 'delete it from the file'
          : 'delete it from the file first, then its function'
      return `left alone: target ${id} of rule ${rule.RuleName}, which is made with ${waits.variable} alone, and goes on without it. To end it, ${end}.`
    })
  })
  const rules = found.rules.flatMap((rule) => {
    const Targets = rule.Targets.filter(({ Id }) => waitsFor(rule, Id) === undefined)
    return Targets.length === 0 && rule.Targets.length > 0 ? [] : [{ ...rule, Targets }]
  })
  return { found: { ...found, rules }, notes }
}
