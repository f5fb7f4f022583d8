import { isLosslessObject, stringifyLossless } from '../../shared/json'
import { type Condition, compileCondition, toScalar } from './compileCondition'

/** Becomes 409 EventRuleFilterPatternSchemaError. The message names the place in the pattern and says what to write. */
export class InvalidPattern extends Error {
  override name = 'InvalidPattern' as const
}

export interface CompiledPattern {
  /**
   * The event is a CloudEvent as one flat JSON object: attributes, extensions and `data` at the top. Parsed by parseLossless it
   * is compared digit by digit; by JSON.parse, large numbers are what that made of them. Never throws.
   */
  matches(event: Record<string, unknown>): boolean
  /**
   * The first field of the pattern that did not match and what it was to match, such as
   * `data.body.syncAction does not match ["user_add_org"]`; undefined when the event matches.
   * Never holds a value of the event, which may be personal data.
   */
  whyNot(event: Record<string, unknown>): string | undefined
}

/** Says why a value of the event does not match, or undefined when it does. The texts are made at compile time. */
type WhyNot = (value: unknown) => string | undefined

/** The top-level keys to filter by beside `data`: CloudEvents' attributes and the extensions that the service sets. */
export const FILTERABLE: ReadonlySet<string> = new Set([
  ...['id', 'source', 'type', 'subject', 'specversion', 'datacontenttype', 'dataschema', 'time'],
  ...['aliyuneventbusname', 'aliyunregionid', 'aliyunaccountid', 'aliyunoriginalaccountid'],
  ...['aliyunpublishtime', 'aliyunpublishaddr'],
])

/** Far beyond any real pattern; keeps a hostile one from overflowing the stack. */
const maxDepth = 64

/**
 * Compiles a filter pattern of EventBridge, a JSON value parsed by parseLossless, to closures.
 * @throws InvalidPattern for everything that the language does not have
 */
export function compilePattern(pattern: unknown): CompiledPattern {
  if (!isLosslessObject(pattern))
    throw new InvalidPattern('a pattern is a JSON object, such as {"source": ["my.source"]}')
  const whyNot = allOf(
    Object.entries(pattern).map(([key, value]) => [
      key,
      key === 'data' ? compileData(value) : compileAttribute(key, value),
    ]),
  )
  return { matches: (event) => whyNot(event) === undefined, whyNot }
}

function compileAttribute(key: string, pattern: unknown): WhyNot {
  if (!FILTERABLE.has(key)) {
    throw new InvalidPattern(
      `${key}: cannot be filtered by; the keys of a pattern are data, ${[...FILTERABLE].join(', ')}`,
    )
  }
  if (!Array.isArray(pattern)) throw new InvalidPattern(`${key}: must be a list, such as ["a", {"prefix": "b"}]`)
  return compileField(pattern, key)
}

function compileData(pattern: unknown): WhyNot {
  if (!isLosslessObject(pattern))
    throw new InvalidPattern('data: must be an object of fields, such as {"state": ["running"]}')
  const whyNot = compileFields(pattern, ['data'])
  const noData = 'data is absent, and the pattern asks for fields in it'
  return (data) => (data === undefined || data === null ? noData : whyNot(data))
}

function compileFields(pattern: Record<string, unknown>, path: string[]): WhyNot {
  const label = path.join('.')
  if (path.length > maxDepth) throw new InvalidPattern(`${label}: is nested deeper than ${maxDepth} levels`)
  const entries = Object.entries(pattern)
  if (entries.length === 0) throw new InvalidPattern(`${label}: names no field; name one or leave ${label} out`)

  return allOf(
    entries.map(([key, value]) => {
      const fieldPath = [...path, key]
      if (Array.isArray(value)) return [key, compileField(value, fieldPath.join('.'))]
      if (isLosslessObject(value)) return [key, compileFields(value, fieldPath)]
      throw new InvalidPattern(`${fieldPath.join('.')}: must be a list, such as ["a"], or an object of fields`)
    }),
  )
}

/** Keys are ANDed. A value that is not an object has no fields, and only an object's own keys are its fields. */
function allOf(entries: [key: string, whyNot: WhyNot][]): WhyNot {
  const fields = entries.map(([key, whyNot]) => ({ fieldOf: key.includes('.') ? atPath(key) : ownField(key), whyNot }))
  return (value) => {
    const object = isLosslessObject(value) ? value : undefined
    for (const { fieldOf, whyNot } of fields) {
      const reason = whyNot(object && fieldOf(object))
      if (reason !== undefined) return reason
    }
    return undefined
  }
}

type FieldOf = (object: Record<string, unknown>) => unknown

function ownField(key: string): FieldOf {
  return (object) => (Object.hasOwn(object, key) ? object[key] : undefined)
}

/** `a.b` is the field of that name, and where there is none b in a: see docs/event-patterns.md. */
function atPath(key: string): FieldOf {
  const whole = ownField(key)
  const steps = key.split('.').map(ownField)
  return (object) => {
    const named = whole(object)
    if (named !== undefined) return named
    return steps.reduce<unknown>((inner, step) => (isLosslessObject(inner) ? step(inner) : undefined), object)
  }
}

/** The elements of a list are ORed; of a list in the event, one matching element is enough. */
function compileField(list: unknown[], label: string): WhyNot {
  if (list.length === 0) throw new InvalidPattern(`${label}: is an empty list; name a value or leave ${label} out`)
  const anyMatches = anyOf(
    list.map((element, index) =>
      compileCondition(element, (reason) => {
        throw new InvalidPattern(`${label}[${index}]: ${reason}`)
      }),
    ),
  )
  const wanted = stringifyLossless(list)
  const reasons = {
    absent: `${label} is absent and cannot match ${wanted}`,
    different: `${label} does not match ${wanted}`,
    noElement: `no element of ${label} matches ${wanted}`,
    nested: `${label} is or holds an object or a list, which never matches ${wanted}`,
  }
  return (value) => {
    if (value === undefined) return anyMatches(value) ? undefined : reasons.absent
    if (!Array.isArray(value)) {
      const scalar = toScalar(value)
      if (scalar === undefined) return reasons.nested
      return anyMatches(scalar) ? undefined : reasons.different
    }
    let isMatched = false
    for (const element of value) {
      const leaf = toScalar(element)
      if (leaf === undefined) return reasons.nested
      isMatched ||= anyMatches(leaf)
    }
    return isMatched ? undefined : reasons.noElement
  }
}

function anyOf(conditions: Condition[]): Condition {
  return (value) => {
    for (const matches of conditions) if (matches(value)) return true
    return false
  }
}
