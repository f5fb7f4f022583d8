import type { EventBridge, EventBridgeOptions } from './eventBridge'
import type { Store } from './store/store'

/*
 * The embedded EventBridge as others see it, its only door: what is not here is its own business. Many a command needs no
 * more of it than a type or a small function, so the emulator itself and its store, which take long to load, are loaded
 * when they are asked for.
 */

/**
 * Starts an embedded EventBridge on its store. What it answers requests with is for a server of the caller's; it delivers
 * once `deliver` is called, so that its targets may come up in between.
 * @throws UserError when the store cannot be opened
 */
export async function startEventBridge(options: EventBridgeOptions): Promise<EventBridge> {
  const { createEventBridge } = await import('./eventBridge')
  return createEventBridge(options)
}

/**
 * Opens the store of an emulator, which may be running: SQLite's write-ahead log takes several processes.
 * @throws UserError when it is damaged or of a newer version
 */
export async function openEventStore(file: string): Promise<Store> {
  const { openStore } = await import('./store/store')
  return openStore(file)
}

// biome-ignore lint/performance/noBarrelFile: the face of a product, of chosen names; what is slow to load is above
export { type EventBridgeFile, fillPlace, readEventBridgeFile } from './config/readEventBridgeFile'
export type { EventBridge, EventBridgeOptions } from './eventBridge'
export { type Faults, parseFaults } from './faults/faults'
export { compilePattern } from './pattern/compilePattern'
export type { HttpParameters, SourceDefinition } from './resources/definitions'
export type { DeadLetter } from './store/deadLetters'
export { defaultRetention, type Retention } from './store/retention'
export type { Store } from './store/store'
export type { TraceFilter } from './store/traceFilter'
export { functionFailure } from './targets/functionTarget'
export { createHttpInvoke } from './targets/httpInvoke'
export type { Connections, DeliveryResult, InvokeFunction } from './targets/target'
export type { EmployeeColumn, EmployeeRow, EmployeeRows, SendCommand, Sent } from './tracePage/protocol'
