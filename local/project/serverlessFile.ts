import { parse, YAMLParseError } from 'yaml'
import * as z from 'zod/mini'
import type { EventBridgeFile } from '../../emulator'
import type { Environment } from '../../shared/config'
import { fullwidthSyntax } from '../../shared/fullwidth'
import { UserError } from '../../shared/userError'
import type { Account } from './account'

const hook = z.object({ handler: z.string(), timeout: z.number() })

/** Of a timer: when, and what the function is handed. Other triggers have other things. */
const triggerConfig = z.object({
  cronExpression: z.optional(z.string()),
  payload: z.optional(z.string()),
  enable: z.optional(z.boolean()),
})

const schema = z.object({
  resources: z.record(
    z.string(),
    z.object({
      component: z.string(),
      props: z.object({
        functionName: z.string(),
        handler: z.string(),
        code: z.string(),
        memorySize: z.number(),
        timeout: z.number(),
        environmentVariables: z.record(z.string(), z.string()),
        concurrencyConfig: z.optional(z.object({ reservedConcurrency: z.number() })),
        instanceLifecycleConfig: z.optional(z.object({ initializer: z.optional(hook), preStop: z.optional(hook) })),
        triggers: z.optional(
          z.array(
            z.object({ triggerName: z.string(), triggerType: z.string(), triggerConfig: z.optional(triggerConfig) }),
          ),
        ),
      }),
    }),
  ),
})

/** What s.yaml says of a function. Times in seconds, memory in MB. */
export type DeployedFunction = z.infer<typeof schema>['resources'][string]['props'] & {
  /** the variable without which it is not deployed */
  onlyWith?: string
}

/**
 * Reads the functions of s.yaml, so that the local stack runs what is deployed.
 * @throws UserError
 */
export function readServerlessFile(text: string): DeployedFunction[] {
  const fullwidth = fullwidthSyntax(text).map(({ line, column, message }) => `s.yaml:${line}:${column} ${message}`)
  if (fullwidth.length > 0) throw new UserError(fullwidth.join('\n'))
  const parsed = schema.safeParse(parseYaml(text))
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new UserError(`s.yaml ${faults.join('; ')}`)
  }
  return Object.values(parsed.data.resources).map(({ component, props }) => {
    const [, onlyWith] = ONLY_WITH.exec(component) ?? []
    return { ...props, ...(onlyWith !== undefined && { onlyWith }) }
  })
}

/** `${env('X', '') ? 'fc3' : …}`: as `s` has it, an empty variable is none. */
const ONLY_WITH = /^\$\{env\('(\w+)', ''\) \? 'fc3[\w.@]*' : /

function parseYaml(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    // its first line says what and where; the rest shows the place
    if (error instanceof YAMLParseError) throw new UserError(`s.yaml: ${error.message.split(':\n')[0]}`)
    throw error
  }
}

/**
 * Those that are deployed with this environment, with their variables filled in.
 * `${env('X')}` takes its value from the given environment, never from `.env`; a variable that is not set anywhere is
 * left out.
 */
export function fillVariables(functions: readonly DeployedFunction[], environment: Environment): DeployedFunction[] {
  return functions.filter(isDeployed(environment)).map((props) => ({
    ...props,
    environmentVariables: Object.fromEntries(
      Object.entries(props.environmentVariables)
        .map(([name, value]) => [name, fillIn(value, environment)] as const)
        .filter(([, value]) => value !== ''),
    ),
  }))
}

function isDeployed(environment: Environment) {
  return ({ onlyWith }: DeployedFunction) => onlyWith === undefined || Boolean(environment[onlyWith])
}

/**
 * https://docs.serverless-devs.com/user-guide/spec/ : `${env('X')}` and `${env('X', 'default')}`. An empty variable counts
 * as unset, as it does for `s`.
 */
function fillIn(text: string, environment: Environment): string {
  return text.replace(
    /\$\{env\('([^']*)'(?:,\s*'([^']*)')?\)\}/g,
    (_, name: string, fallback: string | undefined) => environment[name] || fallback || '',
  )
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
    targets.flatMap((target) => {
      const functionName = ownFunction(target, { region, accountId })
      if (functionName === undefined || functionNames.includes(functionName)) return []
      return [`target ${target.Id} of rule ${name} is the function ${functionName}, which s.yaml does not have`]
    }),
  )
}

type Place = Pick<Account, 'region' | 'accountId'>
type Rule = EventBridgeFile['rules'][number]

/** The function of this account that is a target; undefined for any other target. */
function ownFunction({ Type, Endpoint }: Rule['targets'][number], { region, accountId }: Place): string | undefined {
  const isOurs = Type === 'acs.fc.function' && Endpoint.startsWith(`acs:fc:${region}:${accountId}:`)
  return isOurs ? Endpoint.replace(/^.*functions\//, '') : undefined
}

/** What of eventbridge.yaml waits for a variable: without it, its function is not deployed, or its address is not known. */
export interface Waiting {
  rule: string
  /** Id */
  target: string
  functionName?: string
  variable: string
}

/**
 * The rules of eventbridge.yaml without the targets whose functions this environment does not deploy. A rule of which none
 * is left is none.
 */
export function deployedRules(
  rules: readonly Rule[],
  functions: readonly DeployedFunction[],
  environment: Environment,
  place: Place,
): { rules: Rule[]; waiting: Waiting[] } {
  const variables = new Map(
    functions
      .filter((props) => !isDeployed(environment)(props))
      .map(({ functionName, onlyWith }) => [functionName, onlyWith ?? '']),
  )
  const waiting = rules.flatMap(({ name, targets }) =>
    targets.flatMap((target) => {
      const functionName = ownFunction(target, place) ?? ''
      const variable = variables.get(functionName)
      return variable === undefined ? [] : [{ rule: name, target: target.Id, functionName, variable }]
    }),
  )
  const isWaiting = (rule: string, id: string) => waiting.some((other) => other.rule === rule && other.target === id)
  const left = rules.map((rule) => ({ ...rule, targets: rule.targets.filter(({ Id }) => !isWaiting(rule.name, Id)) }))
  return {
    rules: left.filter(({ targets }, index) => targets.length > 0 || rules[index]?.targets.length === 0),
    waiting,
  }
}
