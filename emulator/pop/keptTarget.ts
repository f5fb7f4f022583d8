import * as z from 'zod/mini'
import { errorMessage } from '../../shared/errorCode'
import { isObject } from '../../shared/json'
import { parseInput } from '../api/readRequest'
import { invalidTarget, unknownType } from '../api/readTarget'
import { compileFailure, type TargetEntry, targetEntry } from '../targets/compileTarget'
import type { Connections } from '../targets/target'

/** Those of the service that terraform's provider lets one write, `acs.fc.function` and all. */
const TYPES = [
  ...['acs.alikafka', 'acs.api.destination', 'acs.arms.loki', 'acs.datahub', 'acs.dingtalk', 'acs.eventbridge'],
  ...['acs.eventbridge.olap', 'acs.eventbus.SLSCloudLens', 'acs.fc.function', 'acs.fnf', 'acs.k8s', 'acs.mail'],
  ...['acs.mns.queue', 'acs.mns.topic', 'acs.openapi', 'acs.rabbitmq', 'acs.rds.mysql', 'acs.rocketmq', 'acs.sae'],
  ...['acs.sls', 'acs.sms', 'ApacheKafkaSelf', 'http', 'https', 'mysql'],
]

const kept = z.object({
  ...targetEntry.shape,
  Id: z.string().check(z.minLength(1, 'must not be empty')),
  Type: z.string(),
  Endpoint: z._default(z.string(), ''),
  ParamList: z._default(targetEntry.shape.ParamList, []),
})

/**
 * Reads a target of any type that the service knows, to be kept and told again as it was given: whoever manages his rules by
 * terraform has those of his production in them. Where the emulator cannot deliver to it, for its type, its parameters or its
 * address, each delivery fails, and the event trace says why. A dead-letter queue that is none here is refused, since what
 * goes there would be lost.
 * @throws ApiError
 */
export function readKeptTarget(input: unknown, connections: Connections): TargetEntry {
  const parsed = parseInput(kept, isObject(input) ? withoutEmpty(input) : input)
  if ('faults' in parsed) throw invalidTarget(parsed.faults.join('; '))
  const { Type } = parsed.data
  if (!TYPES.includes(Type)) throw unknownType(Type, `must be one of ${TYPES.join(', ')}`)
  try {
    compileFailure(parsed.data, connections)
  } catch (error) {
    throw invalidTarget(errorMessage(error))
  }
  return parsed.data
}

/** Clients send empty texts and objects for what was left out, and texts for numbers where they flatten. */
function withoutEmpty({ ParamList, ...fields }: Record<string, unknown>): Record<string, unknown> {
  const given = Object.entries(fields)
    .map(([name, value]) => [name, isObject(value) ? withoutEmpty(value) : value] as const)
    .filter(([, value]) => !isNothing(value))
    .map(([name, value]) => [name, name === 'Concurrency' && typeof value === 'string' ? Number(value) : value])
  return { ...Object.fromEntries(given), ...(!isNothing(ParamList) && { ParamList }) }
}

function isNothing(value: unknown): boolean {
  return value === '' || value === null || value === undefined || (isObject(value) && Object.keys(value).length === 0)
}
