import type { EventBridgeFile } from '../emulator/config/readEventBridgeFile'
import { compilePattern } from '../emulator/pattern/compilePattern'
import type { Environment } from '../shared/config'
import { isObject } from '../shared/isObject'

/** Lines about variables that are not used, or lead events past the rules of eventbridge.yaml. */
export function checkEventNames(
  environment: Environment,
  { bus, rules }: Pick<EventBridgeFile, 'bus' | 'rules'>,
): string[] {
  const { EVENT_BUS_NAME: name, EVENT_SOURCE_NAME: source, EVENTBRIDGE_ENDPOINT } = environment
  const lines: string[] = []
  if (name && name !== bus) {
    lines.push(`EVENT_BUS_NAME is ${name} and not used: here events go to the bus of eventbridge.yaml, ${bus}`)
  }
  // another EventBridge has rules of its own
  if (
    source &&
    !EVENTBRIDGE_ENDPOINT &&
    !rules.some(({ filterPattern }) => takesSource(JSON.parse(filterPattern), source))
  ) {
    lines.push(`EVENT_SOURCE_NAME is ${source}, and no rule of eventbridge.yaml takes events of that source`)
  }
  return lines
}

/** By its condition on the source alone: what else it asks of an event is not known yet. */
function takesSource(pattern: unknown, source: string): boolean {
  if (!isObject(pattern) || pattern['source'] === undefined) return true
  return compilePattern({ source: pattern['source'] }).matches({ source })
}
