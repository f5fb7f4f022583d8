import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../shared/clock'
import { defaultLimits, type Limits } from './api/context'
import { createOpenApi } from './api/openApi'
import type { RefuseEntry } from './api/putEvents'
import type { AccessKey } from './api/verifySignature'
import { applyFile } from './config/applyFile'
import type { EventBridgeFile } from './config/readEventBridgeFile'
import { createDispatcher } from './delivery/dispatcher'
import type { Faults } from './faults/faults'
import { withFaults } from './faults/withFaults'
import { createPopApi } from './pop/popApi'
import { createQueueApi } from './queues/queueApi'
import { toAcceptedEvent } from './resources/compiledBuses'
import { openResources } from './resources/resources'
import { defaultRetention, keepPurging, type Retention } from './store/retention'
import { openStore } from './store/store'
import { queueOfEndpoint } from './targets/mnsQueueTarget'
import type { Connections, DeliveryResult } from './targets/target'
import { connectTracePage } from './tracePage/connect'
import type { People } from './tracePage/queries'
import type { Neighbours } from './tracePage/tracePage'

export interface EventBridgeOptions extends Neighbours {
  /** the SQLite file that keeps events, deliveries and what was made by API */
  storeFile: string
  /** what eventbridge.yaml defines */
  file: EventBridgeFile
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
  /** the trace page: `GET /` and `/trace/…` */
  tracePage(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** Builds the trace page ahead, so that the first visit need not wait. */
  prepareTracePage(): void
  /** Ends the trace page's live streams, and answers who waits for a message of a queue. */
  endStreams(): void
  /** Begins to deliver, what a former run left included. */
  deliver(): void
  /** Waits for deliveries under way; what is pending stays in the store. */
  stop(): Promise<void>
}

/** to one target */
const CONCURRENT_DELIVERIES = 10

/** @throws UserError when the store cannot be opened */
export function createEventBridge(options: EventBridgeOptions): EventBridge {
  const { accountId, region, faults, clock, random, log } = options
  const store = openStore(options.storeFile, options.lost)
  const connections: Connections = {
    ...options.connections,
    apiDestinations: options.file.apiDestinations,
    publish,
    enqueue: (queue, body) => store.changeMessages(() => store.messages.send(queue, body, clock.now())),
  }
  const resources = openResources(store.resources, connections, clock.now(), options.file.filledIn)
  applyFile(resources, options.file, clock.now())
  const dispatcher = createDispatcher({
    store,
    buses: resources.compiled,
    clock,
    random,
    faults,
    log,
    ...(options.tellDeliveries && { tell: options.tellDeliveries }),
    concurrency: CONCURRENT_DELIVERIES,
  })
  const limits = { ...defaultLimits, ...options.limits }
  const context = { resources, connections, store, clock, limits, accountId, region, wake: dispatcher.wake }
  const flawless = createOpenApi(context, options)
  const openApi = faults ? withFaults(flawless, faults, { random, clock, log }) : flawless
  const queueApi = createQueueApi({ store, accessKeys: options.accessKeys, isKnown: isQueueOfRule, clock })
  const tracePage = connectTracePage(context, store, options)
  let stopPurging = () => {}

  function endStreams(): void {
    tracePage.close()
    queueApi.endWaits()
  }

  function isQueueOfRule(queue: string): boolean {
    const targets = resources.rules.all().flatMap((rule) => rule.targets)
    return targets.some(({ Type, Endpoint }) => Type === 'acs.mns.queue' && queueOfEndpoint(Endpoint) === queue)
  }

  /** What a target does whose endpoint is another bus. */
  async function publish(name: string, eventText: string): Promise<DeliveryResult> {
    const bus = resources.compiled.get(name)
    if (bus === undefined) return { error: `the event bus ${name} does not exist` }
    await store.accept([toAcceptedEvent(bus, eventText, clock.now())])
    dispatcher.wake()
    return {}
  }

  return {
    openApi,
    popApi: createPopApi(context, options),
    queueApi: queueApi.door,
    tracePage: tracePage.door,
    prepareTracePage: tracePage.prepare,
    endStreams,
    deliver() {
      dispatcher.wake()
      stopPurging = keepPurging(store, options.retention ?? defaultRetention, clock, log)
    },
    async stop() {
      stopPurging()
      endStreams()
      await dispatcher.stop()
      store.close()
    },
  }
}
