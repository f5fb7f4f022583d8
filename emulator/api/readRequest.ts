import * as z from 'zod/mini'
import { parseInput } from '../parseInput'
import { ApiError } from './apiError'

/** A name that is left out is an empty one, which exists nowhere and is refused by its own code. */
export const name = z._default(z.string(), '')
export const tags = z.optional(z.record(z.string(), z.string()))

/**
 * Reads a request's body. A field that no operation would heed is refused, not ignored.
 * @throws ApiError that names every fault
 */
export function readRequest<T>(schema: z.ZodMiniType<T>, request: unknown): T {
  const parsed = parseInput(schema, request)
  if ('data' in parsed) return parsed.data
  throw new ApiError(409, 'JsonAttributeInvalid', `The Json attribute is invalid. ${parsed.faults.join('; ')}`)
}
