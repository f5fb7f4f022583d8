import type { EventBridgeFile } from '../../emulator'
import type { Environment } from '../../shared/config'
import type { DeployedFunction } from './serverlessFile'

/** A function that has it asks DingTalk's API, and can do nothing without it. */
const APP_KEY = 'DINGTALK_APP_KEY'

/** The functions that run: who asks DingTalk's API is left out until there is an app key. */
export function functionsInUse(functions: readonly DeployedFunction[], environment: Environment): DeployedFunction[] {
  return functions.filter((props) => environment[APP_KEY] || !(APP_KEY in props.environmentVariables))
}

/** The rules, without the targets that are functions left out, and without those that have no other target. */
export function rulesInUse<T extends EventBridgeFile['rules'][number]>(
  rules: readonly T[],
  functions: readonly DeployedFunction[],
  environment: Environment,
): T[] {
  const inUse = functionsInUse(functions, environment)
  const leftOut = functions.filter((props) => !inUse.includes(props)).map(({ functionName }) => functionName)
  const isLeftOut = (endpoint: string) => leftOut.includes(endpoint.replace(/^.*functions\//, ''))
  return rules.flatMap((rule) => {
    const targets = rule.targets.filter(({ Endpoint }) => !isLeftOut(Endpoint))
    return targets.length === 0 && rule.targets.length > 0 ? [] : [{ ...rule, targets }]
  })
}
