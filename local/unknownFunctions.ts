import type { EventBridgeFile } from '../emulator/config/readEventBridgeFile'
import type { Account } from './account'

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
