import * as z from 'zod/mini'

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment is wrong. The message names the variables and what is expected; never a value. */
export class ConfigError extends Error {
  override name = 'ConfigError' as const
}

/**
 * Parses the environment once, at cold start. An empty variable counts as unset: s.yaml's `${env('X', '')}` makes one of
 * every variable that is not set. All bad variables come in one error.
 *
 * @param schema an object of zod whose keys are the variables' names
 * @param together variables of which all or none must be set
 * @throws ConfigError
 */
export function parseConfig<T>(
  schema: z.ZodMiniType<T>,
  environment: Environment,
  together: readonly string[] = [],
): T {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  const missing = together.filter((name) => set[name] === undefined)
  const result = schema.safeParse(set)
  if (result.success && (missing.length === 0 || missing.length === together.length)) return result.data
  const problems = (result.error?.issues ?? []).map((issue) => {
    const variable = String(issue.path[0] ?? 'the environment')
    return `${variable}: ${set[variable] === undefined ? 'is not set' : issue.message}`
  })
  if (missing.length < together.length) problems.push(...missing.map((name) => `${name}: is not set`))
  throw new ConfigError([...new Set(problems)].join('; '))
}

/** A variable that holds a whole number within bounds, or the fallback when it is not set. */
export function integerVariable(fallback: number, minimum: number, maximum: number) {
  const isInBounds = (value: number) => value >= minimum && value <= maximum
  return z.pipe(
    z._default(z.string().check(z.regex(/^\d{1,9}$/, 'must be a whole number')), String(fallback)),
    z.pipe(z.transform(Number), z.number().check(z.refine(isInBounds, `must be between ${minimum} and ${maximum}`))),
  )
}
