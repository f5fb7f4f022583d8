import { isObject } from './isObject'

/** The value of a JSON text; undefined, which JSON does not have, for any other text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The fields of a JSON object; none for any other text, such as the page of a proxy. */
export function jsonFields(text: string): Record<string, unknown> {
  const value = parseJson(text)
  return isObject(value) ? value : {}
}
