import { type EmployeesConfig, readConfig as readEmployeesConfig } from '../functions/employees/config'
import { readConfig as readEnrichConfig } from '../functions/enrich/config'
import { readConfig as readReconcileConfig } from '../functions/reconcile/config'
import { readConfig as readWebhookConfig, type WebhookConfig } from '../functions/webhook/config'
import { type DeployedFunction, fillVariables } from '../local/project/serverlessFile'
import { mappingSlips } from '../local/stack/mappingSlips'
import { ConfigError, type Environment } from '../shared/config'
import { compileFields } from '../shared/dropFields/fieldNames'
import type { Mapping } from '../shared/mapping/mapping'
import { checkCorporation, problemsOf } from './checkEnvironment/findProblems'

/** What the stack, or a deployment, gives the functions besides. */
const GIVEN = { EVENT_BUS_NAME: 'bus', MYSQL_HOST: 'host', MYSQL_USER: 'user', MYSQL_DATABASE: 'database' }

/**
 * What is odd in mapping.yaml, and what the functions' variables and it do to each other. Variables that are wrong are told
 * elsewhere.
 * @param functions of s.yaml, not filled in
 * @param mappingText the content of mapping.yaml
 * @returns a sentence each
 */
export function variableSlips(
  functions: readonly DeployedFunction[],
  environment: Environment,
  mappings: readonly Mapping[],
  mappingText: string,
): string[] {
  const { webhook, employees } = readConfigs(functions, environment)
  const isDropped = webhook && ((field: string) => compileFields(webhook.DROP_FIELDS).has(field))
  return [
    ...mappings.flatMap((mapping) => mappingSlips(mapping, mappingText, isDropped)),
    ...(webhook && employees ? problemsOf(() => checkCorporation(webhook, employees)) : []),
    // without either nobody expects them
    ...(environment['DINGTALK_APP_SECRET'] && !environment['DINGTALK_APP_KEY']
      ? ['DINGTALK_APP_KEY is not set, though DINGTALK_APP_SECRET is: enrich and reconcile do not run']
      : []),
  ]
}

/**
 * What keeps a function from starting, known before there is a database: by the functions' own readers.
 * @returns a function's name for a person, and `NAME: what is wrong; …`
 */
export function badVariables(
  functions: readonly DeployedFunction[],
  environment: Environment,
): { who: string; problems: string }[] {
  const filled = fillVariables(functions, environment)
  const readers = [
    { who: 'webhook', name: 'dingtalk-webhook', read: readWebhookConfig },
    { who: 'employees function', name: 'dingtalk-employees', read: readEmployeesConfig },
    { who: 'enrich function', name: 'dingtalk-enrich', read: readEnrichConfig, isOptional: true },
    { who: 'reconcile function', name: 'dingtalk-reconcile', read: readReconcileConfig, isOptional: true },
  ]
  return readers.flatMap(({ who, name, read, isOptional }) => {
    const props = filled.find(({ functionName }) => functionName === name)
    if (props === undefined && isOptional) return []
    const own = props?.environmentVariables ?? {}
    // the database and the bus are the stack's own to name
    const given = Object.entries(own).filter(([variable]) => !/^(MYSQL_|EVENT_BUS_NAME$)/.test(variable))
    const problems = problemsOf(() => read({ ...Object.fromEntries(given), ...GIVEN }))
    return problems.length > 0 ? [{ who, problems: problems.join('; ') }] : []
  })
}

/** What the webhook and the employees function have for their configuration; undefined where a variable is wrong. */
export function readConfigs(functions: readonly DeployedFunction[], environment: Environment) {
  const filled = fillVariables(functions, environment)
  const variablesOf = (name: string) => {
    return { ...GIVEN, ...filled.find(({ functionName }) => functionName === name)?.environmentVariables }
  }
  const webhook = orNone<WebhookConfig>(() => readWebhookConfig(variablesOf('dingtalk-webhook')))
  const employees = orNone<EmployeesConfig>(() => readEmployeesConfig(variablesOf('dingtalk-employees')))
  return { webhook, employees }
}

function orNone<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}
