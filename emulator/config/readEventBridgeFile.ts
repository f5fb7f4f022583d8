import { parse, YAMLParseError } from 'yaml'
import * as z from 'zod/mini'
import { errorMessage } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import { readHttpParameters } from '../api/httpParameters'
import { defaultLimits, refuseOneTooMany } from '../api/limits'
import { parseInput } from '../parseInput'
import { compilePattern } from '../pattern/compilePattern'
import type { RuleDefinition, SourceDefinition } from '../resources/definitions'
import { isResourceName, isSourceName, RESOURCE_NAME, SOURCE_NAME } from '../resources/names'
import { compileTarget, targetEntry } from '../targets/compileTarget'
import type { Connections } from '../targets/target'

/** What eventbridge.yaml defines. */
export interface EventBridgeFile {
  bus: string
  sources: Pick<SourceDefinition, 'name' | 'description' | 'http'>[]
  rules: Pick<RuleDefinition, 'name' | 'description' | 'enabled' | 'filterPattern' | 'targets'>[]
}

const name = z.string().check(z.refine(isResourceName, `must be ${RESOURCE_NAME}`))
const sourceName = z.string().check(z.refine(isSourceName, `must be ${SOURCE_NAME}`))

const schema = z.strictObject({
  EventBusName: name,
  // Any source may publish, as in the cloud through the API: these are for provisioning and for lists.
  EventSources: z.optional(
    z
      .array(
        z.strictObject({
          EventSourceName: sourceName,
          Description: z.optional(z.string()),
          // EventBridge's own webhook beside ours: a second door, which checks less
          hostedSource: z._default(z.boolean(), false),
          SourceHttpEventParameters: z.optional(z.unknown()),
        }),
      )
      .check(onlyOnce('the EventSourceName', ({ EventSourceName }) => EventSourceName)),
  ),
  Rules: z
    .array(
      z.strictObject({
        RuleName: name,
        Description: z.optional(z.string()),
        Status: z._default(z.enum(['ENABLE', 'DISABLE'], 'must be ENABLE or DISABLE'), 'ENABLE'),
        FilterPattern: z.unknown(),
        Targets: z.array(targetEntry).check(onlyOnce('the Id', ({ Id }) => Id)),
      }),
    )
    .check(onlyOnce('the RuleName', ({ RuleName }) => RuleName)),
})

const HOSTED_DEFAULT = { Type: 'HTTPS', Method: ['POST'], SecurityConfig: 'none' }

/**
 * Reads eventbridge.yaml and checks its patterns and targets. What the emulator would not do as the service does is
 * refused, never ignored.
 * @param text the file's content
 * @param file its name, for errors
 * @param connections what its targets reach the world by; the emulator's own buses they reach anyway
 * @throws UserError that names every fault
 */
export function readEventBridgeFile(
  text: string,
  file: string,
  connections: Omit<Connections, 'publish'>,
): EventBridgeFile {
  const parsed = parseInput(schema, parseYaml(text, file))
  if ('faults' in parsed) throw new UserError(parsed.faults.map((fault) => `${file} ${fault}`).join('\n'))
  const { EventBusName, EventSources = [], Rules } = parsed.data
  for (const [others, rule] of Rules.entries()) checkRule(rule, others, file, { ...connections, publish })
  return {
    bus: EventBusName,
    sources: EventSources.map(({ EventSourceName, Description, hostedSource, SourceHttpEventParameters }) => ({
      name: EventSourceName,
      ...(Description !== undefined && { description: Description }),
      ...orRefuse(`${file} ${EventSourceName}`, () => hostedHttp(hostedSource, SourceHttpEventParameters)),
    })),
    rules: Rules.map(({ RuleName, Description, Status, FilterPattern, Targets }) => ({
      name: RuleName,
      ...(Description !== undefined && { description: Description }),
      enabled: Status === 'ENABLE',
      filterPattern: JSON.stringify(FilterPattern),
      targets: Targets,
    })),
  }
}

/** @throws UserError */
function checkRule(
  { RuleName, FilterPattern, Targets }: z.infer<typeof schema>['Rules'][number],
  otherRules: number,
  file: string,
  connections: Connections,
): void {
  const { rulesPerBus, targetsPerRule } = defaultLimits
  orRefuse(`${file} ${RuleName}`, () => refuseOneTooMany('Rule', otherRules, rulesPerBus))
  orRefuse(`${file} ${RuleName}.FilterPattern`, () => compilePattern(FilterPattern))
  for (const [others, entry] of Targets.entries()) {
    orRefuse(`${file} ${RuleName}.${entry.Id}`, () => {
      refuseOneTooMany('Target', others, targetsPerRule)
      compileTarget(entry, connections)
    })
  }
}

/** Here targets are only looked at. */
async function publish(): Promise<never> {
  throw new Error('there is no bus yet')
}

/** @throws Error */
function hostedHttp(isHosted: boolean, parameters: unknown): Pick<SourceDefinition, 'http'> {
  if (isHosted) return { http: readHttpParameters(parameters ?? HOSTED_DEFAULT, defaultLimits) }
  if (parameters === undefined) return {}
  throw new Error('SourceHttpEventParameters are for EventBridge’s own webhook: add hostedSource: true')
}

function onlyOnce<T>(what: string, nameOf: (item: T) => string) {
  return z.check<T[]>(({ value: items, issues }) => {
    const names = items.map(nameOf)
    const repeated = names.find((other, index) => names.indexOf(other) < index)
    if (repeated !== undefined) {
      issues.push({ code: 'custom', input: items, message: `${what} ${repeated} is given twice` })
    }
  })
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    // its first line says what and where; the rest shows the place
    if (error instanceof YAMLParseError) throw new UserError(`${file}: ${error.message.split(':\n')[0]}`)
    throw error
  }
}

function orRefuse<T>(where: string, compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    throw new UserError(`${where}: ${errorMessage(error)}`)
  }
}
