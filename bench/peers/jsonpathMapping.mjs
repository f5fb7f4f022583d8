// Ten fields of an event by jsonpath-plus, as its README reads one.
import { JSONPath } from 'jsonpath-plus'

/** @returns a function that gives what an event has at each of the paths */
export function prepare(paths) {
  return (event) => paths.map((path) => JSONPath({ path, json: event, wrap: false }) ?? null)
}
