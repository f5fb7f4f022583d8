import { en } from 'zod/locales'
import * as z from 'zod/mini'
import { ApiError } from './refusal'

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

// zod/mini has no words of its own: without these, every fault is an "Invalid input"
const { localeError } = en()

/** Parses what somebody wrote: to the data, or to its faults, each with its place. */
export function parseInput<T>(schema: z.ZodMiniType<T>, input: unknown): { data: T } | { faults: string[] } {
  const parsed = schema.safeParse(input, { error: localeError })
  if (parsed.success) return { data: parsed.data }
  return {
    faults: parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')),
  }
}
