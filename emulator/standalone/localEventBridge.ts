import type { Clock } from '../../shared/clock'
import type { FileChanges } from '../config/applyFile'
import type { Variables } from '../config/fillVariables'
import type { Retention } from '../store/retention'
import type { Handler } from './handlers'
import type { PublishedId, PublishInput } from './publish'
import type { Delivery, DeliveryFilter, LetterOfQueue, PublishedEvent } from './readStore'
import type { RuleInput } from './rulesInCode'
import type { Seed } from './seed'

export interface StartOptions<C extends Clock = Clock> {
  rules?: readonly RuleInput[]
  /** what rules deliver to in this process, by name; an `acs.fc.function` target of that name, too */
  targets?: Readonly<Record<string, Handler>>
  /** an eventbridge.yaml, by its path or as text */
  config?: string | { text: string }
  /** true: what is edited in the file is taken over while it runs; what has changed goes to `log` */
  watch?: boolean
  /** what is filled in for its `${NAME}` */
  variables?: Variables
  /** where it keeps all; absent: in memory, and nothing is on disk */
  dir?: string
  /** where the SDKs find it, 0 for any port that is free; absent: no server is started */
  port?: number
  /** `manualClock()` for one that the test turns; the system's, unless it is given */
  clock?: C
  /** how long finished events are kept; a week, unless given */
  /** how long finished events are kept; in a folder a week, in memory until it stops, unless given */
  retention?: Retention
  /** events to publish at the start: a file of CloudEvents, or they themselves. A folder gets each of them once */
  seed?: Seed
  /** true: also those that the folder has had */
  seedAgain?: boolean
  /** what `exportState` of another gave, to begin with */
  state?: string | object
  /** hosts beyond this machine that targets over HTTP may send to */
  allowedHosts?: readonly string[]
  region?: string
  accountId?: string
  accessKeyId?: string
  accessKeySecret?: string
  /** takes what goes wrong in the emulator itself; console.error, unless given */
  log?(line: string): void
}

/** An EventBridge in this process. */
export interface LocalEventBridge<C extends Clock = Clock> {
  /** with `port`: of the server, which has the trace page */
  url?: string
  /** with `port`: `host:port`, as the SDKs want it */
  endpoint?: string
  credentials: { accessKeyId: string; accessKeySecret: string }
  region: string
  accountId: string
  /**
   * Publishes events; it resolves once they are accepted.
   * @param bus unless an event says it itself: the first of `config`, or the one that all rules are on, or `default`
   * @throws Error in EventBridge's words when it refuses one; then none of them is published
   */
  publish(events: PublishInput | readonly PublishInput[], bus?: string): Promise<PublishedId[]>
  /**
   * Resolves once nothing is under way and nothing is due now: retries that wait for the clock do not count. Rejects when
   * the bus is stopped before that.
   */
  settled(): Promise<void>
  /** what became of each event at each target, in order of arrival */
  deliveries(filter?: DeliveryFilter): Delivery[]
  /** each event, with the rules that did not match it and why */
  events(): PublishedEvent[]
  /** The bodies of a queue's messages, received ones too, in order of arrival. @param queue its name or ARN */
  messages(queue: string): string[]
  /** @param queue its name or ARN; all, unless it is given */
  deadLetters(queue?: string): LetterOfQueue[]
  clock: C
  /** Takes over what `config` says now. @throws Error when it is bad; then nothing has changed */
  reload(): FileChanges
  /** All that it keeps as the text of one file; without secrets, unless they are asked for. */
  exportState(options?: { secrets?: boolean }): string
  /** Begins no more deliveries, waits for those under way, for a moment, and leaves nothing behind. Safe to call twice. */
  stop(): Promise<void>
}
