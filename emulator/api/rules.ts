import * as z from 'zod/mini'
import { errorMessage } from '../../shared/errorCode'
import { isLosslessObject, parseLossless } from '../../shared/json'
import { type CompiledPattern, compilePattern } from '../pattern/compilePattern'
import { isResourceName, RESOURCE_NAME, type RuleDefinition } from '../resources/definitions'
import type { Resources } from '../resources/resources'
import { anyCase } from '../targets/anyCase'
import type { TargetEntry } from '../targets/compileTarget'
import { busArn, existingBus } from './buses'
import type { ApiContext } from './context'
import { refuseOneTooMany } from './limits'
import { pageOf, paging } from './paging'
import { name, readRequest, tags } from './readRequest'
import { type ReadTarget, readNewTarget } from './readTarget'
import { ApiError } from './refusal'

const status = z.optional(anyCase(['ENABLE', 'DISABLE'], 'must be ENABLE or DISABLE'))
const rule = { EventBusName: name, RuleName: name }
const nameRequest = z.strictObject(rule)
const listRequest = z.strictObject({ EventBusName: name, RuleNamePrefix: name, ...paging })
const createRequest = z.strictObject({
  ...rule,
  Description: z.optional(z.string()),
  Status: status,
  FilterPattern: z._default(z.string(), ''),
  Targets: z._default(z.array(z.unknown()), []),
  Tags: tags,
})
const updateRequest = z.strictObject({
  ...rule,
  Description: z.optional(z.string()),
  Status: status,
  FilterPattern: z.optional(z.string()),
  Tags: tags,
})
const testRequest = z.strictObject({ Event: z._default(z.string(), ''), EventPattern: z._default(z.string(), '') })

/** With its targets, or with none of them: one that `read` refuses refuses the whole. */
export function createRule(request: unknown, context: ApiContext, read?: ReadTarget) {
  const { EventBusName: bus, RuleName, FilterPattern, ...given } = readRequest(createRequest, request)
  const { resources, limits, clock } = context
  existingBus(resources, bus)
  readPattern(FilterPattern)
  if (!isResourceName(RuleName)) {
    const expected = `It must be ${RESOURCE_NAME} and not begin with eventbridge-reserved-.`
    throw new ApiError(409, 'EventRuleNameInvalid', `The event rule name [${RuleName}] is invalid! ${expected}`)
  }
  if (resources.rules.find(bus, RuleName) !== undefined) {
    const message = `The event rule [${RuleName}] of event bus [${bus}] already existed!`
    throw new ApiError(409, 'EventRuleAlreadyExist', message)
  }
  refuseOneTooMany('Rule', resources.rules.list(bus).length, limits.rulesPerBus)
  const targets: TargetEntry[] = []
  for (const input of given.Targets) targets.push(readNewTarget(input, targets, context, read))
  const now = clock.now()
  const made = { bus, name: RuleName, enabled: true, filterPattern: FilterPattern, targets }
  resources.rules.put({ ...made, createdAt: now, changedAt: now, ...changes(given) })
  return { RuleARN: ruleArn(context, bus, RuleName) }
}

export function getRule(request: unknown, context: ApiContext) {
  const { EventBusName, RuleName } = readRequest(nameRequest, request)
  return describe(existingRule(context.resources, EventBusName, RuleName), context)
}

export function listRules(request: unknown, context: ApiContext) {
  const { EventBusName: bus, RuleNamePrefix, ...asked } = readRequest(listRequest, request)
  existingBus(context.resources, bus)
  const rules = context.resources.rules.list(bus).filter((other) => other.name.startsWith(RuleNamePrefix))
  const { page, answer } = pageOf(rules, asked, context.limits.pageSize)
  return { Rules: page.map((definition) => describe(definition, context)), ...answer }
}

/** Changes what is given and leaves the rest; targets have operations of their own. */
export async function updateRule(request: unknown, context: ApiContext) {
  const { EventBusName, RuleName, FilterPattern, ...given } = readRequest(updateRequest, request)
  const older = existingRule(context.resources, EventBusName, RuleName)
  if (FilterPattern !== undefined) readPattern(FilterPattern)
  const pattern = FilterPattern === undefined ? {} : { filterPattern: FilterPattern }
  put({ ...older, ...pattern, ...changes(given) }, context)
  if (given.Status === 'ENABLE') await resume(older, context)
  return {}
}

