import { errorMessage } from '../../shared/errorCode'
import { isObject, textOfAny } from '../../shared/json'
import { compileTarget, type TargetEntry, targetEntry } from '../targets/compileTarget'
import type { Connections } from '../targets/target'
import type { ApiContext } from './context'
import { refuseOneTooMany } from './limits'
import { parseInput } from './readRequest'
import { ApiError } from './refusal'

/** @throws ApiError for what is no target, or none that an API takes */
export type ReadTarget = (input: unknown, connections: Connections) => TargetEntry

/** @throws ApiError for one that would be too many, that is there already or that `read` refuses */
export function readNewTarget(
  input: unknown,
  others: readonly TargetEntry[],
  context: ApiContext,
  read: ReadTarget = readTarget,
): TargetEntry {
  const target = read(input, context.connections)
  if (others.some(({ Id }) => Id === target.Id)) {
    throw new ApiError(409, 'EventRuleTargetIdDuplicate', 'The id of event target is duplicate!')
  }
  refuseOneTooMany('Target', others.length, context.limits.targetsPerRule)
  return target
}

/**
 * A target as the SDK sends it, and with DeadLetterQueue, ErrorsTolerance and PushSelector, which the SDK's model lacks
 * but the service knows. What the emulator would not do as the service does is refused.
 * @throws ApiError that says what the emulator has instead
 */
function readTarget(input: unknown, connections: Connections): TargetEntry {
  refuseOtherTypes(input)
  const parsed = parseInput(targetEntry, withEndpoint(input))
  if ('faults' in parsed) throw invalidTarget(parsed.faults.join('; '))
  try {
    compileTarget(parsed.data, connections)
  } catch (error) {
    throw invalidTarget(errorMessage(error))
  }
  return parsed.data
}

/** The service's page does not require an Endpoint, and a sample of its Java SDK has none: the parameter url says the same. */
function withEndpoint(input: unknown): unknown {
  if (!isObject(input) || input['Endpoint'] !== undefined || !Array.isArray(input['ParamList'])) return input
  const url = input['ParamList'].find((param) => isObject(param) && /^url$/i.test(textOfAny(param['ResourceKey'])))
  return url === undefined ? input : { ...input, Endpoint: url.Value }
}

function refuseOtherTypes(input: unknown): void {
  if (!isObject(input)) return
  const parsed = parseInput(targetEntry.shape.Type, input['Type'])
  if ('faults' in parsed) throw unknownType(input['Type'], parsed.faults.join('; '))
}

export function unknownType(type: unknown, reason: string): ApiError {
  return new ApiError(
    409,
    'EventTargetClassNotExist',
    `The event target class [${textOfAny(type)}] not existed! Type: ${reason}`,
  )
}

export function invalidTarget(reason: string): ApiError {
  return new ApiError(409, 'EventTargetIneffectiveAttribute', `The event target is invalid. ${reason}`)
}
