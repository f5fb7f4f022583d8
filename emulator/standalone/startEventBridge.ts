import { setMaxListeners } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { type Clock, systemClock } from '../../shared/clock'
import { UserError } from '../../shared/userError'
import { fillPlace, type Variables } from '../config/fillVariables'
import { type EventBridgeFile, readEventBridgeFiles } from '../config/readEventBridgeFile'
import { createEventBridge } from '../eventBridge'
import { DEFAULT_BUS } from '../resources/resources'
import type { Retention } from '../store/retention'
import type { Connections } from '../targets/target'
import { LOCAL } from './account'
import { type Handler, runHandlers } from './handlers'
import type { ManualClock } from './manualClock'
import { type PublishedId, type PublishInput, publishAll, wholeEvent } from './publish'
import {
  type Delivery,
  type DeliveryFilter,
  type LetterOfQueue,
  listDeadLetters,
  listDeliveries,
  listEvents,
  type PublishedEvent,
} from './readStore'
import { type RuleInput, withRules } from './rulesInCode'
import { serve } from './server'
import { readState, stateText } from './stateText'

export interface StartOptions<C extends Clock = Clock> {
  rules?: readonly RuleInput[]
  /** what rules deliver to in this process, by name; an `acs.fc.function` target of that name, too */
  targets?: Readonly<Record<string, Handler>>
  /** an eventbridge.yaml, by its path or as text */
  config?: string | { text: string }
  /** what is filled in for its `${NAME}` */
  variables?: Variables
  /** where it keeps all; absent: in memory, and nothing is on disk */
  dir?: string
  /** where the SDKs find it, 0 for any port that is free; absent: no server is started */
  port?: number
  /** `manualClock()` for one that the test turns; the system's, unless it is given */
  clock?: C
  /** how long finished events are kept; a week, unless given */
  retention?: Retention
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
  /** @param queue its name or ARN; all, unless it is given */
  deadLetters(queue?: string): LetterOfQueue[]
  clock: C
  /** All that it keeps as the text of one file; without secrets, unless they are asked for. */
  exportState(options?: { secrets?: boolean }): string
  /** Begins no more deliveries, waits for those under way, for a moment, and leaves nothing behind. Safe to call twice. */
  stop(): Promise<void>
}

/** For handlers under way. */
const STOP_GRACE_MS = 2_000

/**
 * Starts an EventBridge in this process: `const bus = await startEventBridge({ rules, targets: { name: handler } })`.
 * @throws Error that names every fault of the options, each with its place
 */
export async function startEventBridge<C extends Clock = Clock>(
  options: StartOptions<C> = {},
): Promise<LocalEventBridge<C>> {
  const { targets: handlers = {}, region = LOCAL.region, accountId = LOCAL.accountId } = options
  const { accessKeyId = LOCAL.accessKeyId, accessKeySecret = LOCAL.accessKeySecret } = options
  const clock = (options.clock ?? systemClock) as C
  const cutOff = new AbortController()
  setMaxListeners(0, cutOff.signal)
  const { invoke, isWithin } = runHandlers({
    ...{ handlers, clock, signal: cutOff.signal },
    during: (work) => eventBridge.during(work),
  })
  const connections: Connections = {
    invoke,
    signal: cutOff.signal,
    ...(options.allowedHosts && { allowedHosts: options.allowedHosts }),
  }
  const files = readFiles(options, connections, { region, accountId })
  const log = options.log ?? ((line: string) => console.error(line))
  const eventBridge = createEventBridge({
    storeFile: options.dir === undefined ? undefined : path.join(options.dir, 'eventbridge', 'store.db'),
    state: options.state === undefined ? undefined : readState(options.state, 'state', options.variables ?? {}).state,
    files,
    connections,
    accountId,
    region,
    accessKeys: [{ accessKeyId, accessKeySecret }],
    ...(options.retention && { retention: options.retention }),
    clock,
    random: Math.random,
    webhookUrl: '',
    log,
  })
  const { store, settled } = eventBridge
  const defaultBus = defaultBusOf(options, files)
  const noMoreWaits = isManual(clock) ? clock.waitFor(settled) : () => {}
  let server: Awaited<ReturnType<typeof serve>> | undefined
  try {
    if (options.port !== undefined) server = await serve(eventBridge, { port: options.port })
  } catch (error) {
    await eventBridge.stop()
    throw error
  }
  eventBridge.deliver()
  let stopping: Promise<void> | undefined

  async function stop(): Promise<void> {
    noMoreWaits()
    const grace = setTimeout(() => cutOff.abort(), isWithin() ? 0 : STOP_GRACE_MS)
    await server?.close()
    await eventBridge.stop()
    clearTimeout(grace)
    cutOff.abort()
  }

  function running<T>(work: () => T): T {
    if (stopping !== undefined) throw new UserError('The event bus is stopped.')
    return work()
  }

  return {
    ...(server && { url: server.url, endpoint: `127.0.0.1:${server.port}` }),
    ...{ region, accountId, clock },
    credentials: { accessKeyId, accessKeySecret },
    publish: async (events, bus = defaultBus) =>
      running(() =>
        publishAll(
          eventBridge,
          [events].flat().map((event) => wholeEvent(event, bus, clock)),
        ),
      ),
    settled: async () =>
      running(() => {
        if (!isWithin()) return settled()
        throw new UserError('settled() waits for handlers, so a handler that waits for it would never end.')
      }),
    deliveries: (filter) => running(() => listDeliveries(store, filter)),
    events: () => running(() => listEvents(store)),
    deadLetters: (queue) => running(() => listDeadLetters(store, queue)),
    exportState: (how) => running(() => stateText(store.readState(), how)),
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}

function isManual(clock: Clock): clock is ManualClock {
  return 'waitFor' in clock
}

/** @throws UserError */
function readFiles(
  { config, rules = [], variables, targets: handlers = {} }: StartOptions,
  connections: Connections,
  place: { region: string; accountId: string },
): EventBridgeFile[] {
  const files = config === undefined ? [] : readConfig(config, connections, place, variables)
  const apiDestinations = new Map(files.flatMap((file) => [...file.apiDestinations]))
  const nowhere = async () => ({})
  const world = { ...connections, apiDestinations, publish: nowhere, enqueue: async () => {} }
  return withRules(files, rules, { handlers, place, connections: world })
}

function readConfig(
  config: string | { text: string },
  connections: Connections,
  place: { region: string; accountId: string },
  variables: Variables = {},
): EventBridgeFile[] {
  const [text, name] = typeof config === 'string' ? [readText(config), config] : [config.text, 'config']
  return [...readEventBridgeFiles(fillPlace(text, place), name, connections, variables)]
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    throw new UserError(`${file} cannot be read: config is the path of an eventbridge.yaml, or { text }.`)
  }
}

function defaultBusOf({ config, rules = [] }: StartOptions, files: readonly EventBridgeFile[]): string {
  const names = new Set(rules.map(({ bus = DEFAULT_BUS }) => bus))
  const [first] = files
  return first !== undefined && (config !== undefined || names.size === 1) ? first.bus : DEFAULT_BUS
}
