import path from 'node:path'
import EventBridgeSdk, { CloudEvent, Config } from '@alicloud/eventbridge'
import type { RefuseEntry } from '../../emulator/api/putEvents'
import { readEventBridgeFiles } from '../../emulator/config/readEventBridgeFile'
import { createEventBridge, type EventBridge, type EventBridgeOptions } from '../../emulator/eventBridge'
import { isPopRequest } from '../../emulator/standalone/doorOf'
import { type ManualClock, manualClock } from './manualClock'
import { startServer } from './rawHttp'
import { waitForDisk } from './store'
import { temporaryFolder } from './temporaryFolder'

export const accessKey = { accessKeyId: 'AKID', accessKeySecret: 'SECRET' }

/** A bus `my-bus` without a rule. */
export const emptyFile = 'EventBusName: my-bus\nRules: []\n'

export interface TestEmulator {
  port: number
  clock: ManualClock
  eventBridge: EventBridge
  /** the events that functions were invoked with, and the payloads, newest last */
  delivered: Record<string, unknown>[]
  payloads: string[]
  /** what the emulator logged */
  logged: string[]
  /** the official SDK */
  sdk(config?: Record<string, string>): EventBridgeSdk
  /** An operation through the SDK's signed client, without its models: what goes over the wire. */
  call(operation: string, request?: object): Promise<Record<string, unknown>>
  /** Stops it, and starts it again on the same store, with another file and other options if given. */
  restart(yaml?: string, others?: Partial<EventBridgeOptions>): Promise<void>
}

export type TestOptions = Partial<Omit<EventBridgeOptions, 'files'>> & { yaml?: string; refuseEntry?: RefuseEntry }

/** Called where the tests of a file are defined: starts emulators that are stopped after them. */
export function emulators(): (options?: TestOptions) => Promise<TestEmulator> {
  const folder = temporaryFolder()
  const stops: (() => Promise<void>)[] = []
  afterAll(() => Promise.all(stops.map((stop) => stop())))
  return async (options = {}) => {
    const { emulator, stop } = await start(path.join(folder, `${stops.length}.db`), options)
    stops.push(stop)
    return emulator
  }
}

async function start(storeFile: string, { yaml = emptyFile, refuseEntry, ...options }: TestOptions) {
  const clock = manualClock()
  const delivered: Record<string, unknown>[] = []
  const payloads: string[] = []
  const logged: string[] = []
  const connections = {
    invoke: async (_function: string, payload: string) => {
      payloads.push(payload)
      delivered.push(JSON.parse(payload))
      return {}
    },
  }
  const open = (text: string, others: Partial<EventBridgeOptions> = {}) =>
    createEventBridge({
      storeFile,
      files: readEventBridgeFiles(text, 'eventbridge.yaml', connections),
      connections,
      accountId: '123456789012',
      region: 'cn-hangzhou',
      accessKeys: [accessKey],
      clock,
      random: () => 0,
      webhookUrl: '',
      log: (line) => logged.push(line),
      ...options,
      ...others,
    })
  let eventBridge = open(yaml)
  waitForDisk(clock, () => eventBridge.store)
  const server = await startServer((req, res) => {
    void (isPopRequest(req) ? eventBridge.popApi(req, res) : eventBridge.openApi(req, res, refuseEntry))
  })
  const sdk = (config = {}) =>
    new EventBridgeSdk(new Config({ ...accessKey, endpoint: `127.0.0.1:${server.port}`, ...config }))

  const emulator: TestEmulator = {
    port: server.port,
    clock,
    get eventBridge() {
      return eventBridge
    },
    delivered,
    payloads,
    logged,
    sdk,
    call: (operation, request = {}) => callWire(sdk(), operation, request),
    async restart(text = yaml, others) {
      await eventBridge.stop()
      eventBridge = open(text, others)
      eventBridge.deliver()
    },
  }
  async function stop(): Promise<void> {
    await server.close()
    await eventBridge.stop()
  }
  return { emulator, stop }
}

type Runtime = Parameters<EventBridgeSdk['doRequest']>[6]

function callWire(sdk: EventBridgeSdk, operation: string, request: object): Promise<Record<string, unknown>> {
  return sdk.doRequest(operation, 'HTTP', 'POST', `/openapi/${operation}`, {}, request, {} as Runtime)
}

/** An event for `my-bus`, as the SDK publishes it. */
export function cloudEvent(id: string, fields: Record<string, unknown> = {}): CloudEvent {
  return new CloudEvent({
    id,
    source: 'my.source',
    type: 'my.type',
    time: '2026-01-01T00:00:00+08:00',
    datacontenttype: 'application/json',
    data: Buffer.from('{"a":1}'),
    extensions: { aliyuneventbusname: 'my-bus' },
    ...fields,
  })
}
