// Event patterns as one writes a matcher in an afternoon: it walks the pattern anew for each event and each rule.

/** @returns a function that gives the names of the rules that take an event */
export function prepare(rules) {
  return (event) => rules.filter(({ pattern }) => matches(pattern, event)).map(({ name }) => name)
}

function matches(pattern, value) {
  for (const [key, wanted] of Object.entries(pattern)) {
    const field = value?.[key]
    if (Array.isArray(wanted)) {
      if (!matchesAny(wanted, field)) return false
    } else if (!matches(wanted, field)) return false
  }
  return true
}

function matchesAny(conditions, value) {
  const values = Array.isArray(value) ? value : [value]
  return values.some((one) => conditions.some((condition) => holds(condition, one)))
}

function holds(condition, value) {
  if (condition === null || typeof condition !== 'object') {
    return (
      value !== undefined &&
      (condition === null || value === null ? condition === value : String(condition) === String(value))
    )
  }
  const [operator] = Object.keys(condition)
  const operand = condition[operator]
  switch (operator) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(operand)
    case 'suffix':
      return typeof value === 'string' && value.endsWith(operand)
    case 'contains':
      return typeof value === 'string' && value.includes(operand)
    case 'exists':
      return (value !== undefined) === operand
    case 'anything-but':
      if (value === undefined) return false
      return ![operand].flat().some((excluded) => holds(excluded, value))
    case 'numeric':
      return (
        typeof value === 'number' &&
        compares(operand[0], value, operand[1]) &&
        (operand.length === 2 || compares(operand[2], value, operand[3]))
      )
    case 'cidr':
      return typeof value === 'string' && isWithin(operand, value)
    default:
      throw new Error(`unknown operator ${operator}`)
  }
}

function compares(operator, value, limit) {
  switch (operator) {
    case '=':
      return value === limit
    case '!=':
      return value !== limit
    case '>':
      return value > limit
    case '>=':
      return value >= limit
    case '<':
      return value < limit
    default:
      return value <= limit
  }
}

function isWithin(block, address) {
  const [base, bits = 32] = block.split('/')
  const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0
  return (numberOf(base) & mask) === (numberOf(address) & mask)
}

function numberOf(address) {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
}
