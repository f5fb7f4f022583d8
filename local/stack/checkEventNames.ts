import { compilePattern, type EventBridgeFile } from '../../emulator'
import type { Environment } from '../../shared/config'
import { isObject, parseLossless } from '../../shared/json'

/** Lines about variables that are not used, or lead events past the rules of eventbridge.yaml. */
export function checkEventNames(
  environment: Environment,
  { bus, rules, sources }: Pick<EventBridgeFile, 'bus' | 'rules' | 'sources'>,
): string[] {
  const { EVENT_BUS_NAME: name, EVENT_SOURCE_NAME: source, EVENTBRIDGE_ENDPOINT } = environment
  const lines: string[] = []
  if (name && name !== bus) {
    lines.push(`EVENT_BUS_NAME is ${name} and not used: here events go to the bus of eventbridge.yaml, ${bus}`)
  }
  // another EventBridge has rules of its own
  if (EVENTBRIDGE_ENDPOINT) return lines
  const slip = sourceSlip(source || 'my.dingtalk', sources)
  if (source && !rules.some(({ filterPattern }) => takesSource(parseLossless(filterPattern), source))) {
    lines.push(`EVENT_SOURCE_NAME is ${source}, and no rule of eventbridge.yaml takes events of that source`)
  } else if (slip !== undefined) {
    lines.push(slip)
  }
  return lines
}

/**
 * Where one of the two names of the source was changed alone; undefined where they are the same.
 * @param source as what the webhook publishes
 * @param sources of eventbridge.yaml, of which others may publish as well
 */
export function sourceSlip(source: string, sources: readonly { name: string }[]): string | undefined {
  const names = sources.map(({ name }) => name)
  if (names.length === 0 || names.includes(source)) return undefined
  return `EventSourceName ${names.join(', ')} is not EVENT_SOURCE_NAME ${source}`
}

/** By its condition on the source alone: what else it asks of an event is not known yet. */
function takesSource(pattern: unknown, source: string): boolean {
  if (!isObject(pattern) || pattern['source'] === undefined) return true
  return compilePattern({ source: pattern['source'] }).matches({ source })
}
