import { errorMessage } from '../../shared/errorCode'
import { isObject } from '../../shared/isObject'
import { parseInput } from '../parseInput'
import { compileTarget, type TargetEntry, targetEntry } from '../targets/compileTarget'
import type { Connections } from '../targets/target'
import { ApiError } from './apiError'

/**
 * A target as the SDK sends it, and with DeadLetterQueue, ErrorsTolerance and PushSelector, which the SDK's model lacks
 * but the service knows. What the emulator would not do as the service does is refused.
 * @throws ApiError that says what the emulator has instead
 */
export function readTarget(input: unknown, connections: Connections): TargetEntry {
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
