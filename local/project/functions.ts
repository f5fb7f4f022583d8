import path from 'node:path'
import { functionFailure } from '../../emulator/targets/functionTarget'
import type { DeliveryResult } from '../../emulator/targets/target'
import { jsonFields } from '../../shared/json'
import { UserError } from '../../shared/userError'
import type { FunctionDefinition } from '../functionHost/functionDefinition'
import { createFunctionHost, type FunctionHost } from '../functionHost/functionHost'
import { invokeInBackground } from '../gateway/invokeApi'
import type { Account } from './account'
import type { DeployedFunction } from './serverlessFile'

/** One request an instance at a time, as in the cloud; more instances than this only make a laptop busy. */
const MAX_INSTANCES = 4

export const WEBHOOK = 'dingtalk-webhook'
const EMPLOYEES = 'dingtalk-employees'

/** The functions of s.yaml, as the function host runs them. */
export interface Functions {
  hosts: ReadonlyMap<string, FunctionHost>
  /** @throws UserError, see checkFunctions */
  check(): Promise<void>
}

export interface FunctionsOptions {
  projectDir: string
  account: Account
  /** a line that a function wrote */
  log(line: string): void
  /** tells where bad variables were read, see checkFunctions */
  withPlaces(problems: string): string
}

/** @throws UserError when s.yaml lacks one */
export function createFunctions(
  deployed: readonly DeployedFunction[],
  { projectDir, account, log, withPlaces }: FunctionsOptions,
): Functions {
  let badConfiguration: string | undefined
  const logOf = (line: string) => {
    badConfiguration = badConfigurationOf(line) ?? badConfiguration
    if (!isProbeLine(line)) log(line)
  }
  const hosts = new Map(
    deployed.map((props) => [props.functionName, createFunctionHost(toDefinition(props, projectDir, account), logOf)]),
  )
  const [webhook, employees] = [requireFunction(hosts, WEBHOOK), requireFunction(hosts, EMPLOYEES)]
  return { hosts, check: () => checkFunctions(webhook, employees, () => badConfiguration, withPlaces) }
}

/** A function of s.yaml as the function host runs it. */
function toDefinition(deployed: DeployedFunction, projectDir: string, context: Account): FunctionDefinition {
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

/** Delivers an event to a function, as a rule does: with an asynchronous target, it is delivered once it is taken. */
export async function invokeOnce(
  host: Pick<FunctionHost, 'invoke'> | undefined,
  payload: string,
  requestId: string,
  { async }: { async: boolean },
): Promise<DeliveryResult> {
  if (host === undefined) return { error: 'there is no such function in s.yaml' }
  if (async) {
    void invokeInBackground(host, Buffer.from(payload), requestId)
    return {}
  }
  const { body, errorType } = await host.invoke(Buffer.from(payload), requestId)
  if (errorType === undefined) return { answer: body.toString('utf8') }
  return functionFailure(errorType, body.toString('utf8'))
}

/** @throws UserError when s.yaml lacks it */
export function requireFunction<T>(functions: ReadonlyMap<string, T>, name: string): T {
  const found = functions.get(name)
  if (found === undefined) throw new UserError(`s.yaml has no function ${name}`)
  return found
}

/**
 * In the cloud a function with a bad configuration answers every request with an error; here it must not even start.
 * Both functions are called once with what changes nothing, which also makes their first instances.
 * @param badConfiguration what the webhook wrote about its configuration into its log
 * @param withPlaces tells where its bad variables were read
 * @throws UserError that names the variables
 */
export async function checkFunctions(
  webhook: Pick<FunctionHost, 'invoke'>,
  employees: Pick<FunctionHost, 'invoke'>,
  badConfiguration: () => string | undefined,
  withPlaces: (problems: string) => string,
): Promise<void> {
  const [request, delivery] = await Promise.all([
    webhook.invoke(Buffer.from(JSON.stringify(HTTP_PROBE)), PROBE_ID),
    employees.invoke(Buffer.from('[]'), PROBE_ID),
  ])
  if (request.errorType !== undefined || statusOf(request.body) === 500) {
    throw new UserError(`The webhook cannot start. ${withPlaces(badConfiguration() ?? errorMessageOf(request.body))}`)
  }
  if (delivery.errorType !== undefined) {
    throw new UserError(`The employees function cannot start. ${withPlaces(errorMessageOf(delivery.body))}`)
  }
}

/** Whether a function wrote the line about one of these calls: nobody else is interested in it. */
export function isProbeLine(line: string): boolean {
  return line.includes(`"requestId":"${PROBE_ID}"`)
}

const PROBE_ID = 'start-up-probe'

/** A method that no configuration allows: a healthy webhook answers 405. */
const HTTP_PROBE = {
  version: 'v1',
  rawPath: '/webhook/putEvents',
  body: '',
  isBase64Encoded: false,
  headers: {},
  queryParameters: {},
  requestContext: {
    accountId: '',
    domainName: '',
    domainPrefix: '',
    requestId: PROBE_ID,
    time: '',
    timeEpoch: '0',
    http: { method: 'PROBE', path: '/webhook/putEvents', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
  },
}

function statusOf(body: Buffer): unknown {
  return (JSON.parse(body.toString('utf8')) as { statusCode?: unknown }).statusCode
}

/** What a function's log line says of a bad configuration; undefined for any other line. */
export function badConfigurationOf(line: string): string | undefined {
  if (!line.includes('"bad_configuration"')) return undefined
  const { outcome, detail } = jsonFields(line)
  return outcome === 'bad_configuration' ? String(detail) : undefined
}

/** The message in a function's error, `{"errorMessage","errorType","stackTrace"}`. */
export function errorMessageOf(body: Buffer): string {
  return String(jsonFields(body.toString('utf8'))['errorMessage'] ?? '')
}
