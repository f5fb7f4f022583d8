import * as z from 'zod/mini'
import { parseRetryStrategy } from '../delivery/retrySchedule'
import { compileTransform } from '../transform/compileTransform'
import type { Connections, Target } from './target'

const param = z.strictObject({
  ResourceKey: z.string(),
  Form: z.string(),
  Value: z.optional(z.string()),
  Template: z.optional(z.string()),
})

/** A target as CreateTargets takes it. */
export const targetEntry = z.strictObject({
  Id: z.string(),
  Type: z.literal('acs.fc.function', 'must be acs.fc.function'),
  Endpoint: z.string(),
  PushRetryStrategy: z.optional(z.string()),
  ErrorsTolerance: z.optional(z.enum(['ALL', 'NONE'], 'must be ALL or NONE')),
  DeadLetterQueue: z.optional(
    z.strictObject({ Arn: z.string().check(z.startsWith('acs:', 'must be the ARN of a queue: acs:…')) }),
  ),
  ParamList: z.array(param),
})

export type TargetEntry = z.infer<typeof targetEntry>

const ENDPOINT = /^acs:fc:[^:]*:[^:]*:(?:services\/([^/.]+)(?:\.[^/]+)?\/)?functions\/([A-Za-z0-9_-]+)$/

/** @throws Error that names the parameter and what to write */
export function compileTarget(entry: TargetEntry, { invoke }: Connections): Target {
  const [, serviceName, functionName] = ENDPOINT.exec(entry.Endpoint) ?? []
  if (functionName === undefined) {
    throw new Error('Endpoint: must be acs:fc:<region>:<account>:functions/<function>')
  }
  checkParams(entry.ParamList, { serviceName, functionName })
  const body = entry.ParamList.find(({ ResourceKey }) => ResourceKey === 'Body')
  if (body === undefined) throw new Error('ParamList: Body is missing')
  const { Value, Template, ...required } = body
  const transform = compileTransform({
    ...required,
    ...(Value !== undefined && { Value }),
    ...(Template !== undefined && { Template }),
  })
  return {
    id: entry.Id,
    retryStrategy: parseRetryStrategy(entry.PushRetryStrategy),
    errorsTolerance: entry.ErrorsTolerance ?? 'ALL',
    ...(entry.DeadLetterQueue && { deadLetterQueue: entry.DeadLetterQueue.Arn }),
    deliver: async (eventText) => invoke(functionName, transform(eventText)),
  }
}

/**
 * The parameters beside Body must say what the emulator does: it invokes the endpoint's function, waits for its answer,
 * and delivers one event at a time.
 * https://help.aliyun.com/zh/eventbridge/developer-reference/event-target-parameters
 */
function checkParams(params: TargetEntry['ParamList'], names: Record<string, string | undefined>): void {
  const values = new Map<string, string | undefined>([
    ...Object.entries(names),
    ['InvocationType', 'Sync'],
    ['DataFormat', 'Object'],
  ])
  const seen = new Set<string>()
  for (const { ResourceKey: key, Form, Value } of params) {
    if (seen.has(key)) throw new Error(`ParamList: ${key} is given twice`)
    seen.add(key)
    if (key === 'Body') continue
    if (key !== 'Qualifier' && !values.has(key)) throw new Error(`ParamList: ${key} is no parameter of acs.fc.function`)
    if (Form !== 'CONSTANT') throw new Error(`${key}: Form must be CONSTANT`)
    // a laptop has one version of a function, whatever the qualifier
    if (key === 'Qualifier') continue
    const value = values.get(key)
    if (value === undefined) throw new Error(`${key}: Endpoint names none; leave it out`)
    if (Value !== value) throw new Error(`${key}: must be ${value} in the embedded EventBridge`)
  }
}
