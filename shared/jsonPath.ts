import { isLosslessObject } from './json'

/** Member names and list positions from the root down. A negative position counts from the end of the list. */
export type JsonPath = (string | number)[]

/** The message quotes the path and says what can be written instead. */
export class InvalidJsonPath extends Error {
  override name = 'InvalidJsonPath' as const
}

/** A name after a dot may hold letters, digits, `_`, `-` and everything beyond ASCII; quotes take any name. */
const bareName = String.raw`\.(?<bare>[\w\-\u{80}-\u{10ffff}]+)`
const singleQuoted = String.raw`\['(?<single>(?:[^'\\]|\\['"\\])*)'\]`
const doubleQuoted = String.raw`\["(?<double>(?:[^"\\]|\\['"\\])*)"\]`
const inBrackets = String.raw`\[(?<position>0|-?[1-9]\d*)\]`
const segment = new RegExp([bareName, singleQuoted, doubleQuoted, inBrackets].join('|'), 'uy')

/**
 * Parses a definite JSONPath, one that names at most one value: `$.data.name`, `$['a']['b']`, `$.list[0]`, `$`.
 * Wildcards, filters, slices and `..` of RFC 9535 are refused: EventBridge takes definite paths only.
 * @throws InvalidJsonPath
 */
export function parseJsonPath(text: string): JsonPath {
  const refuse = (from: number) => {
    const where = `${JSON.stringify(text)} cannot be read from ${JSON.stringify(text.slice(from))} on`
    return new InvalidJsonPath(`${where}; a path names one value, as $.data.name, $['a b'] or $.list[0] do`)
  }
  if (!text.startsWith('$')) throw refuse(0)

  const path: JsonPath = []
  for (let at = 1; at < text.length; at = segment.lastIndex) {
    segment.lastIndex = at
    const groups = segment.exec(text)?.groups
    if (groups === undefined) throw refuse(at)
    const { bare, single, double = '', position } = groups
    if (position !== undefined) path.push(Number(position))
    else path.push(bare ?? (single ?? double).replace(/\\(.)/gu, '$1'))
  }
  return path
}

/** A path as it is written, behind its `$`. */
export function tellJsonPath(path: readonly (string | number)[]): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`
      return /^[\w\-\u{80}-\u{10ffff}]+$/u.test(step) ? `.${step}` : `['${step.replace(/['\\]/g, '\\$&')}']`
    })
    .join('')
}

/** The value at the path, or undefined. Sees own members and elements only: `constructor` or `length` yield nothing. */
export function readJsonPath(path: readonly (string | number)[], value: unknown): unknown {
  let current = value
  for (const step of path) {
    current = readStep(step, current)
    if (current === undefined) return undefined
  }
  return current
}

/** The member of this name, or the element at this position. */
export function readStep(step: string | number, value: unknown): unknown {
  if (typeof step === 'number') return Array.isArray(value) ? value.at(step) : undefined
  return isLosslessObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

/** A copy with this value at the path, or, for undefined, with none; only the objects on the way are copied. */
export function withJsonPath(
  [step = '', ...further]: readonly (string | number)[],
  fields: Readonly<Record<string, unknown>>,
  value: unknown,
): Readonly<Record<string, unknown>> {
  const { [String(step)]: inner, ...others } = fields
  if (further.length === 0) return value === undefined ? others : { ...others, [step]: value }
  return isLosslessObject(inner) ? { ...others, [step]: withJsonPath(further, inner, value) } : fields
}
