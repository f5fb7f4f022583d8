import { isLosslessNumber } from 'lossless-json'
import { isLosslessObject, parseLossless, stringifyLossless } from '../../shared/json'
import { InvalidJsonPath, parseJsonPath, readJsonPath } from '../../shared/jsonPath'

/** The message names the parameter and says what to write. */
export class InvalidTransform extends Error {
  override name = 'InvalidTransform' as const
}

/** One entry of a target's ParamList, as CreateTargets takes it. */
export interface TargetParam {
  ResourceKey: string
  Form: string
  Value?: string | undefined
  Template?: string | undefined
}

/** Reads one variable from the event; undefined when the event does not have it. */
type Variable = (event: unknown) => string | undefined

/** Of Template, of Value and of each value taken from the event (help.aliyun.com, EventBridge, Limits). */
const maxCharacters = 10_240

/**
 * Compiles one parameter of a target. The function takes the CloudEvent's JSON text exactly as stored and gives the
 * parameter's text:
 * - ORIGINAL: the event's text, unchanged.
 * - CONSTANT: Value.
 * - JSONPATH: the value at the path: a text bare, a number with its digits as sent (beyond 2^53 too), an object or a
 *   list as JSON; null gives `null`, and what is missing gives the empty text.
 * - TEMPLATE: Template with each `${name}` of Value's variables replaced, once and without any escaping, as the
 *   service does: a text with a quote breaks a JSON template. A variable that the event or Value lacks stays verbatim; a
 *   Value of `{}` has none, and the text is Template as it is.
 *
 * https://help.aliyun.com/en/eventbridge/user-guide/event-transformation; what it leaves open is as in the open-source
 * twin (rocketmq-eventbridge, JsonPathUtil and TemplateTransform), but for three things: a Value that starts like a
 * path and is none is refused (the twin takes `$.list[*]` for a constant), a value put in is not searched for variables
 * again, and EB_SYS_EMBED_OBJECT is refused, not ignored.
 *
 * @throws InvalidTransform here when the parameter is wrong, and from the function when a value is too long. The
 *   function throws RangeError for an event nested thousands of levels deep.
 */
export function compileTransform(param: TargetParam): (eventText: string) => string {
  switch (param.Form) {
    case 'ORIGINAL':
      return (eventText) => eventText
    case 'CONSTANT': {
      const constant = required(param, 'Value')
      return () => constant
    }
    case 'JSONPATH': {
      const read = compilePath(param, required(param, 'Value'))
      return (eventText) => read(parseLossless(eventText)) ?? ''
    }
    case 'TEMPLATE':
      return compileTemplate(param)
    default:
      throw invalid(param, 'Form must be ORIGINAL, JSONPATH, CONSTANT or TEMPLATE')
  }
}

function compileTemplate(param: TargetParam): (eventText: string) => string {
  const template = required(param, 'Template')
  const variables = compileVariables(param)
  if (template.includes('EB_SYS_EMBED_OBJECT')) {
    throw invalid(param, 'EB_SYS_EMBED_OBJECT is not supported here; name the fields one by one')
  }
  return (eventText) => {
    const event = parseLossless(eventText)
    return template.replace(/\$\{([^}]*)\}/g, (verbatim, name: string) => variables.get(name)?.(event) ?? verbatim)
  }
}

function compileVariables(param: TargetParam): Map<string, Variable> {
  return new Map(
    Object.entries(parseVariables(param)).map(([name, value]) => {
      if (value === null || (typeof value === 'object' && !isLosslessNumber(value))) {
        throw invalid(param, `variable ${name} must be a path such as "$.data.name" or a constant; it cannot be nested`)
      }
      const text = String(value)
      return [name, /^\$[.[]/.test(text) || text === '$' ? compilePath(param, text) : () => text]
    }),
  )
}

function parseVariables(param: TargetParam): Record<string, unknown> {
  const text = required(param, 'Value')
  try {
    const value = parseLossless(text)
    if (isLosslessObject(value)) return value
  } catch {
    // the reason below says more than the parser's
  }
  throw invalid(param, 'Value must be the JSON text of an object, such as {"name": "$.data.name"}')
}

function compilePath(param: TargetParam, text: string): Variable {
  const path = parsePath(param, text)
  return (event) => {
    const value = readJsonPath(path, event)
    const found = value === undefined || typeof value === 'string' ? value : stringifyLossless(value)
    if (found !== undefined && found.length > maxCharacters) {
      throw invalid(param, `the value at ${text} has ${found.length} characters, ${maxCharacters} are allowed`)
    }
    return found
  }
}

function parsePath(param: TargetParam, text: string): (string | number)[] {
  try {
    return parseJsonPath(text)
  } catch (error) {
    if (error instanceof InvalidJsonPath) throw invalid(param, error.message)
    throw error
  }
}

function required(param: TargetParam, field: 'Value' | 'Template'): string {
  const text = param[field]
  if (text === undefined || text === '') throw invalid(param, `${param.Form} needs a ${field}`)
  if (text.length > maxCharacters) throw invalid(param, `${field} may have ${maxCharacters} characters`)
  return text
}

function invalid(param: TargetParam, reason: string): InvalidTransform {
  return new InvalidTransform(`${param.ResourceKey}: ${reason}`)
}
