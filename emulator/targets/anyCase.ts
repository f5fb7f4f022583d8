import * as z from 'zod/mini'

/**
 * One of these names, which are in capitals, written in any case: samples of the service's own SDKs have `enable` for
 * ENABLE. What is read is the name in capitals.
 */
export function anyCase<const T extends readonly string[]>(names: T, message?: string) {
  return z.pipe(inCapitals, z.enum(names, message))
}

/** A text in capitals; what is no text is for the schema behind it to refuse. */
export const inCapitals = z.transform((value: unknown) => (typeof value === 'string' ? value.toUpperCase() : value))
