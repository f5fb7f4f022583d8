import {
  type Connections,
  compilePattern,
  type EventBridge,
  type EventBridgeFile,
  type EventBridgeFiles,
  type EventBridgeOptions,
  followFile,
  openEventBridge,
  readEventBridgeFiles,
  storeFileIn,
} from '../../emulator'
import { systemClock } from '../../shared/clock'
import type { Environment } from '../../shared/config'
import { isObject, parseLossless } from '../../shared/json'
import type { Mapping } from '../../shared/mapping/mapping'
import { UserError } from '../../shared/userError'
import { LOCAL_ACCOUNT } from '../project/account'
import type { Settings } from '../project/settings'

/** What the stack has read of the project when it started. */
export interface Running {
  mappings: readonly Mapping[]
  mappingText: string
  file: EventBridgeFile
}

/**
 * The buses and their rules, for the local account.
 * @param standIns what stands for variables that are not set, in enabled rules
 * @throws UserError
 */
export function readLocalFiles(
  text: string,
  { eventBridgeFile: name, environment: variables }: Settings,
  connections: Connections,
  standIns: Readonly<Record<string, string>> = {},
): EventBridgeFiles {
  return readEventBridgeFiles(text, name, connections, { ...LOCAL_ACCOUNT, variables, standIns })
}

/**
 * Takes over what is edited in the file while the stack runs.
 * @param start what it said then, and the bus that the webhook was started with
 * @returns what ends that
 */
export function followLocalFile(
  { eventBridgeFile: file }: Settings,
  { text, bus }: { text: string; bus?: string },
  read: (text: string) => readonly EventBridgeFile[],
  eventBridge: EventBridge,
  report: (line: string) => void,
): () => void {
  const readOnBus = (edited: string) => {
    const files = read(edited)
    if (bus === undefined || files[0]?.bus === bus) return files
    throw new UserError(`The first EventBusName was ${bus}, where the webhook publishes: restart npm start.`)
  }
  return followFile({ file, text, read: readOnBus, eventBridge, clock: systemClock, report }).stop
}

/** Whether a target has this address. */
export function isSentTo(rules: EventBridgeFile['rules'], address: string): boolean {
  return rules.some(({ targets }) => targets.some(({ Endpoint }) => Endpoint === address))
}

/** Lines about variables that are not used, or lead events past the rules of eventbridge.yaml. */
export function checkEventNames(
  environment: Environment,
  { bus, rules, sources }: Pick<EventBridgeFile, 'bus' | 'rules' | 'sources'>,
): string[] {
  const { EVENT_BUS_NAME: name, EVENT_SOURCE_NAME: source, EVENTBRIDGE_ENDPOINT } = environment
  const lines: string[] = []
  if (name && name !== bus) {
    lines.push(`EVENT_BUS_NAME is ${name} and not used: here events go to the bus of eventbridge.yaml, ${bus}`)
  }
  // another EventBridge has rules of its own
  if (EVENTBRIDGE_ENDPOINT) return lines
  const slip = sourceSlip(source || 'my.dingtalk', sources)
  if (source && !rules.some(({ filterPattern }) => takesSource(parseLossless(filterPattern), source))) {
    lines.push(`EVENT_SOURCE_NAME is ${source}, and no rule of eventbridge.yaml takes events of that source`)
  } else if (slip !== undefined) {
    lines.push(slip)
  }
  return lines
}

/**
 * Where one of the two names of the source was changed alone; undefined where they are the same.
 * @param source as what the webhook publishes
 * @param sources of eventbridge.yaml, of which others may publish as well
 */
export function sourceSlip(source: string, sources: readonly { name: string }[]): string | undefined {
  const names = sources.map(({ name }) => name)
  if (names.length === 0 || names.includes(source)) return undefined
  return `EventSourceName ${names.join(', ')} is not EVENT_SOURCE_NAME ${source}`
}

/** By its condition on the source alone: what else it asks of an event is not known yet. */
function takesSource(pattern: unknown, source: string): boolean {
  if (!isObject(pattern) || pattern['source'] === undefined) return true
  return compilePattern({ source: pattern['source'] }).matches({ source })
}

type Given = Pick<
  EventBridgeOptions,
  'files' | 'connections' | 'webhookUrl' | 'people' | 'directoryUrl' | 'robotUrl' | 'organisationUrl' | 'log' | 'lost'
>

/** The embedded EventBridge of the local account, with its store in LOCAL_DIR. @throws UserError */
export function createLocalEventBridge(settings: Settings, given: Given): Promise<EventBridge> {
  return openEventBridge({
    ...given,
    storeFile: storeFileIn(settings.localDir),
    accountId: LOCAL_ACCOUNT.accountId,
    region: LOCAL_ACCOUNT.region,
    accessKeys: [LOCAL_ACCOUNT.credentials],
    faults: settings.faults,
    retention: settings.retention,
    maxClockSkewMs: settings.maxClockSkewMs,
    clock: systemClock,
    random: Math.random,
  })
}
