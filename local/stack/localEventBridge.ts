import path from 'node:path'
import { systemClock } from '../../emulator/clock'
import { type EventBridgeFile, fillPlace, readEventBridgeFile } from '../../emulator/config/readEventBridgeFile'
import { createEventBridge, type EventBridge, type EventBridgeOptions } from '../../emulator/eventBridge'
import type { Connections } from '../../emulator/targets/target'
import { LOCAL_ACCOUNT } from '../project/account'
import { readProjectFile } from '../project/projectFiles'
import type { Settings } from '../project/settings'

/** The bus and its rules, for the local account. @throws UserError */
export function readLocalFile(projectDir: string, settings: Settings, connections: Connections): EventBridgeFile {
  const { eventBridgeFile: name } = settings
  return readEventBridgeFile(fillPlace(readProjectFile(projectDir, name), LOCAL_ACCOUNT), name, connections)
}

type Given = Pick<EventBridgeOptions, 'file' | 'connections' | 'webhookUrl' | 'people' | 'log'>

/** The embedded EventBridge of the local account, with its store in LOCAL_DIR. @throws UserError */
export function createLocalEventBridge(settings: Settings, given: Given): EventBridge {
  return createEventBridge({
    ...given,
    storeFile: path.join(settings.localDir, 'eventbridge', 'store.db'),
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
