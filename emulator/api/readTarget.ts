import { errorMessage } from '../../shared/errorCode'
import { isObject } from '../../shared/json'
import { compileTarget, type TargetEntry, targetEntry } from '../targets/compileTarget'
import type { Connections } from '../targets/target'
import { type ApiContext, ApiError, refuseOneTooMany } from './context'
import { parseInput } from './readRequest'

/** @throws ApiError for one that would be too many, that is there already or that cannot be done here */
export function readNewTarget(input: unknown, others: readonly TargetEntry[], context: ApiContext): TargetEntry {
  const target = readTarget(input, context.connections)
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
  const parsed = parseInput(targetEntry, input)
  if ('faults' in parsed) throw invalid(parsed.faults.join('; '))
  try {
    compileTarget(parsed.data, connections)
  } catch (error) {
    throw invalid(errorMessage(error))
  }
  return parsed.data
}

function refuseOtherTypes(input: unknown): void {
  if (!isObject(input)) return
  const parsed = parseInput(targetEntry.shape.Type, input['Type'])
  if ('data' in parsed) return
  const message = `The event target class [${input['Type']}] not existed! Type: ${parsed.faults.join('; ')}`
  throw new ApiError(409, 'EventTargetClassNotExist', message)
}

function invalid(reason: string): ApiError {
  return new ApiError(409, 'EventTargetIneffectiveAttribute', `The event target is invalid. ${reason}`)
}