/** Also sets free what blocks the rule's targets, whether it was disabled or not: so deliveries are resumed. */
export async function enableRule(request: unknown, context: ApiContext) {
  const { EventBusName, RuleName } = readRequest(nameRequest, request)
  const older = existingRule(context.resources, EventBusName, RuleName)
  put({ ...older, enabled: true }, context)
  await resume(older, context)
  return {}
}

/** Events that come meanwhile do not match it; deliveries that are still to be made wait until it is enabled. */
export function disableRule(request: unknown, context: ApiContext) {
  const { EventBusName, RuleName } = readRequest(nameRequest, request)
  put({ ...existingRule(context.resources, EventBusName, RuleName), enabled: false }, context)
  return {}
}

/** With its targets; deliveries that are still to be made have none to go to, and are dropped. */
export function deleteRule(request: unknown, { resources, wake }: ApiContext) {
  const { EventBusName, RuleName } = readRequest(nameRequest, request)
  resources.rules.remove(existingRule(resources, EventBusName, RuleName))
  wake()
  return {}
}

/** Whether an event, the JSON text of a CloudEvent or of a part of one, matches a pattern. */
export function testEventPattern(request: unknown) {
  const { Event, EventPattern } = readRequest(testRequest, request)
  const pattern = readPattern(EventPattern)
  return { Result: pattern.matches(readEvent(Event)) }
}

function readEvent(text: string): Record<string, unknown> {
  try {
    const event = parseLossless(text)
    if (isLosslessObject(event)) return event
  } catch {
    // no JSON, or nested too deep to be read
  }
  throw new ApiError(409, 'JsonAttributeInvalid', 'The Json attribute is invalid. Event: must be a JSON object')
}

/**
 * Compiles a pattern that came as JSON text.
 * @throws ApiError with the reason
 */
function readPattern(text: string): CompiledPattern {
  if (text.trim() === '') throw new ApiError(409, 'EventRuleFilterPatternEmpty', 'The filter pattern is empty!')
  try {
    return compilePattern(parseLossless(text))
  } catch (error) {
    const message = `The filter pattern schema is error! ${errorMessage(error)}`
    throw new ApiError(409, 'EventRuleFilterPatternSchemaError', message)
  }
}

function put(definition: RuleDefinition, { resources, clock, wake }: ApiContext): void {
  resources.rules.put({ ...definition, changedAt: clock.now() })
  wake()
}

async function resume({ bus, name: ruleName }: RuleDefinition, { store, clock, wake }: ApiContext): Promise<void> {
  await store.unblock({ bus, rule: ruleName }, clock.now())
  wake()
}

interface Changes {
  Description?: string | undefined
  Status?: 'ENABLE' | 'DISABLE' | undefined
  Tags?: Record<string, string> | undefined
}

function changes({ Description, Status, Tags }: Changes): Partial<RuleDefinition> {
  return {
    ...(Description !== undefined && { description: Description }),
    ...(Status !== undefined && { enabled: Status === 'ENABLE' }),
    ...(Tags !== undefined && { tags: Tags }),
  }
}

function describe(definition: RuleDefinition, context: ApiContext) {
  return {
    EventBusName: definition.bus,
    RuleARN: ruleArn(context, definition.bus, definition.name),
    RuleName: definition.name,
    Description: definition.description ?? '',
    Status: definition.enabled ? 'ENABLE' : 'DISABLE',
    FilterPattern: definition.filterPattern,
    Targets: definition.targets,
    Ctime: definition.createdAt,
    Mtime: definition.changedAt,
    Tags: definition.tags ?? {},
  }
}

/** @throws ApiError */
export function existingRule(resources: Resources, bus: string, ruleName: string): RuleDefinition {
  existingBus(resources, bus)
  const definition = resources.rules.find(bus, ruleName)
  if (definition !== undefined) return definition
  throw new ApiError(409, 'EventRuleNotExist', `The event rule [${ruleName}] of event bus [${bus}] not existed!`)
}

function ruleArn(context: ApiContext, bus: string, ruleName: string): string {
  return `${busArn(context, bus)}/rule/${ruleName}`
}
