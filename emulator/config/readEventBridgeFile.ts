import * as z from 'zod/mini'
import { type FileFaults, type Place, type ReadDocument, readYamlDocuments } from '../../shared/yaml'
import { readHttpParameters } from '../api/httpParameters'
import { defaultLimits, refuseOneTooMany } from '../api/limits'
import { readScheduledParameters } from '../api/scheduledParameters'
import { isSourceName, SOURCE_NAME, type SourceDefinition } from '../resources/definitions'
import type { Connections } from '../targets/target'
import { apiDestinationEntry, connectionEntry, type FileApiDestinations, readApiDestinations } from './apiDestinations'
import { IN_REPOSITORY, type Variables } from './fillVariables'
import { fileName, fileRules, onlyOnce, orNote, type ReadRules, readRules } from './readRules'

/** What a document of eventbridge.yaml defines: a bus, and what is on it. */
export interface EventBridgeFile extends ReadRules {
  bus: string
  sources: Pick<SourceDefinition, 'name' | 'description' | 'http' | 'scheduled'>[]
  /** what targets of any bus ask outside, and by which right: of the account, and of no bus */
  connections: FileApiDestinations['connections']
  apiDestinations: FileApiDestinations['apiDestinations']
}

const sourceName = z.string().check(z.refine(isSourceName, `must be ${SOURCE_NAME}`))

const schema = z.strictObject({
  EventBusName: fileName,
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
          SourceScheduledEventParameters: z.optional(z.unknown()),
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
  Rules: fileRules,
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
 * @param where variables are set, for errors
 * @throws UserError that names every fault with its line and column
 */
export function readEventBridgeFiles(
  text: string,
  file: string,
  connections: Omit<Connections, 'publish'>,
  variables: Variables = {},
  standIns: Readonly<Record<string, string>> = {},
  where = IN_REPOSITORY,
): EventBridgeFiles {
  const documents = readYamlDocuments(text, file, schema)
  noteRepeated(documents)
  const outside = readApiDestinations(documents, { variables, where, ...connections })
  const world = { ...connections, publish, enqueue: publish, apiDestination }
  const files = documents.map(({ data, faults }, index) => {
    const { connections: own = [], apiDestinations = [], used } = outside[index] ?? {}
    const rules = readRules(data.Rules, faults, world, { variables, standIns, where })
    return {
      bus: data.EventBusName,
      sources: readSources(data, faults),
      connections: own,
      apiDestinations,
      ...rules,
      filledIn: { ...used, ...rules.filledIn },
    }
  })
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

function readSources({ EventSources = [] }: FileDocument, faults: FileFaults): EventBridgeFile['sources'] {
  return EventSources.map(({ EventSourceName, Description, hostedSource, ...source }, index) => ({
    name: EventSourceName,
    ...(Description !== undefined && { description: Description }),
    ...orNote(faults, ['EventSources', index], () => hostedHttp(hostedSource, source.SourceHttpEventParameters)),
    ...orNote(faults, ['EventSources', index, 'SourceScheduledEventParameters'], () =>
      scheduledBy(hostedSource, source.SourceScheduledEventParameters),
    ),
  }))
}

/** Here targets are only looked at. */
async function publish(): Promise<never> {
  throw new Error('there is no bus yet')
}

function apiDestination(): never {
  throw new Error('there is no API destination yet')
}

const HOSTED_DEFAULT = { Type: 'HTTPS', Method: ['POST'], SecurityConfig: 'none' }

/** @throws Error */
function hostedHttp(isHosted: boolean, parameters: unknown): Pick<SourceDefinition, 'http'> {
  if (isHosted) return { http: readHttpParameters(parameters ?? HOSTED_DEFAULT, defaultLimits) }
  if (parameters === undefined) return {}
  throw new Error('SourceHttpEventParameters are for EventBridge’s own webhook: add hostedSource: true')
}

/** @throws Error */
function scheduledBy(isHosted: boolean, parameters: unknown): Pick<SourceDefinition, 'scheduled'> {
  if (parameters === undefined) return {}
  if (isHosted) throw new Error('a hosted source is no scheduled one: make two')
  return { scheduled: readScheduledParameters(parameters) }
}
