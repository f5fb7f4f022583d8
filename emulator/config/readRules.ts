import * as z from 'zod/mini'
import { errorMessage } from '../../shared/errorCode'
import { stringifyLossless } from '../../shared/json'
import type { FileFaults, Place } from '../../shared/yaml'
import { defaultLimits, refuseOneTooMany } from '../api/limits'
import { compilePattern } from '../pattern/compilePattern'
import { isResourceName, RESOURCE_NAME, type RuleDefinition } from '../resources/definitions'
import { compileTarget, targetEntry } from '../targets/compileTarget'
import type { Connections } from '../targets/target'
import { type FilledTarget, fillTarget, tellMissing, type Variables, withoutVariables } from './fillVariables'

/** The rules of a document of eventbridge.yaml, and what became of its variables. */
export interface ReadRules {
  rules: Pick<RuleDefinition, 'name' | 'description' | 'enabled' | 'filterPattern' | 'targets'>[]
  /** the variables that were filled in, with their values: addresses and secrets, to be kept and shown nowhere */
  filledIn: Readonly<Record<string, string>>
  /** the targets of disabled rules that are left out, since a variable has no value */
  leftOut: { rule: string; target: string; variable: string }[]
}

// The API takes any text and means BACKOFF_RETRY by it (parseRetryStrategy): in a file it is a slip of the pen.
const RETRY_STRATEGIES = ['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY'] as const
const target = z.extend(targetEntry, {
  PushRetryStrategy: z.optional(z.enum(RETRY_STRATEGIES, `must be ${RETRY_STRATEGIES.join(' or ')}`)),
})

/** The name of a bus or of a rule. */
export const fileName = z.string().check(z.refine(isResourceName, `must be ${RESOURCE_NAME}`))

export const fileRules = z
  .array(
    z.strictObject({
      RuleName: fileName,
      Description: z.optional(z.string()),
      Status: z._default(z.enum(['ENABLE', 'DISABLE'], 'must be ENABLE or DISABLE'), 'ENABLE'),
      FilterPattern: z.unknown(),
      Targets: z.array(target).check(onlyOnce('the Id', ({ Id }) => Id)),
    }),
  )
  .check(onlyOnce('the RuleName', ({ RuleName }) => RuleName))

export type FileRule = z.infer<typeof fileRules>[number]

export function onlyOnce<T>(what: string, nameOf: (item: T) => string) {
  return z.check<T[]>(({ value: items, issues }) => {
    const names = items.map(nameOf)
    const repeated = names.find((other, index) => names.indexOf(other) < index)
    if (repeated !== undefined) {
      issues.push({ code: 'custom', input: items, message: `${what} ${repeated} is given twice` })
    }
  })
}

/**
 * Checks the rules and fills variables in; what is wrong is noted among the faults.
 * @param connections what their targets reach the world by
 * @param standIns what stands for variables that have no value, in an enabled rule; a disabled one is left out
 * @param where variables are set, see tellMissing
 */
export function readRules(
  Rules: readonly FileRule[],
  faults: FileFaults,
  connections: Connections,
  { variables, standIns, where }: { variables: Variables; standIns: Readonly<Record<string, string>>; where: string },
): ReadRules {
  const rules = Rules.map((rule, index) => {
    const filled = rule.Targets.map((entry) => fillTarget(entry, withStandIns(rule, variables, standIns)))
    checkRule({ ...rule, filled, where }, index, faults, connections)
    return { ...rule, filled, missing: filled.flatMap(({ missing }) => missing)[0] }
  })
  const whole = rules.filter(({ missing }) => missing === undefined)
  return {
    rules: whole.map(({ RuleName, Description, Status, FilterPattern, filled }) => ({
      name: RuleName,
      ...(Description !== undefined && { description: Description }),
      enabled: Status === 'ENABLE',
      filterPattern: stringifyLossless(FilterPattern),
      targets: filled.map(({ entry }) => entry),
    })),
    filledIn: Object.assign({}, ...whole.flatMap(({ filled }) => filled.map(({ used }) => used))),
    leftOut: rules.flatMap(({ RuleName, Targets, missing }) =>
      missing === undefined ? [] : Targets.map(({ Id }) => ({ rule: RuleName, target: Id, variable: missing })),
    ),
  }
}

function withStandIns(
  { Status }: FileRule,
  variables: Variables,
  standIns: Readonly<Record<string, string>>,
): Variables {
  if (Status === 'DISABLE') return variables
  return { ...standIns, ...Object.fromEntries(Object.entries(variables).filter(([, value]) => value)) }
}

function checkRule(
  { FilterPattern, Status, Targets, filled, where }: FileRule & { filled: readonly FilledTarget[]; where: string },
  index: number,
  faults: FileFaults,
  connections: Connections,
): void {
  const { rulesPerBus, targetsPerRule } = defaultLimits
  const place = ['Rules', index]
  orNote(faults, place, () => refuseOneTooMany('Rule', index, rulesPerBus))
  orNote(faults, [...place, 'FilterPattern'], () => compilePattern(FilterPattern))
  for (const [within, text] of textsIn(FilterPattern))
    notePlaceholder(faults, [...place, 'FilterPattern', ...within], text)
  for (const [others, entry] of Targets.entries()) {
    for (const [within, text] of textsIn({
      Id: entry.Id,
      Endpoint: withoutVariables(entry.Endpoint),
      DeadLetterQueue: entry.DeadLetterQueue,
    })) {
      notePlaceholder(faults, [...place, 'Targets', others, ...within], text)
    }
    orNote(faults, [...place, 'Targets', others], () => {
      refuseOneTooMany('Target', others, targetsPerRule)
      const { entry: whole = entry, missing = [] } = filled[others] ?? {}
      if (missing.length === 0) compileTarget(whole, connections)
      else if (Status === 'ENABLE') throw new Error(tellMissing(missing, where))
    })
  }
}

/** What `${region}` and `${account}` are not, and what looks like one; a template has its own, so ParamList may. */
const PLACEHOLDER = /\$\{[^}]*\}?|\$[A-Za-z]\w*|[{<]\w+[}>]/

function notePlaceholder(faults: FileFaults, place: Place, text: string): void {
  const found = PLACEHOLDER.exec(text)?.[0]
  // any other text may have dollars and braces of its own
  if (found === undefined || (!found.startsWith('${') && !text.startsWith('acs:'))) return
  faults.add(place, `${found} is not filled in: write the value, or \${region} or \${account}, which are`)
}

/** All texts in a value, with their places. */
function textsIn(value: unknown): [place: PropertyKey[], text: string][] {
  if (typeof value === 'string') return [[[], value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(Array.isArray(value) ? [] : textsIn(name).map(([, text]): [PropertyKey[], string] => [[name], text])),
    ...textsIn(inner).map(([place, text]): [PropertyKey[], string] => [
      [Array.isArray(value) ? Number(name) : name, ...place],
      text,
    ]),
  ])
}

export function orNote<T>(faults: FileFaults, place: Place, compile: () => T): T | undefined {
  try {
    return compile()
  } catch (error) {
    faults.add(place, errorMessage(error))
    return undefined
  }
}
