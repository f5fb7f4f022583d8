import * as z from 'zod/mini'
import type { FcCredentials } from './fc/types'

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment is wrong. The message names the variables and what is expected; never a value. */
export class ConfigError extends Error {
  override name = 'ConfigError' as const
}

/**
 * The variables that are set, without the blanks and line breaks that files and consoles leave at a value's ends; of a
 * password they stay. An empty one counts as unset: s.yaml's `${env('X', '')}` makes one of every variable that is not set.
 */
export function setVariables(environment: Environment): Record<string, string> {
  const values = Object.entries(environment).map(
    ([name, value = '']) => [name, isPassword(name) ? value : value.trim()] as const,
  )
  return Object.fromEntries(values.filter(([, value]) => value !== ''))
}

/**
 * What is wrong with a value whose blanks are not cut off. In a password one may be meant; but mostly it is a slip of
 * copying that no server's message would show.
 */
export function blankProblem(name: string, value = ''): string | undefined {
  return value === value.trim() ? undefined : `${name}: has a blank or a line break at its end`
}

function isPassword(name: string): boolean {
  return name.endsWith('PASSWORD')
}

/**
 * Parses the environment once, at cold start: the variables that are set, as setVariables has them. All bad variables come
 * in one error.
 *
 * @param schema an object of zod whose keys are the variables' names
 * @param together variables of which all or none must be set
 * @throws ConfigError
 */
export function parseConfig<T>(
  schema: z.ZodMiniType<T> & { readonly shape: Readonly<Record<string, unknown>> },
  environment: Environment,
  together: readonly string[] = [],
): T {
  const set = setVariables(environment)
  const blanks = Object.keys(schema.shape).map((name) => blankProblem(name, set[name]))
  const missing = together.filter((name) => set[name] === undefined)
  const result = schema.safeParse(set)
  const problems = (result.error?.issues ?? []).map((issue) => {
    const variable = String(issue.path[0] ?? 'the environment')
    return `${variable}: ${set[variable] === undefined ? 'is not set' : issue.message}`
  })
  if (missing.length < together.length) problems.push(...missing.map((name) => `${name}: is not set`))
  problems.push(...blanks.filter((problem) => problem !== undefined))
  if (result.success && problems.length === 0) return result.data
  throw new ConfigError([...new Set(problems)].join('; '))
}

/** The keys that these variables hold, as Function Compute sets them; undefined where one is missing. */
export function readCredentials(environment: Environment): FcCredentials | undefined {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret } = environment
  const securityToken = environment['ALIBABA_CLOUD_SECURITY_TOKEN']
  if (!accessKeyId || !accessKeySecret) return undefined
  return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) }
}

/** A variable that holds a whole number within bounds, or the fallback when it is not set. */
export function integerVariable(fallback: number, minimum: number, maximum: number) {
  const variable = readVariable((text, refuse) => {
    const value = Number(text)
    if (!/^\d{1,9}$/.test(text)) refuse('must be a whole number')
    else if (value < minimum || value > maximum) refuse(`must be between ${minimum} and ${maximum}`)
    return value
  })
  return z._default(variable, fallback)
}

/** The items of a list that is written with commas. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** A variable whose text holds. */
export function textVariable(holds: (text: string) => boolean, expected: string) {
  return readVariable((text, refuse) => {
    if (!holds(text)) refuse(expected)
    return text
  })
}

/** A list whose every item holds; a variable that is set and names nothing is wrong, never an empty list. */
export function listVariable(holds: (item: string) => boolean, expected: string) {
  return readVariable((text, refuse) => {
    const items = splitList(text)
    if (items.length === 0 || !items.every(holds)) refuse(expected)
    return items
  })
}

const text = z.string()

/**
 * A variable that a function of ours reads. Schemas are built at each cold start, which is dear: these are two, where zod's own
 * for each step would be up to ten.
 * @param read calls `refuse` for a text that it does not take, with what is expected
 */
function readVariable<T>(read: (text: string, refuse: (expected: string) => void) => T) {
  const value = z.transform((given: string, { issues }) =>
    read(given, (message) => issues.push({ code: 'custom', input: given, message })),
  )
  return z.pipe(text, value)
}

/** The protocol of a URL, `https:`; empty for what is none. */
export function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : ''
}
