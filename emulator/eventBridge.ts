import type { IncomingMessage, ServerResponse } from 'node:http'
import { defaultLimits } from './api/limits'
import { createOpenApi } from './api/openApi'
import type { AccessKey } from './api/verifySignature'
import type { Clock } from './clock'
import type { EventBus } from './config/resources'
import { createDispatcher } from './delivery/dispatcher'
import { openStore } from './store/store'
import { renderTracePage } from './tracePage/renderTracePage'

export interface EventBridgeOptions {
  /** the SQLite file that keeps events and deliveries */
  storeFile: string
  bus: EventBus
  accountId: string
  region: string
  accessKey: AccessKey
  clock: Clock
  random(): number
  /** where events are posted, for the page */
  webhookUrl: string
  /** takes what goes wrong in the emulator itself */
  log(line: string): void
}

/** The embedded EventBridge: Alibaba Cloud's event bus for development and tests. */
export interface EventBridge {
  /** `POST /openapi/…` */
  openApi(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** the trace page's HTML */
  tracePage(): string
  /** Begins to deliver, what a former run left included. */
  start(): void
  /** Waits for deliveries under way; what is pending stays in the store. */
  stop(): Promise<void>
}

/** to one target */
const CONCURRENT_DELIVERIES = 10
const EVENTS_ON_PAGE = 100

/** @throws UserError when the store cannot be opened */
export function createEventBridge(options: EventBridgeOptions): EventBridge {
  const { accountId, region, accessKey, clock, random, webhookUrl, log } = options
  const buses = new Map([[options.bus.name, options.bus]])
  const store = openStore(options.storeFile)
  const dispatcher = createDispatcher({ store, buses, clock, random, log, concurrency: CONCURRENT_DELIVERIES })
  const openApi = createOpenApi({
    buses,
    store,
    clock,
    limits: defaultLimits,
    accountId,
    region,
    accessKey,
    onAccepted: dispatcher.wake,
    log,
  })
  return {
    openApi,
    tracePage: () => renderTracePage(store.traces.list({}, EVENTS_ON_PAGE), webhookUrl),
    start: dispatcher.wake,
    async stop() {
      await dispatcher.stop()
      store.close()
    },
  }
}
