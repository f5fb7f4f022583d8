/**
 * Integers of any length are text here; in JSON they are numbers. JSON.stringify has no such numbers, so they go through
 * it as texts that begin with a character that no other text of ours has.
 */
const MARK = '\0'
const MARKED = /"\\u0000(-?\d+)"/g

/** A number of JSON with all its digits. */
export function exact(digits: string): string {
  return MARK + digits
}

/** The JSON text of a value, with its exact numbers. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(MARKED, '$1')
}

/** As oapi.dingtalk.com writes it: with its slashes escaped. */
export function toOapiJson(value: unknown): string {
  return toJson(value).replaceAll('/', '\\/')
}
