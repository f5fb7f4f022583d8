import type { UndoSteps } from '../shared/undoSteps'
import type { Variables } from './config/fillVariables'
import type { EventBridgeFiles } from './config/readEventBridgeFile'
import type { EventBridge, EventBridgeOptions } from './eventBridge'
import type { Retype, TakenFolder } from './standalone/folder'
import type { StandaloneOptions } from './standalone/runStandalone'
import type { Store } from './store/store'
import type { Connections } from './targets/target'

/*
 * The embedded EventBridge as others see it, its only door: what is not here is its own business. Many a command needs no
 * more of it than a type or a small function, so what takes long to load is loaded when it is asked for: the emulator
 * itself, its store with SQLite, the reader of its file. Not by import(): commands have no loader of ES modules.
 */

/**
 * Starts an embedded EventBridge on its store. What it answers requests with is for a server of the caller's; it delivers
 * once `deliver` is called, so that its targets may come up in between.
 * @throws UserError when the store cannot be opened
 */
export async function openEventBridge(options: EventBridgeOptions): Promise<EventBridge> {
  const { createEventBridge } = require('./eventBridge') as typeof import('./eventBridge')
  return createEventBridge(options)
}

/**
 * Reads eventbridge.yaml, of a document each bus, and checks its patterns and targets.
 * @param text the file's content
 * @param name the file's, for errors
 * @param connections what its targets reach the world by; the emulator's own buses they reach anyway
 * @param given what is filled in: the place for `${region}` and `${account}`, variables for `${NAME}`, and in enabled rules
 * what stands for variables that have no value
 * @throws UserError that names every fault with its line and column
 */
export function readEventBridgeFiles(
  text: string,
  name: string,
  connections: Omit<Connections, 'publish'>,
  given: { region: string; accountId: string; variables?: Variables; standIns?: Readonly<Record<string, string>> },
): EventBridgeFiles {
  const config = require('./config/readEventBridgeFile') as typeof import('./config/readEventBridgeFile')
  const { fillPlace } = require('./config/fillVariables') as typeof import('./config/fillVariables')
  return config.readEventBridgeFiles(fillPlace(text, given), name, connections, given.variables, given.standIns)
}

/**
 * Opens the store of an emulator, which may be running: SQLite's write-ahead log takes several processes.
 * @throws UserError when it is damaged or of a newer version
 */
export async function openEventStore(file: string): Promise<Store> {
  const { openStore } = require('./store/store') as typeof import('./store/store')
  return openStore(file)
}

/**
 * Takes a folder with an event store in it for this process.
 * @param who runs there, for errors: `local stack`
 * @throws UserError when another process has it, or when it cannot be used
 */
export async function takeFolder(folder: string, who: string, retype: Retype, undo: UndoSteps): Promise<TakenFolder> {
  const standalone = require('./standalone/folder') as typeof import('./standalone/folder')
  return standalone.takeFolder(folder, who, retype, undo)
}

/** Runs the emulator by itself until Ctrl-C, and ends the process. @throws UserError */
export async function runStandalone(options: StandaloneOptions): Promise<void> {
  const standalone = require('./standalone/runStandalone') as typeof import('./standalone/runStandalone')
  return standalone.runStandalone(options)
}

export type { EventBridgeFile, EventBridgeFiles } from './config/readEventBridgeFile'
export type { EventBridge, EventBridgeOptions } from './eventBridge'
// biome-ignore lint/performance/noBarrelFile: the face of a product, of chosen names; what is slow to load is above
export { type Faults, parseFaults } from './faults/faults'
export { compilePattern } from './pattern/compilePattern'
export { compileRules } from './pattern/compileRules'
export type { HttpParameters, SourceDefinition } from './resources/definitions'
export { doorOf } from './standalone/doorOf'
export type { Retype, TakenFolder } from './standalone/folder'
export { followFile } from './standalone/followFile'
export { readAllowedHost, readFunctions } from './standalone/options'
export type { DeadLetter } from './store/deadLetters'
export { defaultRetention, type Retention } from './store/retention'
export type { Store } from './store/store'
export { storeFileIn } from './store/storeFile'
export type { TraceFilter } from './store/traceFilter'
export { createHttpInvoke, functionFailure } from './targets/httpInvoke'
export type { Connections, DeliveryResult, InvokeFunction } from './targets/target'
export type {
  MapEvent,
  Mapped,
  MappedColumn,
  MappedEvent,
  MappedForm,
  MappedRow,
  MappedTable,
  RuleState,
  SendCommand,
  Sent,
  ShownColumn,
  TableRow,
  TableRows,
} from './tracePage/protocol'
export { answerUnknownPath } from './unknownPath'
