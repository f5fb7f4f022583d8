/*
 * The package's face: an EventBridge in the process of a test or a program. What else there is of it, the command, is
 * bin.ts.
 */

export type { Clock } from '../shared/clock'
// biome-ignore lint/performance/noBarrelFile: the face of a package, of chosen names
export { LOCAL as account, type Place } from '../shared/localAccount'
export type { FileChanges } from './config/applyFile'
export type { CloudEvent, Handler, HandlerContext } from './standalone/handlers'
export type { LocalEventBridge, StartOptions } from './standalone/localEventBridge'
export { type ManualClock, manualClock } from './standalone/manualClock'
export type { PublishedId, PublishInput } from './standalone/publish'
export type { Delivery, DeliveryFilter, LetterOfQueue, PublishedEvent } from './standalone/readStore'
export type { RuleInput } from './standalone/rulesInCode'
export type { Seed } from './standalone/seed'
export { startEventBridge } from './standalone/startEventBridge'
export type { TargetEntry } from './targets/compileTarget'
