import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import type { Clock } from '../shared/clock'
import { parseLossless, stringifyLossless } from '../shared/json'
import { defaultLimits, type Limits } from './api/limits'
import { createOpenApi } from './api/openApi'
import { type PutEventsResult, putEvents, type RefuseEntry, refusalOf } from './api/putEvents'
import type { EntryError } from './api/validateEvent'
import type { AccessKey } from './api/verifySignature'
import { applyFiles, type FileChanges } from './config/applyFile'
import type { EventBridgeFile } from './config/readEventBridgeFile'
import { createDispatcher } from './delivery/dispatcher'
import { countUnderWay, type UnderWay } from './delivery/underWay'
import type { Faults } from './faults/faults'
import { withFaults } from './faults/withFaults'
import { createPopApi } from './pop/popApi'
import { createQueueApi } from './queues/queueApi'
import { toAcceptedEvent } from './resources/compiledBuses'
import { queuesOfRules } from './resources/queuesOfRules'
import { findApiDestination, openResources } from './resources/resources'
import { publishScheduled } from './schedule/publishScheduled'
import { createScheduler } from './schedule/scheduler'
import { certificateUrl, createCertificateDoor } from './signing/certificateDoor'
import { openSigningKey } from './signing/signingKey'
import type { Lane } from './store/dueDeliveries'
import { followClock } from './store/followClock'
import type { AcceptedEvent } from './store/records'
import { defaultRetention, keepPurging, type Retention } from './store/retention'
import type { State } from './store/state'
import { openStore, type Store } from './store/store'
import { createStoreHealth } from './store/storeHealth'
import { createAccessTokens } from './targets/accessTokens'
import { createAgents } from './targets/post'
import type { Connections, DeliveryResult } from './targets/target'
import { connectTracePage } from './tracePage/connect'
import type { People } from './tracePage/queries'
import type { Neighbours } from './tracePage/tracePage'

export interface EventBridgeOptions extends Neighbours {
  /** the SQLite file that keeps events, deliveries and what was made by API; absent: all that is in memory */
  storeFile?: string | undefined
  /** what a new store begins with */
  state?: State | undefined
  /** what eventbridge.yaml defines, a bus each */
  files: readonly EventBridgeFile[]
  /** what targets reach the world by; the emulator's own buses they reach anyway */
  connections: Omit<Connections, 'publish'>
  accountId: string
  region: string
  accessKeys: readonly AccessKey[]
  /** how far a request's Date may be from now; not checked unless given */
  maxClockSkewMs?: number | undefined
  /** the service's, unless given */
  limits?: Partial<Limits>
  /** how long finished events are kept; a week, unless given */
  retention?: Retention
  /** how often old events are looked for, and whether the clock was set; every minute, unless given */
  lookEveryMs?: number | undefined
  /** what is to go wrong on demand */
  faults?: Faults | undefined
  clock: Clock
  random(): number
  /** what the page can do where the employees and their table are at hand */
  people?: People | undefined
  /** takes a line when deliveries to a target begin to fail, and when they work again */
  tellDeliveries?(line: string): void
  /** takes what goes wrong in the emulator itself */
  log(line: string): void
  /** takes what became of the store, once nothing is kept in it any more: this has to end */
  lost?(reason: string): void
}

