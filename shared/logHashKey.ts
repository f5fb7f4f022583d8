import * as z from 'zod/mini'

/** LOG_HASH_KEY: without it no log line says whom an event is about. */
export const logHashKeyVariable = z.optional(z.string().check(z.minLength(16, 'must have at least 16 characters')))
