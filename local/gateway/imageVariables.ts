import fs from 'node:fs'
import path from 'node:path'
import { type Environment, readCredentials } from '../../shared/config'
import { UserError } from '../../shared/userError'
import type { FunctionDefinition } from '../functionHost/functionDefinition'
import type { Account } from '../project/account'
import type { DeployedFunction } from '../project/serverlessFile'

/** What the fc3 component fills in. https://github.com/devsapp/fc3/blob/master/src/default/config.ts */
const DEFAULTS = { memoryMb: 512, timeoutS: 3, port: 9000 }
export const DEFAULT_INITIALIZATION_TIMEOUT_S = 3

export interface ImageSettings {
  definition: FunctionDefinition
  port: number
  /** headers that are put into every HTTP request, in place of its own */
  addedHeaders?: Readonly<Record<string, string>>
}

/**
 * Reads the variables with which Serverless Devs runs the image of a runtime (`docker run -e FC_FUNCTION_HANDLER=…`).
 * The function sees all that is set, as in a container.
 * https://github.com/devsapp/fc3/blob/master/src/subCommands/local/impl/baseLocal.ts
 * @throws UserError
 */
export function readImageVariables(environment: Environment): ImageSettings {
  const codePath = path.resolve(required(environment, 'FC_FUNC_CODE_PATH'))
  if (!fs.existsSync(codePath))
    throw new UserError('FC_FUNC_CODE_PATH names no folder. It must be the one of the code.')
  const initializer = environment['FC_INITIALIZER_HANDLER']
  const credentials = readCredentials(environment)
  return {
    port: readNumber(environment, 'FC_CUSTOM_LISTEN_PORT', DEFAULTS.port),
    definition: {
      name: environment['FC_FUNCTION_NAME'] || 'function',
      bundle: path.join(codePath, 'index.js'),
      handler: required(environment, 'FC_FUNCTION_HANDLER'),
      ...(initializer && {
        initializer: {
          handler: initializer,
          timeoutMs: 1000 * readNumber(environment, 'FC_INITIALIZATION_TIMEOUT', DEFAULT_INITIALIZATION_TIMEOUT_S),
        },
      }),
      env: defined(environment),
      memoryMb: readNumber(environment, 'FC_FUNCTION_MEMORY_SIZE', DEFAULTS.memoryMb),
      timeoutMs: 1000 * readNumber(environment, 'FC_TIMEOUT', DEFAULTS.timeoutS),
      // a container is one instance
      maxInstances: 1,
      context: {
        region: environment['FC_REGION'] ?? '',
        accountId: environment['FC_ACCOUNT_ID'] ?? '',
        ...(credentials && { credentials }),
      },
    },
  }
}

function required(environment: Environment, name: string): string {
  const value = environment[name]
  if (value) return value
  throw new UserError(`Set ${name}, or name a function of s.yaml: npm run host -- --function dingtalk-webhook`)
}

function readNumber(environment: Environment, name: string, fallback: number): number {
  const value = environment[name] ? Number(environment[name]) : fallback
  if (value > 0) return value
  throw new UserError(`${name} must be a number above 0.`)
}

function defined(environment: Environment): Record<string, string> {
  const entries = Object.entries(environment)
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/** The variables with which Serverless Devs would run a function of s.yaml. */
export function imageVariables(deployed: DeployedFunction, account: Account, projectDir: string): Environment {
  const { initializer } = deployed.instanceLifecycleConfig ?? {}
  return {
    ...deployed.environmentVariables,
    FC_FUNC_CODE_PATH: path.join(projectDir, deployed.code),
    FC_FUNCTION_NAME: deployed.functionName,
    FC_FUNCTION_HANDLER: deployed.handler,
    FC_FUNCTION_MEMORY_SIZE: String(deployed.memorySize),
    FC_TIMEOUT: String(deployed.timeout),
    FC_REGION: account.region,
    FC_ACCOUNT_ID: account.accountId,
    ALIBABA_CLOUD_ACCESS_KEY_ID: account.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: account.credentials.accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: account.credentials.securityToken ?? '',
    ...(initializer && {
      FC_INITIALIZER_HANDLER: initializer.handler,
      FC_INITIALIZATION_TIMEOUT: String(initializer.timeout),
    }),
  }
}
