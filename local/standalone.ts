import path from 'node:path'
import { systemClock } from '../emulator/clock'
import { fillPlace } from '../emulator/config/fillPlace'
import { readEventBridgeFile } from '../emulator/config/readEventBridgeFile'
import { createEventBridge } from '../emulator/eventBridge'
import type { Connections } from '../emulator/targets/target'
import { errorMessage } from '../shared/errorCode'
import { LOCAL_ACCOUNT } from './account'
import { removeEnvFile, writeEnvFile } from './envFile'
import { lockFolder } from './lock'
import { listen } from './origin'
import { readProjectFile } from './readProjectFile'
import type { Settings } from './settings'
import { createUndoSteps, type UndoSteps } from './undoSteps'

export interface StandaloneOptions {
  projectDir: string
  settings: Settings
  /** what targets reach the world by */
  connections: Connections
  /** a line about what goes wrong in the emulator itself */
  logFault(line: string): void
}

export interface Standalone {
  url: string
  /** Stops what was started, in order. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * The embedded EventBridge by itself, for functions that run elsewhere: a bus and rules file is all it needs.
 * @throws UserError
 */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const undo = createUndoSteps()
  try {
    return await start(options, undo)
  } catch (error) {
    // why it failed matters more than what then could not be stopped
    await undo.run().catch((other: unknown) => options.logFault(errorMessage(other)))
    throw error
  }
}

async function start(options: StandaloneOptions, undo: UndoSteps): Promise<Standalone> {
  const { projectDir, settings, connections, logFault } = options
  const { localDir, eventBridgeFile } = settings
  undo.add(lockFolder(localDir))
  const envFile = path.join(localDir, 'env')
  removeEnvFile(envFile)
  const origin = await listen(settings.port, settings.publicHost)
  undo.add(origin.close)

  const text = fillPlace(readProjectFile(projectDir, eventBridgeFile), LOCAL_ACCOUNT)
  const file = readEventBridgeFile(text, eventBridgeFile, connections)
  const eventBridge = createEventBridge({
    storeFile: path.join(localDir, 'eventbridge', 'store.db'),
    file,
    connections,
    accountId: LOCAL_ACCOUNT.accountId,
    region: LOCAL_ACCOUNT.region,
    accessKeys: [LOCAL_ACCOUNT.credentials],
    faults: settings.faults,
    retention: settings.retention,
    clock: systemClock,
    random: Math.random,
    webhookUrl: `${origin.url}/openapi/putEvents`,
    log: logFault,
  })
  undo.add(eventBridge.stop)
  const { openApi, tracePage, endStreams } = eventBridge
  origin.open({ openApi, tracePage, endStreams })
  // once more: before all else, so that nobody meets an emulator that is being stopped
  undo.add(origin.close)
  eventBridge.start()
  writeEnvFile(envFile, {
    ORIGIN: origin.url,
    EVENTBRIDGE_ENDPOINT: origin.url,
    EVENT_BUS_NAME: file.bus,
    ALIBABA_CLOUD_ACCESS_KEY_ID: LOCAL_ACCOUNT.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: LOCAL_ACCOUNT.credentials.accessKeySecret,
    FC_ACCOUNT_ID: LOCAL_ACCOUNT.accountId,
    FC_REGION_ID: LOCAL_ACCOUNT.region,
  })
  undo.add(() => removeEnvFile(envFile))
  return { url: origin.url, stop: undo.run }
}
