import { parse, YAMLParseError } from 'yaml'
import * as z from 'zod/mini'
import { errorMessage } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import { parseRetryStrategy } from '../delivery/retrySchedule'
import { compilePattern } from '../pattern/compilePattern'
import { compileTransform } from '../transform/compileTransform'
import type { EventBus, Rule, Target } from './resources'

const busName = z.string().check(z.regex(/^[A-Za-z0-9-]{1,127}$/, 'must be 1 to 127 letters, digits or hyphens'))

const param = z.strictObject({
  ResourceKey: z.string(),
  Form: z.string(),
  Value: z.optional(z.string()),
  Template: z.optional(z.string()),
})

const target = z.strictObject({
  Id: z.string(),
  Type: z.literal('acs.fc.function', 'must be acs.fc.function'),
  Endpoint: z.string(),
  PushRetryStrategy: z.optional(z.string()),
  ErrorsTolerance: z.optional(z.literal('ALL', 'must be ALL')),
  ParamList: z.array(param),
})

const schema = z.strictObject({
  EventBusName: busName,
  EventSources: z._default(
    z.array(z.strictObject({ EventSourceName: z.string(), Description: z.optional(z.string()) })),
    [],
  ),
  Rules: z.array(
    z.strictObject({
      RuleName: busName,
      Description: z.optional(z.string()),
      Status: z._default(z.enum(['ENABLE', 'DISABLE'], 'must be ENABLE or DISABLE'), 'ENABLE'),
      FilterPattern: z.unknown(),
      Targets: z.array(target).check(z.maxLength(5, 'a rule may have 5 targets')),
    }),
  ),
})

/**
 * Reads eventbridge.yaml and compiles its rules and targets.
 * @param text the file's content
 * @param file its name, for errors
 * @throws UserError that names every fault
 */
export function readEventBridgeFile(text: string, file: string): EventBus {
  const parsed = schema.safeParse(parseYaml(text, file))
  if (!parsed.success) {
    throw new UserError(
      parsed.error.issues.map(({ path, message }) => `${file} ${path.join('.')}: ${message}`).join('\n'),
    )
  }
  const { EventBusName, Rules } = parsed.data
  return {
    name: EventBusName,
    rules: Rules.filter(({ Status }) => Status === 'ENABLE').map(
      (rule): Rule => ({
        name: rule.RuleName,
        pattern: orRefuse(`${file} ${rule.RuleName}.FilterPattern`, () => compilePattern(rule.FilterPattern)),
        targets: rule.Targets.map((entry) =>
          orRefuse(`${file} ${rule.RuleName}.${entry.Id}`, () => compileTarget(entry)),
        ),
      }),
    ),
  }
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof YAMLParseError) throw new UserError(`${file}: ${error.message}`)
    throw error
  }
}

function compileTarget(entry: z.infer<typeof target>): Target {
  const functionName = /^acs:fc:[^:]*:[^:]*:(?:services\/[^/]+\/)?functions\/([A-Za-z0-9_-]+)$/.exec(
    entry.Endpoint,
  )?.[1]
  if (functionName === undefined) {
    throw new Error('Endpoint: must be acs:fc:<region>:<account>:functions/<function>')
  }
  const body = entry.ParamList.find(({ ResourceKey }) => ResourceKey === 'Body')
  if (body === undefined) throw new Error('ParamList: Body is missing')
  const { Value, Template, ...required } = body
  return {
    id: entry.Id,
    functionName,
    retryStrategy: parseRetryStrategy(entry.PushRetryStrategy),
    transform: compileTransform({
      ...required,
      ...(Value !== undefined && { Value }),
      ...(Template !== undefined && { Template }),
    }),
  }
}

function orRefuse<T>(where: string, compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    throw new UserError(`${where}: ${errorMessage(error)}`)
  }
}
