import path from 'node:path'
import * as z from 'zod/mini'
import { type EmployeesConfig, readConfig as readEmployeesConfig } from '../../functions/employees/config'
import { readConfig as readEnrichConfig } from '../../functions/enrich/config'
import { readConfig as readReconcileConfig } from '../../functions/reconcile/config'
import { readConfig as readWebhookConfig, type WebhookConfig } from '../../functions/webhook/config'
import { type DeployedFunction, fillVariables } from '../../local/project/serverlessFile'
import { blankProblem, ConfigError, type Environment, parseConfig } from '../../shared/config'
import { eventBridgeEndpoint } from '../../shared/eventbridge/variables'
import { readTls } from '../../shared/tls'
import { readAccount } from '../targetEventBridge'
import { checkDirectoryApp } from './directoryApp'
import { readAsServerlessDevs, type Sources, surprises } from './readAsServerlessDevs'
import { region } from './region'

/** https://www.alibabacloud.com/help/en/functioncompute/fc/environment-variables */
const MAX_VARIABLES_BYTES = 4096

const role = z.optional(
  z.string().check(
    // fc3 makes the ARN of a role lower-case
    z.regex(/^(acs:ram::\d+:role\/)?[a-z0-9.-]{1,64}$/, 'must be the name or the ARN of a role, in lower case'),
  ),
)
const resource = (prefix: string) =>
  z.string().check(z.regex(new RegExp(`^${prefix}-[a-z0-9]+$`), `must be an ID that begins with ${prefix}-`))

/** What s.yaml takes from the environment beside the functions' own variables. */
const deployment = z.object({
  // it has 16 digits, and nobody promises that
  AccountID: z.string().check(z.regex(/^\d{10,}$/, 'must be the number of your account, which has 16 digits')),
  // of STS it has a dot
  AccessKeyID: z.string().check(z.regex(/^[A-Za-z0-9.]+$/, 'must be letters and digits alone')),
  AccessKeySecret: z.string().check(z.regex(/^\S+$/, 'must have no blank within it')),
  FC_REGION_ID: z.optional(region),
  WEBHOOK_ROLE: role,
  EMPLOYEES_ROLE: role,
  ENRICH_ROLE: role,
  RECONCILE_ROLE: role,
  LOG_PROJECT: z
    .string()
    .check(z.regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'must be 3 to 63 lower-case letters, digits or hyphens')),
  LOG_STORE: z.optional(z.string().check(z.regex(/^[a-z0-9_-]{3,63}$/, 'must be 3 to 63 of a-z, 0-9, _ and -'))),
  VPC_ID: resource('vpc'),
  VSWITCH_ID: resource('vsw'),
  SECURITY_GROUP_ID: resource('sg'),
  DISABLE_PUBLIC_URL: z.optional(z.enum(['true', 'false'], 'must be true or false')),
  MYSQL_HOST: z.string(),
  MYSQL_PASSWORD: z.string(),
})

interface Deployment extends Sources {
  /** of s.yaml, not filled in yet */
  functions: readonly DeployedFunction[]
  /** the folder of the CA files that the build puts beside employees */
  certificates: string
}

/**
 * What would make a deployment fail, or deploy a function that cannot start: each problem names its variable and what is
 * expected, never a value.
 */
