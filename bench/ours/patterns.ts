import { compilePattern, compileRules } from '../../emulator'

/** As the emulator matches an event against the rules of its bus: with the reason of each that does not take it. */
export function prepare(rules: readonly { name: string; pattern: unknown }[]) {
  const whyNots = compileRules(rules.map(({ pattern }) => compilePattern(pattern)))
  return (event: Record<string, unknown>): string[] => {
    const reasons = whyNots(event)
    const names: string[] = []
    for (const [at, { name }] of rules.entries()) if (reasons[at] === undefined) names.push(name)
    return names
  }
}
