import * as z from 'zod/mini'

// zod/mini has no words of its own: without these, every fault is an "Invalid input"
const { localeError } = z.locales.en()

/** Parses what somebody wrote: to the data, or to its faults, each with its place. */
export function parseInput<T>(schema: z.ZodMiniType<T>, input: unknown): { data: T } | { faults: string[] } {
  const parsed = schema.safeParse(input, { error: localeError })
  if (parsed.success) return { data: parsed.data }
  return {
    faults: parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')),
  }
}
