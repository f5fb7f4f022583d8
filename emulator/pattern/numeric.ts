import type { Condition, Refuse } from './condition'

const comparisons = new Map<unknown, (difference: number) => boolean>([
  ['=', (difference) => difference === 0],
  ['!=', (difference) => difference !== 0],
  ['>', (difference) => difference > 0],
  ['>=', (difference) => difference >= 0],
  ['<', (difference) => difference < 0],
  ['<=', (difference) => difference <= 0],
])

/** Both as in the open-source twin (rocketmq-eventbridge: NumericConditionBuilder, NumericOperators). */
const bound = 1e9
const tolerance = 1e-7

/** Compiles the operand of `numeric`: `["=", 5]`, or `[">", 0, "<=", 5]` where both must hold. Texts never match. */
export function compileNumeric(operand: unknown, refuse: Refuse): Condition {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    return refuse('numeric needs one or two comparisons, such as ["=", 5] or [">", 0, "<=", 5]')
  }
  const tests: ((value: number) => boolean)[] = []
  for (let at = 0; at < operand.length; at += 2) tests.push(compileComparison(operand[at], operand[at + 1], refuse))
  return (value) => typeof value === 'number' && tests.every((test) => test(value))
}

function compileComparison(operator: unknown, limit: unknown, refuse: Refuse): (value: number) => boolean {
  const compare = comparisons.get(operator)
  if (compare === undefined) return refuse(`numeric compares by one of ${[...comparisons.keys()].join(' ')}`)
  if (typeof limit !== 'number' || !(Math.abs(limit) <= bound)) {
    return refuse('numeric compares with a number between -1000000000 and 1000000000')
  }
  return (value) => compare(Math.abs(value - limit) <= tolerance ? 0 : value - limit)
}
