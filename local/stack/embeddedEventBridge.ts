import {
  type Connections,
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
