import { compileCidr } from './cidr'
import { type Condition, isScalar, type Refuse, type Scalar } from './condition'
import { compileNumeric } from './numeric'

/**
 * Compiles one element of a field's list: a value to equal, or an object with one operator as `{"prefix": "acs."}`.
 * The language is described in docs/event-patterns.md.
 */
export function compileCondition(element: unknown, refuse: Refuse): Condition {
  if (isScalar(element)) return equalTo(element)
  if (Array.isArray(element)) return refuse('a list inside the list is not allowed; put its values into the outer list')

  const entries = Object.entries(element as object)
  const [entry] = entries
  if (entry === undefined || entries.length > 1) {
    return refuse(
      'a condition is an object with one operator; for either of two write [{"prefix": "a"}, {"suffix": "b"}]',
    )
  }
  const [operator, operand] = entry
  switch (operator) {
    case 'prefix':
    case 'suffix':
    case 'contains':
      return compileText(operator, operand, refuse)
    case 'anything-but':
      return compileAnythingBut(operand, refuse)
    case 'numeric':
      return compileNumeric(operand, refuse)
    case 'cidr':
      return compileCidr(operand, refuse)
    case 'exists':
      return compileExists(operand, refuse)
    default:
      return refuse(
        `unknown operator ${JSON.stringify(operator)}; known are prefix, suffix, contains, anything-but, numeric, cidr and exists`,
      )
  }
}

/** Compares by text, as the service does: "100" equals 100 and "true" equals true; null equals only null. */
function equalTo(expected: Scalar): Condition {
  if (expected === null) return (value) => value === null
  const text = String(expected)
  return (value) => value === text || (value !== undefined && value !== null && String(value) === text)
}

function compileText(operator: 'prefix' | 'suffix' | 'contains', operand: unknown, refuse: Refuse): Condition {
  if (typeof operand !== 'string' || operand === '') return refuse(`${operator} needs a text that is not empty`)
  switch (operator) {
    case 'prefix':
      return (value) => typeof value === 'string' && value.startsWith(operand)
    case 'suffix':
      return (value) => typeof value === 'string' && value.endsWith(operand)
    case 'contains':
      return (value) => typeof value === 'string' && value.includes(operand)
  }
}

/** A field that is absent is not "anything": only `exists: false` matches it. */
function compileAnythingBut(operand: unknown, refuse: Refuse): Condition {
  const excluded = excludedBy(operand, refuse)
  return (value) => {
    if (value === undefined) return false
    for (const condition of excluded) if (condition(value)) return false
    return true
  }
}

function excludedBy(operand: unknown, refuse: Refuse): Condition[] {
  if (isScalar(operand)) return [equalTo(operand)]
  if (Array.isArray(operand)) {
    if (operand.length === 0) return refuse('anything-but with an empty list excludes nothing; name what it excludes')
    return operand.map((value) =>
      isScalar(value)
        ? equalTo(value)
        : refuse('the list of anything-but holds only texts, numbers, true, false or null'),
    )
  }
  const [entry, ...others] = Object.entries(operand as object)
  if (entry !== undefined && others.length === 0) {
    const [operator, text] = entry
    if (operator === 'prefix' || operator === 'suffix') return [compileText(operator, text, refuse)]
  }
  return refuse('anything-but takes a text, a number, a list of them, or one of {"prefix": "a"} and {"suffix": "a"}')
}

function compileExists(operand: unknown, refuse: Refuse): Condition {
  if (typeof operand !== 'boolean') return refuse('exists needs true or false, without quotes')
  return (value) => (value !== undefined) === operand
}
