import path from 'node:path'
import { type DeliveryResult, functionFailure } from '../../emulator'
import type { FcHttpEvent } from '../../shared/fc/types'
import { jsonFields } from '../../shared/json'
import { UserError } from '../../shared/userError'
import type { FunctionDefinition } from '../functionHost/functionDefinition'
import { createFunctionHost, type FunctionHost } from '../functionHost/functionHost'
import { toHttpEvent } from '../gateway/httpTrigger'
import { invokeInBackground } from '../gateway/invokeApi'
import type { Account } from '../project/account'
import type { DeployedFunction } from '../project/serverlessFile'

/** The functions of s.yaml, as the function host runs them. */
export interface Functions {
  hosts: ReadonlyMap<string, FunctionHost>
  webhook: FunctionHost
  /**
   * In the cloud a function with a bad configuration answers every request with an error; here it must not even start.
   * What is asked by requests and deliveries is called once with what changes nothing, which also makes first instances.
   * @throws UserError that names the variables
   */
  check(): Promise<void>
}

interface FunctionsOptions {
  projectDir: string
  account: Account
  /** a line that the function of this name wrote */
  log(line: string, name: string): void
  /** tells where bad variables were read */
  withPlaces(problems: string): string
}

/** @throws UserError when s.yaml lacks the webhook or the employees function */
export function createFunctions(
  deployed: readonly DeployedFunction[],
  { projectDir, account, log, withPlaces }: FunctionsOptions,
): Functions {
  let badConfiguration: string | undefined
  const logOf = (name: string) => (line: string) => {
    const problems = badConfigurationOf(line)
    badConfiguration = problems ?? badConfiguration
    // of these `check` tells, and says where the variables were read
    if (problems === undefined && !isProbeLine(line)) log(line, name)
  }
  const hosts = new Map(
    deployed.map((props) => {
      const { functionName: name } = props
      return [name, createFunctionHost(toDefinition(props, projectDir, account), logOf(name))]
    }),
  )
  const webhook = requireFunction(hosts, 'dingtalk-webhook')
  const targets = { 'employees function': requireFunction(hosts, 'dingtalk-employees'), ...enrichOf(hosts) }
  return {
    hosts,
    webhook,
    async check() {
      const [request, ...deliveries] = await Promise.all([
        webhook.invoke(Buffer.from(JSON.stringify(httpProbe(account))), PROBE_ID),
        ...Object.values(targets).map((target) => target.invoke(Buffer.from('[]'), PROBE_ID)),
      ])
      if (request.errorType !== undefined || statusOf(request.body) === 500) {
        const problems = badConfiguration ?? errorMessageOf(request.body)
        throw new UserError(`The webhook cannot start. ${withPlaces(problems)}`)
      }
      for (const [at, who] of Object.keys(targets).entries()) {
        const { errorType, body = Buffer.alloc(0) } = deliveries[at] ?? {}
        if (errorType !== undefined) {
          throw new UserError(`The ${who} cannot start. ${withPlaces(errorMessageOf(body))}`)
        }
      }
    },
  }
}

/** What a function's log line says of a bad configuration; undefined for any other line. */
function badConfigurationOf(line: string): string | undefined {
  if (!line.includes('"bad_configuration"')) return undefined
  const { outcome, detail } = jsonFields(line)
  return outcome === 'bad_configuration' ? String(detail) : undefined
}

const PROBE_ID = 'start-up-probe'

/** Whether a function wrote the line about a call of `check`: nobody else is interested in it. */
function isProbeLine(line: string): boolean {
  return line.includes(`"requestId":"${PROBE_ID}"`)
}

/**
 * One request an instance at a time, as in the cloud; more instances than this only make a laptop busy. Where s.yaml has
 * fewer there are fewer: DingTalk's limit is shared by all instances.
 */
const MAX_INSTANCES = 4

function toDefinition(deployed: DeployedFunction, projectDir: string, context: Account): FunctionDefinition {
  const { initializer, preStop } = deployed.instanceLifecycleConfig ?? {}
  return {
    name: deployed.functionName,
    bundle: path.join(projectDir, deployed.code, 'index.js'),
    handler: deployed.handler,
    env: deployed.environmentVariables,
    memoryMb: deployed.memorySize,
    timeoutMs: deployed.timeout * 1000,
    maxInstances: Math.min(deployed.concurrencyConfig?.reservedConcurrency ?? MAX_INSTANCES, MAX_INSTANCES),
    context,
    ...(initializer && { initializer: { handler: initializer.handler, timeoutMs: initializer.timeout * 1000 } }),
    ...(preStop && { preStop: { handler: preStop.handler, timeoutMs: preStop.timeout * 1000 } }),
  }
}

function enrichOf(hosts: Functions['hosts']): Record<string, FunctionHost> {
  const enrich = hosts.get('dingtalk-enrich')
  return enrich === undefined ? {} : { 'enrich function': enrich }
}

function requireFunction(hosts: Functions['hosts'], name: string): FunctionHost {
  const host = hosts.get(name)
  if (host === undefined) throw new UserError(`s.yaml has no function ${name}`)
  return host
}

/** A method that no configuration allows: a healthy webhook answers 405. */
function httpProbe({ accountId, region }: Account): FcHttpEvent {
  const request = { method: 'PROBE', url: '/webhook/putEvents', httpVersion: '1.1', headers: {}, rawHeaders: [] }
  const place = { accountId, region, requestId: PROBE_ID, now: new Date() }
  return toHttpEvent({ ...request, socket: { remoteAddress: '127.0.0.1' } }, Buffer.alloc(0), place)
}

function statusOf(body: Buffer): unknown {
  return (JSON.parse(body.toString('utf8')) as { statusCode?: unknown }).statusCode
}

/** The message in a function's error, `{"errorMessage","errorType","stackTrace"}`. */
function errorMessageOf(body: Buffer): string {
  return String(jsonFields(body.toString('utf8'))['errorMessage'] ?? '')
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