/** The embedded EventBridge: Alibaba Cloud's event bus for development and tests. */
export interface EventBridge {
  /** `POST /openapi/…` */
  openApi(req: IncomingMessage, res: ServerResponse, refuseEntry?: RefuseEntry): Promise<void>
  /** the management API of 2020-04-01, at `/`; see isPopRequest */
  popApi(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** MNS's API for whoever reads from queues: `/queues/…` */
  queueApi(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** the certificate of what requests to http targets are signed with: `/x509_public_certificate_…` */
  certificate(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** Says on which origin these doors are, where webhookUrl does not. */
  servedAt(origin: string): void
  /** the trace page: `GET /` and `/trace/…` */
  tracePage(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** Builds the trace page ahead, so that the first visit need not wait. */
  prepareTracePage(): void
  /** Ends the trace page's live streams, and answers who waits for a message of a queue. */
  endStreams(): void
  /** Begins to deliver, what a former run left included, and to publish what scheduled event sources publish. */
  deliver(): void
  /** Publishes events as PutEvents does, and answers as it does. @throws ApiError when they are refused as a whole */
  publish(events: readonly object[]): Promise<PutEventsResult>
  /** Why an event would be refused. */
  refusalOf(event: object): EntryError | undefined
  /** Resolves once nothing is under way and nothing is due; rejects when it is stopped before that. */
  settled(): Promise<void>
  /** counts what `settled` waits for */
  underWay: Pick<UnderWay, 'during' | 'enter' | 'leave'>
  /** Makes what the files say now, as at the start; deliveries under way go on. */
  apply(files: readonly EventBridgeFile[]): FileChanges
  /** what it keeps, to be read */
  store: Pick<Store, 'traces' | 'messages' | 'deadLetters' | 'resources' | 'readState' | 'written'>
  /** Waits for deliveries under way; what is pending stays in the store. */
  stop(): Promise<void>
}

/** to one target */
const CONCURRENT_DELIVERIES = 10

/** Beside the store; the one of a store in memory is in memory. */
function signingKeyFile(storeFile: string | undefined): string | undefined {
  return storeFile === undefined ? undefined : path.join(path.dirname(storeFile), 'signing-key.pem')
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}

function lanesOf(events: readonly AcceptedEvent[]): Lane[] {
  return events.flatMap(({ bus, deliveries }) => deliveries.map((delivery) => ({ bus, ...delivery })))
}

/** @throws UserError when the store cannot be opened */
export function createEventBridge(options: EventBridgeOptions): EventBridge {
  const { accountId, region, faults, clock, random, log } = options
  const health = createStoreHealth(log, options.storeFile)
  const underWay = countUnderWay()
  const kept = openStore(options.storeFile, options.lost, options.state, health)
  // what is accepted or made due is under way until its deliveries are
  const store: Store = {
    ...kept,
    // also what was refused: that may be in the store, where it could not be told to be on disk
    accept: (events) => underWay.during(kept.accept(events).finally(() => dispatcher.wake(lanesOf(events)))),
    unblock: (blocked, now) => underWay.during(kept.unblock(blocked, now).then(wake)),
  }
  const timesSet = followClock(clock, kept)
  const filledIn: Record<string, string> = {}
  const agents = createAgents()
  let servedAt = originOf(options.webhookUrl)
  const signingKey = openSigningKey(signingKeyFile(options.storeFile))
  const connections: Connections = {
    ...options.connections,
    apiDestination: (name) => findApiDestination(resources, name),
    agents,
    tokens: createAccessTokens({ ...options.connections, agents, clock }),
    signer: {
      sign: async (text) => (await signingKey()).sign(text),
      certificateUrl: () => certificateUrl(signingKey, servedAt),
    },
    publish,
    enqueue: (queue, body) => store.changeMessages(() => store.messages.send(queue, body, clock.now())),
  }
  takeFilledIn(options.files)
  const resources = openResources(store.resources, connections, clock.now(), filledIn)
  // without a file, what is there stays
  if (options.files.length > 0) applyFiles(resources, options.files, clock.now())
  const dispatcher = createDispatcher({
    store,
    buses: resources.compiled,
    underWay,
    clock,
    random,
    faults,
    health,
    timesSet,
    ...(options.tellDeliveries && { tell: options.tellDeliveries }),
    concurrency: CONCURRENT_DELIVERIES,
  })
  const scheduler = createScheduler({
    sources: resources.sources.all,
    publish: publishScheduled({ store, buses: resources.compiled, clock, accountId, region }),
    clock,
    lookEveryMs: options.lookEveryMs,
    log,
  })
  const limits = { ...defaultLimits, ...options.limits }
  const context = { resources, connections, store, clock, limits, accountId, region, wake, health }
  const flawless = createOpenApi(context, options)
  const openApi = faults ? withFaults(flawless, faults, { random, clock, log }) : flawless
  const queueApi = createQueueApi({ store, accessKeys: options.accessKeys, isKnown: isQueueOfRule, clock, timesSet })
  const tracePage = connectTracePage(context, store, options)
  let stopPurging = () => {}

  function wake(): void {
    dispatcher.wake()
  }

  /** Values, of which the store keeps the names. */
  function takeFilledIn(files: readonly EventBridgeFile[]): void {
    for (const file of files) Object.assign(filledIn, file.filledIn)
  }

  function endStreams(): void {
    tracePage.close()
    queueApi.endWaits()
  }

  function isQueueOfRule(queue: string): boolean {
    return queuesOfRules(resources.rules.all()).some((named) => named.queue === queue)
  }

  /** What a target does whose endpoint is another bus. */
  async function publish(name: string, eventText: string): Promise<DeliveryResult> {
    const bus = resources.compiled.get(name)
    if (bus === undefined) return { error: `the event bus ${name} does not exist` }
    await store.accept([toAcceptedEvent(bus, eventText, clock.now())])
    return {}
  }

  return {
    openApi,
    popApi: createPopApi(context, options),
    queueApi: queueApi.door,
    certificate: createCertificateDoor(signingKey),
    servedAt(origin) {
      servedAt = origin
    },
    tracePage: tracePage.door,
    prepareTracePage: tracePage.prepare,
    endStreams,
    deliver() {
      dispatcher.wake()
      resources.onSources(scheduler.refresh)
      scheduler.refresh()
      stopPurging = keepPurging(store, options.retention ?? defaultRetention, clock, log, options.lookEveryMs)
    },
    publish(events) {
      const headers = { 'content-type': 'application/cloudevents-batch+json' }
      return underWay.during(putEvents(headers, Buffer.from(stringifyLossless(events)), context))
    },
    underWay,
    refusalOf(event) {
      const json = stringifyLossless(event)
      return refusalOf(parseLossless(json), json, context)
    },
    settled() {
      // a timer may be late
      wake()
      return underWay.settled()
    },
    apply(files) {
      takeFilledIn(files)
      const changes = applyFiles(resources, files, clock.now())
      wake()
      return changes
    },
    store,
    async stop() {
      underWay.end(new Error('The event bus was stopped.'))
      stopPurging()
      endStreams()
      await scheduler.stop()
      await dispatcher.stop()
      agents.close()
      store.close()
    },
  }
}
