import type { EventBridgeFile } from '../../emulator/config/readEventBridgeFile'
import { compilePattern } from '../../emulator/pattern/compilePattern'
import type { Environment } from '../../shared/config'
import { isObject } from '../../shared/json'
import type { Account } from '../project/account'
import type { Settings } from '../project/settings'

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

/**
 * The targets of eventbridge.yaml that are functions of this account, and that s.yaml does not have: nobody deploys them,
 * so it is a slip of the pen. One of another account or region is somebody else's.
 * @param functionNames of s.yaml
 * @returns a sentence each
 */
export function unknownFunctions(
  rules: EventBridgeFile['rules'],
  functionNames: readonly string[],
  { region, accountId }: Pick<Account, 'region' | 'accountId'>,
): string[] {
  return rules.flatMap(({ name, targets }) =>
    targets.flatMap(({ Id, Type, Endpoint }) => {
      const isOurs = Type === 'acs.fc.function' && Endpoint.startsWith(`acs:fc:${region}:${accountId}:`)
      const functionName = Endpoint.replace(/^.*functions\//, '')
      if (!isOurs || functionNames.includes(functionName)) return []
      return [`target ${Id} of rule ${name} is the function ${functionName}, which s.yaml does not have`]
    }),
  )
}

/**
 * What parseConfig says of bad variables, with the place where each was read: `PORT (in .env.local): must be …`.
 * @param problems `NAME: what is wrong; NAME: …`
 */
export function namePlaces(
  problems: string,
  { environment, fromFile }: Pick<Settings, 'environment' | 'fromFile'>,
): string {
  return problems.replace(/(?<=^|; )[A-Z][A-Z0-9_]*(?=: )/g, (name) => {
    if (environment[name] === undefined) return name
    return `${name} (in ${fromFile.has(name) ? '.env.local' : 'the shell'})`
  })
}
