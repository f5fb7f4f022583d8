import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import type { Environment } from '../../shared/config'

export const serverlessText = fs.readFileSync(path.join(__dirname, '../../s.yaml'), 'utf8')

/** What npm run provision fills into eventbridge.yaml: no function has it. */
export const variablesOfRules = [
  ...new Set(
    fs.readFileSync(path.join(__dirname, '../../eventbridge.yaml'), 'utf8').match(/(?<=\$\{)[A-Z][A-Z0-9_]*(?=\})/g),
  ),
]

/** A function's part of s.yaml, as far as tests look into it. */
export interface FunctionProps {
  [key: string]: unknown
  functionName: string
  runtime: string
  handler: string
  code: string
  cpu: number
  memorySize: number
  timeout: number
  role: string
  environmentVariables: Record<string, string>
  concurrencyConfig: { reservedConcurrency: number }
  instanceLifecycleConfig?: Record<string, { handler: string; timeout: number }>
  triggers?: { triggerName?: string; triggerType: string; triggerConfig: Record<string, unknown> }[]
  asyncInvokeConfig?: Record<string, unknown>
}

export const FUNCTIONS = ['webhook', 'employees', 'enrich', 'reconcile'] as const

export interface ServerlessFile {
  actions: Record<string, { run: string; path: string }[]>
  resources: Record<(typeof FUNCTIONS)[number], { component: string; props: FunctionProps }>
}

/**
 * s.yaml as `s` fills it in (tried with @serverless-devs/s 3.1.10): an empty variable counts as unset, env() gives text, a
 * comparison a boolean, and a variable that has neither value nor default ends everything.
 */
export function fillServerless(environment: Environment, text = serverlessText): ServerlessFile {
  const file = parse(text) as { vars: Record<string, string> }
  const env = (name: string, fallback: string | undefined) => {
    const value = environment[name] || fallback
    if (value === undefined) throw new Error(`env('${name}') not found`)
    return value
  }
  const fillText = (value: string): unknown => {
    const component = /^\$\{env\('([^']*)', ''\) \? '([^']*)' : path\('([^']*)'\)\}$/.exec(value)
    if (component) return env(component[1] ?? '', '') === '' ? component[3] : component[2]
    const isTrue = /^\$\{env\('([^']*)', '([^']*)'\) === 'true'\}$/.exec(value)
    if (isTrue) return env(isTrue[1] ?? '', isTrue[2]) === 'true'
    const filled = value
      .replace(/\$\{env\('([^']*)'(?:, '([^']*)')?\)\}/g, (_, name: string, fallback?: string) => env(name, fallback))
      .replace(/\$\{vars\.(\w+)\}/g, (_, name: string) => String(fill(file.vars[name])))
    if (filled.includes('${')) throw new Error(`s.yaml: ${value} is not understood`)
    return filled
  }
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return fillText(value)
    if (Array.isArray(value)) return value.map(fill)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]))
  }
  return fill(file) as ServerlessFile
}

/** An environment with which everything can be deployed. */
export const COMPLETE: Readonly<Record<string, string>> = {
  AccountID: '1234567890123456',
  AccessKeyID: 'LTAIexample',
  AccessKeySecret: 'a-secret',
  LOG_PROJECT: 'hr-logs',
  VPC_ID: 'vpc-bp1example',
  VSWITCH_ID: 'vsw-bp1example',
  SECURITY_GROUP_ID: 'sg-bp1example',
  MYSQL_HOST: 'rm-example.mysql.rds.aliyuncs.com',
  MYSQL_USER: 'hr',
  MYSQL_PASSWORD: 'a-password',
  MYSQL_DATABASE: 'hr',
}

/** An app of DingTalk's, with which enrich and reconcile are deployed as well. */
export const APP: Readonly<Record<string, string>> = {
  DINGTALK_APP_KEY: 'dingexamplekey',
  DINGTALK_APP_SECRET: 'an-app-secret',
  DINGTALK_CORP_ID: 'dingexamplecorp',
}

/** s.yaml with a component of ours in the place of fc3. */
export function withComponent(component: string, text = serverlessText): string {
  return text.replaceAll('component: fc3', `component: ${component}`).replaceAll("? 'fc3' :", `? '${component}' :`)
}
