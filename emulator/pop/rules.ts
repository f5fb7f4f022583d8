import { existingBus } from '../api/buses'
import type { ApiContext } from '../api/context'
import { pageOf } from '../api/paging'
import * as api from '../api/rules'
import * as targets from '../api/targets'
import type { RuleDefinition } from '../resources/definitions'
import type { TargetEntry } from '../targets/compileTarget'
import { readKeptTarget } from './keptTarget'

type Request = Record<string, unknown>

/** EventTargets was Targets once, and is for the SDKs of then. */
export function createRule({ EventTargets, Targets, ...request }: Request, context: ApiContext) {
  return api.createRule({ ...request, Targets: EventTargets ?? Targets }, context, readKeptTarget)
}

export function getRule(request: Request, context: ApiContext) {
  const { Targets, ...rule } = api.getRule(request, context)
  return { ...tell(rule), Targets: Targets.map(tellTarget) }
}

export function listRules(request: Request, context: ApiContext) {
  const { Rules, ...page } = api.listRules(request, context)
  return {
    Rules: Rules.map(({ Targets, ...rule }) => ({
      ...tell(rule),
      Targets: Targets.map(({ Id, Type, Endpoint, ErrorsTolerance, PushSelector }) => ({
        ...{ Id, Type, Endpoint, ErrorsTolerance, PushSelector },
      })),
    })),
    ...page,
  }
}

function tell({ Ctime, Mtime, Tags, ...rule }: Omit<ReturnType<typeof api.getRule>, 'Targets'>) {
  return { ...rule, CreatedTimestamp: Ctime }
}

export function putTargets(request: Request, context: ApiContext) {
  return targets.putTargets(request, context, readKeptTarget)
}

/** Those of a rule, by its names or by its ARN; of a bus; or all. */
export function listTargets(request: Request, context: ApiContext) {
  const { Arn, EventBusName, RuleName, ...paging } = request
  const [, busOfArn, ruleOfArn] = /:eventbus\/([^/]+)(?:\/rule\/([^/]+))?$/.exec(String(Arn ?? '')) ?? []
  const bus = EventBusName || busOfArn
  const rule = RuleName || ruleOfArn
  const all = rulesOf(context, String(bus ?? ''), String(rule ?? '')).flatMap((definition) =>
    definition.targets.map((target) => ({
      name: `${definition.bus}/${definition.name}/${target.Id}`,
      definition,
      target,
    })),
  )
  const { page, answer } = pageOf(
    all.sort((a, b) => (a.name < b.name ? -1 : 1)),
    paging,
    context.limits.pageSize,
  )
  return { Targets: page.map(({ definition, target }) => listed(definition, target)), ...answer }
}

/** @throws ApiError for a bus or a rule that is named and not there */
function rulesOf({ resources }: ApiContext, bus: string, rule: string): RuleDefinition[] {
  if (rule !== '') return [api.existingRule(resources, bus, rule)]
  if (bus === '') return resources.rules.all()
  existingBus(resources, bus)
  return resources.rules.list(bus)
}

function listed(definition: RuleDefinition, target: TargetEntry) {
  const { Id, Type, Endpoint, ErrorsTolerance, ParamList, ConcurrentConfig } = tellTarget(target)
  const place = { EventBusName: definition.bus, RuleName: definition.name }
  return { ...place, Id, Type, Endpoint, ErrorsTolerance, ParamList, ConcurrentConfig }
}

/** The service adds a parameter to targets on MNS when it tells of them, which terraform takes out again. */
function tellTarget(target: TargetEntry): TargetEntry {
  const { Type, ParamList } = target
  if (Type !== 'acs.mns.queue' || ParamList.some(({ ResourceKey }) => ResourceKey === 'IsBase64Encode')) return target
  const added = { ResourceKey: 'IsBase64Encode', Form: 'CONSTANT', Value: 'false', Template: '' }
  return { ...target, ParamList: [...ParamList, added] }
}
