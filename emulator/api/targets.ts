import * as z from 'zod/mini'
import { isObject, textOfAny } from '../../shared/json'
import type { RuleDefinition } from '../resources/definitions'
import type { TargetEntry } from '../targets/compileTarget'
import type { ApiContext } from './context'
import { refuseOneTooMany } from './limits'
import { limit, readLimit } from './paging'
import { name, readRequest } from './readRequest'
import { type ReadTarget, readNewTarget } from './readTarget'
import { ApiError } from './refusal'
import { existingRule } from './rules'

const rule = { EventBusName: name, RuleName: name }
const createRequest = z.strictObject({ ...rule, Targets: z.array(z.unknown()) })
const deleteRequest = z.strictObject({ ...rule, TargetIds: z.array(z.string()) })
const listRequest = z.strictObject({ ...rule, Limit: limit })

/**
 * Adds targets to a rule, each by itself: what is wrong with one is an error entry and keeps no other from being made. An
 * Id that the rule has is such an error (https://help.aliyun.com/en/eventbridge/createtargets); to change a target,
 * delete and create it.
 */
export function createTargets(request: unknown, context: ApiContext) {
  const { EventBusName, RuleName, Targets } = readRequest(createRequest, request)
  const definition = existingRule(context.resources, EventBusName, RuleName)
  const targets = [...definition.targets]
  const errors = eachByItself(Targets, (input) => targets.push(readNewTarget(input, targets, context)))
  if (targets.length > definition.targets.length) keep(definition, targets, context)
  return errors
}

/**
 * Adds targets to a rule, or puts them in the place of those with the same Id; others stay. Each is put by itself, as by
 * createTargets, and one Id comes once in a request.
 */
export function putTargets(request: unknown, context: ApiContext, read: ReadTarget) {
  const { EventBusName, RuleName, Targets } = readRequest(createRequest, request)
  const definition = existingRule(context.resources, EventBusName, RuleName)
  const targets = [...definition.targets]
  const given: TargetEntry[] = []
  const errors = eachByItself(Targets, (input) => {
    const target = read(input, context.connections)
    if (given.some(({ Id }) => Id === target.Id)) {
      throw new ApiError(409, 'EventRuleTargetIdDuplicate', 'The id of event target is duplicate!')
    }
    const at = targets.findIndex(({ Id }) => Id === target.Id)
    if (at === -1) refuseOneTooMany('Target', targets.length, context.limits.targetsPerRule)
    targets.splice(at === -1 ? targets.length : at, 1, target)
    given.push(target)
  })
  if (given.length > 0) keep(definition, targets, context)
  return errors
}

/** What is wrong with one keeps no other from being done; it is an error entry. */
function eachByItself(inputs: readonly unknown[], take: (input: unknown) => void) {
  const errors = inputs.flatMap((input) => {
    try {
      take(input)
      return []
    } catch (error) {
      return [errorEntry(isObject(input) ? textOfAny(input['Id'] ?? '') : '', error)]
    }
  })
  return { ErrorEntriesCount: errors.length, ErrorEntries: errors }
}

export function deleteTargets(request: unknown, context: ApiContext) {
  const { EventBusName, RuleName, TargetIds } = readRequest(deleteRequest, request)
  const definition = existingRule(context.resources, EventBusName, RuleName)
  const unknown = TargetIds.filter((id) => !definition.targets.some((target) => target.Id === id))
  const left = definition.targets.filter(({ Id }) => !TargetIds.includes(Id))
  if (left.length < definition.targets.length) keep(definition, left, context)
  const errors = unknown.map((id) => {
    const message = `The event target [${id}] of event rule [${RuleName}] on eventbus [${EventBusName}] is not existed!`
    return errorEntry(id, new ApiError(409, 'EventTargetNotExist', message))
  })
  return { ErrorEntriesCount: errors.length, ErrorEntries: errors }
}

export function listTargets(request: unknown, { resources, limits }: ApiContext) {
  const { EventBusName, RuleName, Limit } = readRequest(listRequest, request)
  const size = readLimit(Limit, limits.pageSize)
  return { Targets: existingRule(resources, EventBusName, RuleName).targets.slice(0, size) }
}

function keep(definition: RuleDefinition, targets: TargetEntry[], { resources, clock, wake }: ApiContext): void {
  resources.rules.put({ ...definition, targets, changedAt: clock.now() })
  wake()
}

function errorEntry(EntryId: string, error: unknown) {
  if (!(error instanceof ApiError)) throw error
  return { ErrorCode: error.code, ErrorMessage: error.message, EntryId }
}
