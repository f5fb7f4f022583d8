import { compileTransform, type TargetParam } from '../transform/compileTransform'

interface ParamRule {
  required?: true
  /** the Forms that it may have; without, CONSTANT alone */
  forms?: readonly string[]
  /** the values that it may have, as they are what is done here; without, any. They are told in errors. */
  values?: readonly string[]
  /** what the Endpoint has for it, which it must repeat */
  inEndpoint?: string
  /** which of two that differ is most likely meant: a clause for the error */
  meant?(value: string): string
}

export const ANY_FORM = ['ORIGINAL', 'JSONPATH', 'CONSTANT', 'TEMPLATE']

interface Params {
  constant(key: string): string | undefined
  /** the parameter's text for an event; empty when it is not given */
  text(key: string, eventText: string): string
}

/**
 * Checks a target's ParamList against the rules of its type and compiles it. The case of a ResourceKey makes no
 * difference: `url` of `http` is in samples of the service's Java SDK and of terraform, `URL` in the documents.
 * https://help.aliyun.com/en/eventbridge/user-guide/event-target-parameters
 * @throws Error that names the parameter and what to write
 */
export function compileParams(type: string, params: readonly TargetParam[], rules: Record<string, ParamRule>): Params {
  const given = new Map<string, TargetParam>()
  for (const param of params) {
    const written = param.ResourceKey
    const [key, rule] = Object.entries(rules).find(([name]) => isSameKey(name, written)) ?? []
    if (key === undefined || rule === undefined) {
      throw new Error(`ParamList: ${written} is no parameter of ${type}; it has ${Object.keys(rules).join(', ')}`)
    }
    if (given.has(key)) throw new Error(`ParamList: ${written} is given twice`)
    check(param, rule)
    given.set(key, param)
  }
  for (const [key, { required }] of Object.entries(rules)) {
    if (required && !given.has(key)) throw new Error(`ParamList: ${key} is missing`)
  }

  const transforms = new Map([...given].map(([key, param]) => [key, compileTransform(param)]))
  return {
    constant: (key) => given.get(key)?.Value,
    text: (key, eventText) => transforms.get(key)?.(eventText) ?? '',
  }
}

function isSameKey(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function check({ ResourceKey: key, Form, Value = '' }: TargetParam, rule: ParamRule): void {
  const { forms = ['CONSTANT'], values, inEndpoint, meant } = rule
  if (!forms.includes(Form)) throw new Error(`${key}: Form must be ${forms.join(', ')}`)
  if (values?.length === 0) throw new Error(`${key}: leave it out in the embedded EventBridge`)
  if (values !== undefined && !values.includes(Value)) {
    throw new Error(`${key}: must be ${values.join(' or ')} in the embedded EventBridge`)
  }
  if (inEndpoint !== undefined && Value !== inEndpoint) {
    throw new Error(`${key}: is ${Value}, and Endpoint has ${inEndpoint}${meant?.(Value) ?? ''}: make them the same`)
  }
}
