import { comparedText, toScalar } from './compileCondition'
import { type CompiledPattern, type FieldTest, fieldAt, patternOf } from './compilePattern'

/** For each pattern why the event does not match it, as its own whyNot says; undefined for those that it matches. */
type WhyNots = (event: Record<string, unknown>) => (string | undefined)[]

/** What is left to ask of some patterns, once they have matched so far. */
interface Branch {
  steps: readonly Step[]
  /** which no other shares the next field with */
  alone: readonly { pattern: number; whyNot: CompiledPattern['whyNot'] }[]
}

/** A field that several patterns ask next, and what they ask of it. */
interface Step {
  read(event: unknown): unknown
  questions: readonly Question[]
  /** of those that ask for values alone, by each of them */
  byValue: ReadonlyMap<string | null, readonly Question[]>
  /** all of those in byValue */
  forValues: readonly Question[]
}

interface Question extends FieldTest {
  /** those that ask it */
  patterns: readonly number[]
  next: Branch
}

interface Pending {
  pattern: number
  /** those that are still to be asked */
  tests: readonly FieldTest[]
}

/** Fewer are asked sooner than looked up. */
const LOOKED_UP = 4

/** What is nested deeper is asked pattern by pattern: two of a thousand fields must not use up the stack. */
const MAX_STEPS = 8

/**
 * Compiles the patterns of a bus, to match an event against all of them: what several ask in the same place is asked once, and
 * where they ask for values, those that ask for the event's are looked up.
 */
export function compileRules(patterns: readonly CompiledPattern[]): WhyNots {
  const branch = branchOf(
    patterns.map(({ tests }, pattern) => ({ pattern, tests })),
    0,
  )
  return (event) => {
    const reasons = new Array<string | undefined>(patterns.length).fill(undefined)
    ask(branch, event, reasons)
    return reasons
  }
}

function branchOf(all: readonly Pending[], depth: number): Branch {
  const sharing = groupBy(all, ({ tests: [test] }) => test && JSON.stringify(test.path))
  const isShared = (some: readonly Pending[]) => some.length > 1 && depth < MAX_STEPS
  return {
    steps: sharing.filter(isShared).map((some) => stepOf(some, depth)),
    alone: sharing
      .filter((some) => !isShared(some))
      .flat()
      .map(({ pattern, tests }) => ({ pattern, whyNot: patternOf(tests).whyNot })),
  }
}

/** Those without a key are left out: they have been asked everything. */
function groupBy<T>(all: readonly T[], keyOf: (one: T) => string | undefined): T[][] {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()]
}

function stepOf(all: readonly Pending[], depth: number): Step {
  const questions = groupBy(all, ({ tests: [test] }) => test?.text).flatMap((some): Question[] => {
    const [test] = some[0]?.tests ?? []
    const next = some.map(({ pattern, tests }) => ({ pattern, tests: tests.slice(1) }))
    return test ? [{ ...test, patterns: some.map(({ pattern }) => pattern), next: branchOf(next, depth + 1) }] : []
  })
  const forValues = questions.filter(({ equals }) => equals !== undefined)
  const isLookedUp = forValues.length > LOOKED_UP
  const byValue = new Map<string | null, Question[]>()
  for (const question of isLookedUp ? forValues : []) {
    for (const value of new Set(question.equals?.values)) {
      const others = byValue.get(value)
      if (others) others.push(question)
      else byValue.set(value, [question])
    }
  }
  return {
    read: fieldAt(all[0]?.tests[0]?.path ?? []),
    questions: isLookedUp ? questions.filter(({ equals }) => equals === undefined) : questions,
    byValue,
    forValues: isLookedUp ? forValues : [],
  }
}

type Reasons = (string | undefined)[]

function ask({ steps, alone }: Branch, event: Record<string, unknown>, reasons: Reasons): void {
  for (const { read, questions, byValue, forValues } of steps) {
    const value = read(event)
    askEach(questions, value, event, reasons)
    if (forValues.length === 0) continue
    const scalar = toScalar(value)
    if (scalar === undefined) {
      askEach(forValues, value, event, reasons)
      continue
    }
    for (const { equals, patterns } of forValues) give(reasons, patterns, equals?.otherwise)
    for (const { patterns, next } of byValue.get(comparedText(scalar)) ?? []) {
      give(reasons, patterns, undefined)
      ask(next, event, reasons)
    }
  }
  for (const { pattern, whyNot } of alone) reasons[pattern] = whyNot(event)
}

function askEach(questions: readonly Question[], value: unknown, event: Record<string, unknown>, reasons: Reasons) {
  for (const { whyNot, patterns, next } of questions) {
    const reason = whyNot(value)
    if (reason === undefined) ask(next, event, reasons)
    else give(reasons, patterns, reason)
  }
}

function give(reasons: Reasons, patterns: readonly number[], reason: string | undefined): void {
  for (const pattern of patterns) reasons[pattern] = reason
}
