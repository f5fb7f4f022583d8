import { errorMessage } from '../../shared/errorCode'
import { isObject, stringifyLossless } from '../../shared/json'
import type { Place } from '../../shared/localAccount'
import { nearest } from '../../shared/nearest'
import { UserError } from '../../shared/userError'
import { parseInput } from '../api/readRequest'
import type { EventBridgeFile } from '../config/readEventBridgeFile'
import { compilePattern } from '../pattern/compilePattern'
import { isResourceName, RESOURCE_NAME } from '../resources/definitions'
import { DEFAULT_BUS } from '../resources/resources'
import { compileTarget, type TargetEntry, targetEntry } from '../targets/compileTarget'
import type { RetryStrategy } from '../targets/retrySchedule'
import type { Connections } from '../targets/target'
import { noHandler } from './handlers'

/** A rule as code has it: with handlers for targets, and what eventbridge.yaml asks for as well left out. */
export interface RuleInput {
  /** `default`, unless it is another */
  bus?: string
  /** `rule-1` is the first that has none */
  name?: string
  description?: string
  /** false: it matches nothing */
  enabled?: boolean
  /** as FilterPattern is: `{}` takes every event of the bus */
  pattern: object
  /** names of handlers, and targets as CreateTargets takes them */
  targets: string | TargetEntry | readonly (string | TargetEntry)[]
  /** of the handlers; BACKOFF_RETRY, three retries after 10 to 20 s, unless it is another */
  retry?: RetryStrategy
  /** of the handlers; ALL, unless it is another */
  errorsTolerance?: 'ALL' | 'NONE'
  /** of the handlers: the name of a queue, or an ARN */
  deadLetterQueue?: string
}

interface Surroundings {
  handlers: Readonly<Record<string, unknown>>
  place: Place
  /** what targets reach the world by */
  connections: Connections
}

const KNOWN = [
  'bus',
  'name',
  'description',
  'enabled',
  'pattern',
  'targets',
  'retry',
  'errorsTolerance',
  'deadLetterQueue',
]
const RETRY_STRATEGIES: readonly RetryStrategy[] = ['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY']
const NOTHING = { sources: [], rules: [], connections: [], apiDestinations: [], filledIn: {}, leftOut: [] }

/** What whoever writes no types may get wrong; names, patterns and targets are checked where they are read. */
const SHAPES: Readonly<Record<string, readonly [isRight: (value: unknown) => boolean, must: string]>> = {
  description: [(value) => typeof value === 'string', 'a text'],
  enabled: [(value) => typeof value === 'boolean', 'true or false'],
  retry: [(value) => RETRY_STRATEGIES.includes(value as RetryStrategy), RETRY_STRATEGIES.join(' or ')],
  deadLetterQueue: [(value) => typeof value === 'string' && value !== '', 'the name of a queue, or an ARN'],
}

const HANDLER_NAME = /^[A-Za-z0-9_-]+$/

/**
 * Puts rules of code beside those of a file.
 * @throws UserError that names every fault with its place, such as `rules[0].targets[1]`
 */
export function withRules(
  files: readonly EventBridgeFile[],
  rules: readonly RuleInput[],
  surroundings: Surroundings,
): EventBridgeFile[] {
  const faults = Object.keys(surroundings.handlers).flatMap((name) =>
    HANDLER_NAME.test(name) ? [] : [`targets: the name ${name} must have letters, digits, _ and - alone`],
  )
  const all = new Map(files.map((file) => [file.bus, file]))
  for (const [index, rule] of rules.entries()) {
    const fault = (place: string, reason: string) => faults.push(`rules[${index}]${place}: ${reason}`)
    if (!isObject(rule)) {
      fault('', 'must be an object, such as { pattern: {}, targets: "handler" }')
      continue
    }
    const bus = rule.bus ?? DEFAULT_BUS
    if (typeof bus !== 'string' || !isResourceName(bus)) fault('.bus', `must be ${RESOURCE_NAME}`)
    const file = all.get(bus) ?? { ...NOTHING, bus }
    const read = readRule(rule, index, surroundings, fault)
    if (file.rules.some(({ name }) => name === read.name))
      fault('.name', `the bus ${bus} has a rule ${read.name} already`)
    all.set(bus, { ...file, rules: [...file.rules, read] })
  }
  if (faults.length > 0) throw new UserError(faults.join('\n'))
  return [...all.values()]
}

