import { isLosslessObject, stringifyLossless } from '../../shared/json'
import { type Condition, comparedText, compileCondition, toScalar } from './compileCondition'

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
  /** what it asks, one after the other: the first that is not so is the reason */
  tests: readonly FieldTest[]
}

/** One field of a pattern, and what is asked of it. Of two that have one path and one text, the reasons are the same. */
export interface FieldTest {
  /** the keys that lead to it; with none it is the event itself */
  path: readonly string[]
  /** what is asked, as text */
  text: string
  /** why its value does not match; undefined when it does. The texts are made at compile time. */
  whyNot(value: unknown): string | undefined
  /** where it asks for values and nothing else: by what they are compared, and why any other leaf does not match */
  equals?: { values: readonly (string | null)[]; otherwise: string }
}

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
  return patternOf(
    Object.entries(pattern).flatMap(([key, value]) =>
      key === 'data' ? compileData(value) : [compileAttribute(key, value)],
    ),
  )
}

/** Keys are ANDed. What holds several fields in a row is looked up once for them. */
export function patternOf(tests: readonly FieldTest[]): CompiledPattern {
  const places: { path: string; read: FieldOf; fields: { read: FieldOf; whyNot: FieldTest['whyNot'] }[] }[] = []
  for (const { path, whyNot } of tests) {
    const parent = path.slice(0, -1)
    const field = { read: fieldAt(path.slice(-1)), whyNot }
    const last = places.at(-1)
    if (last?.path === JSON.stringify(parent)) last.fields.push(field)
    else places.push({ path: JSON.stringify(parent), read: fieldAt(parent), fields: [field] })
  }
  const whyNot = (event: Record<string, unknown>) => {
    for (const { read, fields } of places) {
      const place = read(event)
      for (const field of fields) {
        const reason = field.whyNot(field.read(place))
        if (reason !== undefined) return reason
      }
    }
    return undefined
  }
  return { matches: (event) => whyNot(event) === undefined, whyNot, tests }
}

function compileAttribute(key: string, pattern: unknown): FieldTest {
  if (!FILTERABLE.has(key)) {
    throw new InvalidPattern(
      `${key}: cannot be filtered by; the keys of a pattern are data, ${[...FILTERABLE].join(', ')}`,
    )
  }
  if (!Array.isArray(pattern)) throw new InvalidPattern(`${key}: must be a list, such as ["a", {"prefix": "b"}]`)
  return compileField(pattern, [key])
}

const NO_DATA = 'data is absent, and the pattern asks for fields in it'

function compileData(pattern: unknown): FieldTest[] {
  if (!isLosslessObject(pattern))
    throw new InvalidPattern('data: must be an object of fields, such as {"state": ["running"]}')
  const path = ['data']
  const fields = compileFields(pattern, path)
  const whyNot = (data: unknown) => (data === undefined || data === null ? NO_DATA : undefined)
  return [{ path, text: NO_DATA, whyNot }, ...fields]
}

function compileFields(pattern: Record<string, unknown>, path: string[]): FieldTest[] {
  const label = path.join('.')
  if (path.length > maxDepth) throw new InvalidPattern(`${label}: is nested deeper than ${maxDepth} levels`)
  const entries = Object.entries(pattern)
  if (entries.length === 0) throw new InvalidPattern(`${label}: names no field; name one or leave ${label} out`)

  return entries.flatMap(([key, value]) => {
    const fieldPath = [...path, key]
    if (Array.isArray(value)) return [compileField(value, fieldPath)]
    if (isLosslessObject(value)) return compileFields(value, fieldPath)
    throw new InvalidPattern(`${fieldPath.join('.')}: must be a list, such as ["a"], or an object of fields`)
  })
}

type FieldOf = (value: unknown) => unknown

/** Reads what these keys lead to. A value that is not an object has no fields. */
export function fieldAt(path: readonly string[]): FieldOf {
  const [first, ...others] = path.map((key) => (key.includes('.') ? atPath(key) : ownField(key)))
  if (first === undefined) return (value) => value
  if (others.length === 0) return first
  return (value) => others.reduce((inner, read) => read(inner), first(value))
}

/** Only an object's own keys are its fields. */
function ownField(key: string): FieldOf {
  return (value) => (isLosslessObject(value) && Object.hasOwn(value, key) ? value[key] : undefined)
}

/** `a.b` is the field of that name, and where there is none b in a: see docs/event-patterns.md. */
function atPath(key: string): FieldOf {
  const whole = ownField(key)
  const steps = key.split('.').map(ownField)
  return (value) => {
    const named = whole(value)
    return named === undefined ? steps.reduce((inner, read) => read(inner), value) : named
  }
}

/** The elements of a list are ORed; of a list in the event, one matching element is enough. */
function compileField(list: unknown[], path: readonly string[]): FieldTest {
  const label = path.join('.')
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
  const whyNot = (value: unknown) => {
    if (typeof value === 'string') return anyMatches(value) ? undefined : reasons.different
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
  const values = list.map(toScalar).filter((value) => value !== undefined)
  const equals = { values: values.map(comparedText), otherwise: reasons.different }
  return { path, text: wanted, whyNot, ...(values.length === list.length && { equals }) }
}

function anyOf(conditions: Condition[]): Condition {
  const [only] = conditions
  if (only !== undefined && conditions.length === 1) return only
  return (value) => {
    for (const matches of conditions) if (matches(value)) return true
    return false
  }
}
