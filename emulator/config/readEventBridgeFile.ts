import * as z from 'zod/mini'
import { errorMessage } from '../../shared/errorCode'
import { type FileFaults, type Place, type ReadDocument, readYamlDocuments } from '../../shared/yaml'
import { defaultLimits, refuseOneTooMany } from '../api/context'
import { readHttpParameters } from '../api/httpParameters'
import { compilePattern } from '../pattern/compilePattern'
import {
  isResourceName,
  isSourceName,
  RESOURCE_NAME,
  type RuleDefinition,
  SOURCE_NAME,
  type SourceDefinition,
} from '../resources/definitions'
import { compileTarget, targetEntry } from '../targets/compileTarget'
import type { ApiDestination, Connections } from '../targets/target'
import { apiDestinationEntry, connectionEntry, readApiDestinations } from './apiDestinations'
import { type FilledTarget, fillTarget, tellMissing, type Variables, withoutVariables } from './fillVariables'

/** What a document of eventbridge.yaml defines: a bus, and what is on it. */
export interface EventBridgeFile {
  bus: string
  sources: Pick<SourceDefinition, 'name' | 'description' | 'http'>[]
  rules: Pick<RuleDefinition, 'name' | 'description' | 'enabled' | 'filterPattern' | 'targets'>[]
  /** what targets of any bus ask outside, by name */
  apiDestinations: ReadonlyMap<string, ApiDestination>
  /** the variables that were filled in, with their values: addresses and secrets, to be kept and shown nowhere */
  filledIn: Readonly<Record<string, string>>
  /** the targets of disabled rules that are left out, since a variable has no value */
  leftOut: { rule: string; target: string; variable: string }[]
}

const name = z.string().check(z.refine(isResourceName, `must be ${RESOURCE_NAME}`))
const sourceName = z.string().check(z.refine(isSourceName, `must be ${SOURCE_NAME}`))

// The API takes any text and means BACKOFF_RETRY by it (parseRetryStrategy): in a file it is a slip of the pen.
const RETRY_STRATEGIES = ['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY'] as const
const target = z.extend(targetEntry, {
  PushRetryStrategy: z.optional(z.enum(RETRY_STRATEGIES, `must be ${RETRY_STRATEGIES.join(' or ')}`)),
})

const schema = z.strictObject({
  EventBusName: name,
  // Any source may publish, as in the cloud through the API: these are for provisioning and for lists.
  EventSources: z.optional(
    z
      .array(
        z.strictObject({
          EventSourceName: sourceName,
          Description: z.optional(z.string()),
          // EventBridge's own webhook beside ours: a second door, which checks less
          hostedSource: z._default(z.boolean(), false),
          SourceHttpEventParameters: z.optional(z.unknown()),
        }),
      )
      .check(onlyOnce('the EventSourceName', ({ EventSourceName }) => EventSourceName)),
  ),
  // provision makes neither: the API that it speaks has no operation for them
  Connections: z.optional(
    z.array(connectionEntry).check(onlyOnce('the ConnectionName', ({ ConnectionName }) => ConnectionName)),
  ),
  ApiDestinations: z.optional(
    z
      .array(apiDestinationEntry)
      .check(onlyOnce('the ApiDestinationName', ({ ApiDestinationName }) => ApiDestinationName)),
  ),
  Rules: z
    .array(
      z.strictObject({
        RuleName: name,
        Description: z.optional(z.string()),
        Status: z._default(z.enum(['ENABLE', 'DISABLE'], 'must be ENABLE or DISABLE'), 'ENABLE'),
        FilterPattern: z.unknown(),
        Targets: z.array(target).check(onlyOnce('the Id', ({ Id }) => Id)),
      }),
    )
    .check(onlyOnce('the RuleName', ({ RuleName }) => RuleName)),
})

/** A file has a document each bus; the first is the one that the webhook publishes on. */
export type EventBridgeFiles = readonly [EventBridgeFile, ...EventBridgeFile[]]

/**
 * Reads eventbridge.yaml and checks its patterns and targets. What the emulator would not do as the service does is
 * refused, never ignored.
 * @param text the file's content
 * @param file its name, for errors
 * @param connections what its targets reach the world by; the emulator's own buses they reach anyway
 * @param variables what is filled in for `${NAME}`
 * @param standIns what stands for those that have no value there, in an enabled rule; a disabled one is left out
 * @throws UserError that names every fault with its line and column
 */
export function readEventBridgeFiles(
  text: string,
  file: string,
  connections: Omit<Connections, 'publish'>,
  variables: Variables = {},
  standIns: Readonly<Record<string, string>> = {},
): EventBridgeFiles {
  const documents = readYamlDocuments(text, file, schema)
  noteRepeated(documents)
  const areUsed = documents.some(({ data }) => data.Rules.some(asksApiDestination))
  // an account has its connections whatever the bus
  const Connections = documents.flatMap(({ data }) => data.Connections ?? [])
  const read = documents.map((document) => ({
    ...document,
    apiDestinations: readApiDestinations(document.data, {
      Connections,
      areUsed,
      variables,
      ...document,
      ...connections,
    }),
  }))
  const all = new Map(read.flatMap(({ apiDestinations }) => [...apiDestinations]))
  const world = { ...connections, publish, enqueue: publish, apiDestinations: all }
  const files = read.map(({ data, faults, apiDestinations }) => ({
    bus: data.EventBusName,
    sources: readSources(data, faults),
    apiDestinations,
    ...readRules(data, faults, world, (rule) => withStandIns(rule, variables, standIns)),
  }))
  documents[0]?.faults.refuse()
  const [first, ...others] = files
  if (first === undefined) throw new Error('unreachable')
  return [first, ...others]
}

