import path from 'node:path'
import type { FcCredentials } from '../shared/fc/types'
import { UserError } from '../shared/userError'
import { errorMessageOf } from './checkFunctions'
import type { FunctionDefinition, FunctionHost } from './functionHost/functionHost'
import type { DeployedFunction } from './serverlessFile'

/** One request an instance at a time, as in the cloud; more instances than this only make a laptop busy. */
const MAX_INSTANCES = 4

export interface Account {
  region: string
  accountId: string
  credentials: FcCredentials
}

/** A function of s.yaml as the function host runs it. */
export function toDefinition(deployed: DeployedFunction, projectDir: string, context: Account): FunctionDefinition {
  const { initializer, preStop } = deployed.instanceLifecycleConfig ?? {}
  return {
    name: deployed.functionName,
    bundle: path.join(projectDir, deployed.code, 'index.js'),
    handler: deployed.handler,
    env: deployed.environmentVariables,
    memoryMb: deployed.memorySize,
    timeoutMs: deployed.timeout * 1000,
    maxInstances: MAX_INSTANCES,
    context,
    ...(initializer && { initializer: { handler: initializer.handler, timeoutMs: initializer.timeout * 1000 } }),
    ...(preStop && { preStop: { handler: preStop.handler, timeoutMs: preStop.timeout * 1000 } }),
  }
}

/** Delivers an event to a function, as a rule with a synchronous target does. */
export async function invokeOnce(host: Pick<FunctionHost, 'invoke'> | undefined, payload: string, requestId: string) {
  if (host === undefined) return 'there is no such function in s.yaml'
  const { body, errorType } = await host.invoke(Buffer.from(payload), requestId)
  return errorType === undefined ? undefined : `${errorType}: ${errorMessageOf(body).slice(0, 500)}`
}

/** @throws UserError when s.yaml lacks it */
export function requireFunction<T>(functions: ReadonlyMap<string, T>, name: string): T {
  const found = functions.get(name)
  if (found === undefined) throw new UserError(`s.yaml has no function ${name}`)
  return found
}