type Fault = (place: string, reason: string) => void

function readRule(
  rule: RuleInput,
  index: number,
  surroundings: Surroundings,
  fault: Fault,
): EventBridgeFile['rules'][number] {
  for (const key of Object.keys(rule)) {
    if (KNOWN.includes(key)) continue
    const meant = nearest(key, KNOWN)
    fault(
      `.${key}`,
      `is not known here: ${meant === undefined ? `a rule has ${KNOWN.join(', ')}` : `is ${meant} meant?`}`,
    )
  }
  for (const [key, [isRight, must]] of Object.entries(SHAPES)) {
    const value = (rule as unknown as Record<string, unknown>)[key]
    if (value !== undefined && !isRight(value)) fault(`.${key}`, `must be ${must}`)
  }
  const { name = `rule-${index + 1}`, description, enabled = true, pattern } = rule
  if (typeof name !== 'string' || !isResourceName(name)) fault('.name', `must be ${RESOURCE_NAME}`)
  return {
    name,
    ...(description !== undefined && { description }),
    enabled,
    filterPattern: readPattern(pattern, fault),
    targets: readTargets(rule, surroundings, fault),
  }
}

function readPattern(pattern: unknown, fault: Fault): string {
  if (pattern === undefined) {
    fault('.pattern', 'is missing; {} takes every event of the bus')
    return '{}'
  }
  const text = stringifyLossless(pattern)
  try {
    compilePattern(JSON.parse(text))
  } catch (error) {
    fault('.pattern', errorMessage(error))
  }
  return text
}

function readTargets(rule: RuleInput, surroundings: Surroundings, fault: Fault): TargetEntry[] {
  const { handlers } = surroundings
  const given = rule.targets === undefined ? [] : [rule.targets].flat()
  if (given.length === 0) {
    const names = Object.keys(handlers)
    fault(
      '.targets',
      `names no target: ${names.length > 0 ? `targets has ${names.join(', ')}` : 'add a handler to targets'}`,
    )
  }
  const entries: TargetEntry[] = []
  for (const [index, one] of given.entries()) {
    const place = Array.isArray(rule.targets) ? `.targets[${index}]` : '.targets'
    if (typeof one === 'string' && !Object.hasOwn(handlers, one)) {
      fault(place, noHandler(one, handlers))
      continue
    }
    const parsed = parseInput(targetEntry, typeof one === 'string' ? handlerEntry(one, rule, surroundings.place) : one)
    if ('faults' in parsed) {
      for (const reason of parsed.faults) fault(place, reason)
      continue
    }
    const entry = parsed.data
    if (entries.some(({ Id }) => Id === entry.Id)) fault(place, `the Id ${entry.Id} is given twice`)
    try {
      compileTarget(entry, surroundings.connections)
    } catch (error) {
      fault(place, errorMessage(error))
    }
    entries.push(entry)
  }
  return entries
}

/** A handler is a function to the emulator, invoked in this process. */
function handlerEntry(name: string, rule: RuleInput, { region, accountId }: Place): object {
  const { retry, errorsTolerance, deadLetterQueue: queue } = rule
  const arn = String(queue).startsWith('acs:') ? queue : `acs:mns:${region}:${accountId}:/queues/${queue}`
  return {
    Id: name,
    Type: 'acs.fc.function',
    Endpoint: `acs:fc:${region}:${accountId}:functions/${name}`,
    ...(retry !== undefined && { PushRetryStrategy: retry }),
    ...(errorsTolerance !== undefined && { ErrorsTolerance: errorsTolerance }),
    ...(queue !== undefined && { DeadLetterQueue: { Arn: arn } }),
    ParamList: [{ ResourceKey: 'Body', Form: 'ORIGINAL' }],
  }
}