export function findProblems({ functions, certificates, ...sources }: Deployment): string[] {
  const environment = readAsServerlessDevs(sources)
  const names = [
    ...Object.keys(deployment.shape),
    ...functions.flatMap(({ environmentVariables }) => Object.keys(environmentVariables)),
  ]
  // Function Compute gives these two, of which the default endpoint is made
  const given = { FC_ACCOUNT_ID: 'account', FC_REGION: 'region' }
  const check: Readonly<Record<string, (variables: Environment) => void>> = {
    'dingtalk-webhook': (variables) => {
      eventBridgeEndpoint(readWebhookConfig({ ...variables, ...given }))
    },
    'dingtalk-employees': (variables) => {
      const config = readEmployeesConfig(variables)
      readTls(readCaName(config.MYSQL_SSL), config.MYSQL_HOST, certificates)
    },
    'dingtalk-enrich': (variables) => {
      eventBridgeEndpoint(readEnrichConfig({ ...variables, ...given }))
    },
    'dingtalk-reconcile': (variables) => {
      eventBridgeEndpoint(readReconcileConfig({ ...variables, ...given }))
    },
  }
  const filled = fillVariables(functions, environment)
  const variablesOf = (name: string) => filled.find((other) => other.functionName === name)?.environmentVariables ?? {}
  const problems = [
    ...surprises(sources, names),
    ...blanksKeptByS(environment),
    ...problemsOf(() => parseConfig(deployment, { ...environment, ...readAccount(environment) })),
    ...filled.flatMap(({ functionName, environmentVariables }) => [
      ...problemsOf(() => check[functionName]?.(environmentVariables)),
      ...tooLarge(functionName, environmentVariables),
    ]),
    ...problemsOf(() => {
      const webhook = readWebhookConfig(variablesOf('dingtalk-webhook'))
      checkCorporation(webhook, readEmployeesConfig(variablesOf('dingtalk-employees')))
    }),
    ...problemsOf(() => checkDirectoryApp(environment, filled)),
  ]
  return [...new Set(problems)]
}

/** The functions cut blanks off their variables' ends; what `s` reads itself it takes as it is written. */
function blanksKeptByS(environment: Environment): string[] {
  const names = Object.keys(deployment.shape).filter((name) => !name.startsWith('MYSQL_'))
  return names.map((name) => blankProblem(name, environment[name])).filter((problem) => problem !== undefined)
}

/** The build puts the files of certs/ beside the function, and no other. */
function readCaName(setting: string | undefined): string | undefined {
  if (setting === undefined || path.basename(setting) === setting) return setting
  throw new ConfigError('MYSQL_SSL: must be the name of a file in certs/, not a path')
}

export function problemsOf(read: () => unknown): string[] {
  try {
    read()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('; ')
    throw error
  }
}

function tooLarge(functionName: string, variables: Readonly<Record<string, string>>): string[] {
  const bytes = Buffer.byteLength(Object.entries(variables).flat().join(''))
  if (bytes <= MAX_VARIABLES_BYTES) return []
  return [`the variables of ${functionName}: take ${bytes} bytes together, and ${MAX_VARIABLES_BYTES} are allowed`]
}

/** Without any of them the webhook takes events from whoever knows its URL. */
export const AUTHENTICATIONS = ['WEBHOOK_TOKEN', 'CONNECTOR_API_SECRET', 'DINGTALK_TOKEN'] as const

/** Whether a connector may send: with native callbacks alone every plain request is refused. */
export function takesPlain({ WEBHOOK_TOKEN, CONNECTOR_API_SECRET, DINGTALK_TOKEN }: WebhookConfig): boolean {
  return WEBHOOK_TOKEN.length > 0 || CONNECTOR_API_SECRET !== undefined || DINGTALK_TOKEN.length === 0
}

export function takesCallbacks({ DINGTALK_TOKEN }: WebhookConfig): boolean {
  return DINGTALK_TOKEN.length > 0
}

/**
 * Native callbacks name their corporation, a connector's events name none, and an employee is one row only under one.
 * @throws ConfigError where both come and none is said for the connector's: a leaver would stay active in one of two rows
 */
export function checkCorporation(webhook: WebhookConfig, { DINGTALK_CORP_ID }: EmployeesConfig): void {
  if (!takesPlain(webhook) || !takesCallbacks(webhook) || DINGTALK_CORP_ID !== '') return
  throw new ConfigError(
    'DINGTALK_CORP_ID: is not set, and of native callbacks and a connector’s events an employee would become two rows',
  )
}
