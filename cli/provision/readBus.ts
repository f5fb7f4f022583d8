import * as z from 'zod/mini'
import { errorCode } from '../../shared/errorCode'
import { type EventBridgeApi, understand } from './eventBridgeApi'
import { type FoundBus, type Rule, readMark, type ScheduledParameters, type Source } from './state'

const text = z.nullish(z.string())
const texts = z.nullish(z.array(z.string()))
const http = z.object({ Type: z.string(), Method: texts, SecurityConfig: text, Ip: texts, Referer: texts })
const scheduled = z.object({ Schedule: z.string(), TimeZone: text, UserData: text })
const source = z.object({
  Name: z.string(),
  Description: text,
  SourceHttpEventResponse: z.nullish(http),
  SourceScheduledEventParameters: z.nullish(scheduled),
})
const rule = z.object({ RuleName: z.string(), Description: text, Status: z.string(), FilterPattern: z.string() })
const target = z.object({
  Id: z.string(),
  Type: text,
  Endpoint: text,
  PushRetryStrategy: text,
  ErrorsTolerance: text,
  DeadLetterQueue: z.nullish(z.object({ Arn: text })),
  ConcurrentConfig: z.nullish(z.object({ Concurrency: z.nullish(z.number()) })),
  ParamList: z.nullish(z.array(z.object({ ResourceKey: z.string(), Form: z.string(), Value: text, Template: text }))),
})

/**
 * What is on the bus now; undefined when there is no such bus.
 * @param ruleNames rules whose targets are wanted; those of provision's own are read anyway
 */
export async function readBus(
  api: EventBridgeApi,
  EventBusName: string,
  ruleNames: readonly string[],
): Promise<FoundBus | undefined> {
  const bus = await findBus(api, EventBusName)
  if (bus === undefined) return undefined
  const sources = await readAll(api, 'listUserDefinedEventSources', { EventBusName }, 'EventSources', source)
  const rules = await readAll(api, 'listRules', { EventBusName }, 'Rules', rule)
  const found: Rule[] = []
  for (const { RuleName, Description, Status, FilterPattern } of rules) {
    const description = Description ?? ''
    const isWanted = ruleNames.includes(RuleName) || readMark(description).isMade
    const Targets = isWanted ? await readTargets(api, { EventBusName, RuleName }) : []
    found.push({ RuleName, Description: description, Status, FilterPattern, Targets })
  }
  return { description: bus.Description ?? '', sources: sources.map(asSource), rules: found }
}

async function findBus(api: EventBridgeApi, EventBusName: string) {
  try {
    return understand('getEventBus', z.object({ Description: text }), await api.call('getEventBus', { EventBusName }))
  } catch (error) {
    if (errorCode(error) === 'EventBusNotExist') return undefined
    throw error
  }
}

async function readTargets(api: EventBridgeApi, rule: { EventBusName: string; RuleName: string }) {
  const answer = await api.call('listTargets', rule)
  return understand('listTargets', z.object({ Targets: z.nullish(z.array(target)) }), answer).Targets ?? []
}

async function readAll<T>(api: EventBridgeApi, operation: string, body: object, list: string, item: z.ZodMiniType<T>) {
  const items: T[] = []
  const schema = z.object({ [list]: z.nullish(z.array(item)) })
  let token: string | undefined
  do {
    const answer = await api.call(operation, { ...body, ...(token && { NextToken: token }) })
    items.push(...(understand(operation, schema, answer)[list] ?? []))
    token = typeof answer['NextToken'] === 'string' ? answer['NextToken'] : undefined
  } while (token)
  return items
}

function asSource({ Name, Description, SourceHttpEventResponse: found, ...other }: z.infer<typeof source>): Source {
  const times = other.SourceScheduledEventParameters
  const own = {
    EventSourceName: Name,
    Description: Description ?? '',
    ...(times && { SourceScheduledEventParameters: asScheduled(times) }),
  }
  if (!found) return own
  const { Type, Method, SecurityConfig, Ip, Referer } = found
  const lists = { Method: Method ?? [], Ip: Ip ?? [], Referer: Referer ?? [] }
  return { ...own, SourceHttpEventParameters: { Type, SecurityConfig: SecurityConfig ?? '', ...lists } }
}

function asScheduled({ Schedule, TimeZone, UserData }: z.infer<typeof scheduled>): ScheduledParameters {
  return { Schedule, TimeZone: TimeZone ?? '', ...(UserData && { UserData }) }
}
