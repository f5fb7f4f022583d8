import * as z from 'zod/mini'
import { anyCase, inCapitals } from './anyCase'
import { compileApiDestinationTarget } from './apiDestinationTarget'
import { compileDingtalkTarget } from './dingtalkTarget'
import { compileDeadLetterQueue, compileEventBusTarget } from './eventBusTarget'
import { compileFunctionTarget } from './functionTarget'
import { compileHttpTarget } from './httpTarget'
import { compileMnsQueueTarget } from './mnsQueueTarget'
import { parseRetryStrategy } from './retrySchedule'
import type { Connections, Target } from './target'

const TYPES = [
  'acs.fc.function',
  'acs.dingtalk',
  'http',
  'https',
  'acs.api.destination',
  'acs.mns.queue',
  'acs.eventbridge',
] as const

const text = z.optional(z.string())

const param = z.strictObject({
  ResourceKey: z.string(),
  Form: z.pipe(inCapitals, z.string()),
  Value: z.optional(z.string()),
  Template: z.optional(z.string()),
})

/** A target as CreateTargets takes it. */
export const targetEntry = z.strictObject({
  Id: z.string(),
  Type: z.enum(TYPES, `must be one of ${TYPES.join(', ')}`),
  Endpoint: z.string(),
  PushRetryStrategy: z.optional(z.string()),
  ErrorsTolerance: z.optional(anyCase(['ALL', 'NONE'], 'must be ALL or NONE')),
  DeadLetterQueue: z.optional(
    z.strictObject({ Arn: z.string(), Network: text, VpcId: text, VSwitchIds: text, SecurityGroupId: text }),
  ),
  ConcurrentConfig: z.optional(
    z.strictObject({ Concurrency: z.optional(z.int().check(z.minimum(1, 'must be 1 or more'))) }),
  ),
  PushSelector: z.optional(anyCase(['PARAM_TRANSFORMER'], 'must be PARAM_TRANSFORMER')),
  ParamList: z.array(param),
})

/** What a rule keeps: its Type may be one of the service's to which nothing is delivered here. */
export type TargetEntry = Omit<z.infer<typeof targetEntry>, 'Type'> & { Type: string }

/** @throws Error that names the parameter and what to write */
export function compileTarget(entry: TargetEntry, connections: Connections): Target {
  return { ...compileFailure(entry, connections), ...compileDelivery(entry, connections) }
}

/** All of a target but its delivery: what becomes of failures. @throws Error for a queue that is none */
export function compileFailure(entry: TargetEntry, connections: Connections): Omit<Target, 'deliver'> {
  const concurrency = entry.ConcurrentConfig?.Concurrency
  return {
    id: entry.Id,
    retryStrategy: parseRetryStrategy(entry.PushRetryStrategy),
    errorsTolerance: entry.ErrorsTolerance ?? 'ALL',
    ...(entry.DeadLetterQueue && compileDeadLetterQueue(entry.DeadLetterQueue.Arn, connections)),
    ...(concurrency !== undefined && { concurrency }),
  }
}

function compileDelivery(
  { Type, Endpoint, ParamList }: TargetEntry,
  connections: Connections,
): Pick<Target, 'deliver' | 'takeTurn' | 'list'> {
  switch (Type) {
    case 'acs.fc.function':
      return compileFunctionTarget(Endpoint, ParamList, connections)
    case 'acs.dingtalk':
      return compileDingtalkTarget(Endpoint, ParamList, connections)
    case 'http':
    case 'https':
      return compileHttpTarget(Type, Endpoint, ParamList, connections)
    case 'acs.api.destination':
      return compileApiDestinationTarget(Endpoint, ParamList, connections)
    case 'acs.mns.queue':
      return compileMnsQueueTarget(Endpoint, ParamList, connections)
    case 'acs.eventbridge':
      return compileEventBusTarget(Endpoint, ParamList, connections)
    default:
      throw new Error(`Type: the emulator delivers nothing to ${Type}, but to ${TYPES.join(', ')}`)
  }
}
