import * as z from 'zod/mini'
import { isObject } from '../../shared/json'
import type { RuleDefinition } from '../resources/definitions'
import type { TargetEntry } from '../targets/compileTarget'
import { type ApiContext, ApiError } from './context'
import { limit, name, readLimit, readRequest } from './readRequest'
import { readNewTarget } from './readTarget'
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
  const errors = Targets.flatMap((input) => {
    try {
      targets.push(readNewTarget(input, targets, context))
      return []
    } catch (error) {
      return [errorEntry(isObject(input) ? String(input['Id'] ?? '') : '', error)]
    }
  })
  putTargets(definition, targets, context)
  return { ErrorEntriesCount: errors.length, ErrorEntries: errors }
}

export function deleteTargets(request: unknown, context: ApiContext) {
  const { EventBusName, RuleName, TargetIds } = readRequest(deleteRequest, request)
  const definition = existingRule(context.resources, EventBusName, RuleName)
  const unknown = TargetIds.filter((id) => !definition.targets.some((target) => target.Id === id))
  const left = definition.targets.filter(({ Id }) => !TargetIds.includes(Id))
  putTargets(definition, left, context)
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

function putTargets(definition: RuleDefinition, targets: TargetEntry[], { resources, clock, wake }: ApiContext): void {
  if (targets.length === definition.targets.length) return
  resources.rules.put({ ...definition, targets, changedAt: clock.now() })
  wake()
}

function errorEntry(EntryId: string, error: unknown) {
  if (!(error instanceof ApiError)) throw error
  return { ErrorCode: error.code, ErrorMessage: error.message, EntryId }
}