type FileDocument = z.infer<typeof schema>

/** What one document may not have twice, several may not, either. */
function noteRepeated(documents: readonly ReadDocument<FileDocument>[]): void {
  const seen = new Set<string>()
  for (const [index, { data, faults }] of documents.entries()) {
    orNote(faults, ['EventBusName'], () => refuseOneTooMany('Bus', index, defaultLimits.customBuses))
    const named: [what: string, name: string, place: Place][] = [
      ['EventBusName', data.EventBusName, ['EventBusName']],
      ...(data.Connections ?? []).map(({ ConnectionName }, at): [string, string, Place] => [
        ...(['ConnectionName', ConnectionName] as const),
        ['Connections', at, 'ConnectionName'],
      ]),
      ...(data.ApiDestinations ?? []).map(({ ApiDestinationName }, at): [string, string, Place] => [
        ...(['ApiDestinationName', ApiDestinationName] as const),
        ['ApiDestinations', at, 'ApiDestinationName'],
      ]),
    ]
    for (const [what, name, place] of named) {
      const key = `${what} ${name}`
      if (seen.has(key)) faults.add(place, `the ${key} is given in a document above`)
      seen.add(key)
    }
  }
}

function asksApiDestination({ Status, Targets }: FileRule): boolean {
  return Status === 'ENABLE' && Targets.some(({ Type }) => Type === 'acs.api.destination')
}

function readSources({ EventSources = [] }: FileDocument, faults: FileFaults): EventBridgeFile['sources'] {
  return EventSources.map(({ EventSourceName, Description, hostedSource, SourceHttpEventParameters }, index) => ({
    name: EventSourceName,
    ...(Description !== undefined && { description: Description }),
    ...orNote(faults, ['EventSources', index], () => hostedHttp(hostedSource, SourceHttpEventParameters)),
  }))
}

function readRules(
  { Rules }: FileDocument,
  faults: FileFaults,
  world: Connections,
  variablesOf: (rule: FileRule) => Variables,
): Pick<EventBridgeFile, 'rules' | 'filledIn' | 'leftOut'> {
  const rules = Rules.map((rule, index) => {
    const filled = rule.Targets.map((entry) => fillTarget(entry, variablesOf(rule)))
    checkRule({ ...rule, filled }, index, faults, world)
    return { ...rule, filled, missing: filled.flatMap(({ missing }) => missing)[0] }
  })
  const whole = rules.filter(({ missing }) => missing === undefined)
  return {
    rules: whole.map(({ RuleName, Description, Status, FilterPattern, filled }) => ({
      name: RuleName,
      ...(Description !== undefined && { description: Description }),
      enabled: Status === 'ENABLE',
      filterPattern: JSON.stringify(FilterPattern),
      targets: filled.map(({ entry }) => entry),
    })),
    filledIn: Object.assign({}, ...whole.flatMap(({ filled }) => filled.map(({ used }) => used))),
    leftOut: rules.flatMap(({ RuleName, Targets, missing }) =>
      missing === undefined ? [] : Targets.map(({ Id }) => ({ rule: RuleName, target: Id, variable: missing })),
    ),
  }
}

type FileRule = FileDocument['Rules'][number]

function withStandIns(
  { Status }: FileRule,
  variables: Variables,
  standIns: Readonly<Record<string, string>>,
): Variables {
  if (Status === 'DISABLE') return variables
  return { ...standIns, ...Object.fromEntries(Object.entries(variables).filter(([, value]) => value)) }
}

function checkRule(
  { FilterPattern, Status, Targets, filled }: FileRule & { filled: readonly FilledTarget[] },
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
      else if (Status === 'ENABLE') throw new Error(tellMissing(missing))
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

/** Here targets are only looked at. */
async function publish(): Promise<never> {
  throw new Error('there is no bus yet')
}

const HOSTED_DEFAULT = { Type: 'HTTPS', Method: ['POST'], SecurityConfig: 'none' }

/** @throws Error */
function hostedHttp(isHosted: boolean, parameters: unknown): Pick<SourceDefinition, 'http'> {
  if (isHosted) return { http: readHttpParameters(parameters ?? HOSTED_DEFAULT, defaultLimits) }
  if (parameters === undefined) return {}
  throw new Error('SourceHttpEventParameters are for EventBridge’s own webhook: add hostedSource: true')
}

function onlyOnce<T>(what: string, nameOf: (item: T) => string) {
  return z.check<T[]>(({ value: items, issues }) => {
    const names = items.map(nameOf)
    const repeated = names.find((other, index) => names.indexOf(other) < index)
    if (repeated !== undefined) {
      issues.push({ code: 'custom', input: items, message: `${what} ${repeated} is given twice` })
    }
  })
}

function orNote<T>(faults: FileFaults, place: Place, compile: () => T): T | undefined {
  try {
    return compile()
  } catch (error) {
    faults.add(place, errorMessage(error))
    return undefined
  }
}
