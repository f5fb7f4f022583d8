import { setMaxListeners } from 'node:events'
import path from 'node:path'
import { systemClock } from '../../shared/clock'
import { LOCAL } from '../../shared/localAccount'
import { firstSignal, stopAndExit } from '../../shared/runCommand'
import { startOrUndo } from '../../shared/undoSteps'
import { fillPlace, type Variables } from '../config/fillVariables'
import { type EventBridgeFiles, readEventBridgeFiles } from '../config/readEventBridgeFile'
import { createEventBridge } from '../eventBridge'
import type { Faults } from '../faults/faults'
import type { Retention } from '../store/retention'
import type { State } from '../store/state'
import { storeFileIn } from '../store/storeFile'
import { createHttpInvoke } from '../targets/httpInvoke'
import type { Connections } from '../targets/target'
import { type Retype, takeFolder } from './folder'
import { followFile } from './followFile'
import { publishSeed } from './seed'
import { serve } from './server'

export interface StandaloneOptions {
  /** which keeps its state */
  dir: string
  /** 0 for any that is free */
  port: number
  /** eventbridge.yaml, with its name for errors; without it there is the bus `default`, and rules are made by API */
  config?: { name: string; text: string } | undefined
  variables: Variables
  /** where functions are, by their names */
  /** where those are set, for errors: `in the shell` */
  variablesFrom?: string | undefined
  functions: ReadonlyMap<string, URL>
  allowedHosts: readonly string[]
  faults?: Faults | undefined
  /** as it was typed, to be told */
  faultsText?: string | undefined
  retention?: Retention | undefined
  maxClockSkewMs?: number | undefined
  /** a file of events to publish at the start, once in a folder */
  seed?: string | undefined
  /** true: also those that the folder has had */
  seedAgain?: boolean | undefined
  /** what an empty folder begins with */
  state?: State | undefined
  retype: Retype
}

interface Standalone {
  url: string
  /** why it cannot go on, once that is so. Never rejects. */
  broken: Promise<string>
  /** Stops what was started, in order. Safe to call twice. */
  stop(): Promise<void>
}

/** As long as Function Compute lets a function run, at most. */
const INVOKE_TIMEOUT_MS = 86_400_000

/** Runs the emulator by itself until Ctrl-C, or until it cannot go on, and ends the process. @throws UserError */
export async function runStandalone(options: StandaloneOptions): Promise<void> {
  const cutOff = new AbortController()
  // each delivery under way listens to it
  setMaxListeners(0, cutOff.signal)
  const signal = firstSignal()
  const standalone = await startStandalone(options, cutOff.signal)
  if (options.faultsText) console.log(`EventBridge fails on purpose: ${options.faultsText}`)
  // counted from the start of the process
  const seconds = (performance.now() / 1000).toFixed(1)
  const folder = path.relative(process.cwd(), options.dir) || '.'
  const kept = folder.startsWith('..') ? options.dir : folder
  console.log(`Ready in ${seconds} s. EventBridge and event trace: ${standalone.url}  (kept in ${kept}, Ctrl-C stops)`)
  if (options.config === undefined) console.log(WITHOUT_RULES)
  const fault = await Promise.race([signal.coming, standalone.broken])
  cutOff.abort()
  await stopAndExit(standalone, fault)
}

const WITHOUT_RULES =
  'It has the bus default, and no rules of a file: write some for --config FILE, or make them by API, as with an SDK.'

function startStandalone(options: StandaloneOptions, signal: AbortSignal): Promise<Standalone> {
  const { dir, port, retype } = options
  return startOrUndo(async (undo) => {
    const { announce, lost, lose } = takeFolder(dir, 'EventBridge', retype, undo)
    const connections = {
      invoke: createHttpInvoke(options.functions, { timeoutMs: INVOKE_TIMEOUT_MS, signal }),
      allowedHosts: options.allowedHosts,
      signal,
    }
    const { name, text } = options.config ?? { name: 'eventbridge.yaml', text: ONLY_DEFAULT }
    const read = (now: string) => readFiles(now, name, options, connections)
    const files = read(text)
    const eventBridge = createEventBridge({
      storeFile: storeFileIn(dir),
      state: options.state,
      files,
      connections,
      accountId: LOCAL.accountId,
      region: LOCAL.region,
      accessKeys: [LOCAL],
      faults: options.faults,
      ...(options.retention && { retention: options.retention }),
      maxClockSkewMs: options.maxClockSkewMs,
      clock: systemClock,
      random: Math.random,
      webhookUrl: '/openapi/putEvents',
      tellDeliveries: (line) => console.log(line),
      log: logFault,
      lost: lose,
    })
    undo.add(eventBridge.stop)
    const server = await serve(eventBridge, { port, hint: (other) => retype({ port: other }) })
    undo.add(server.close)
    if (options.seed !== undefined) {
      const published = await publishSeed(eventBridge, options.seed, {
        ...{ again: options.seedAgain ?? false, defaultBus: files[0].bus, clock: systemClock },
      })
      const hadAll = published === 0 ? ', since this folder has had them (--seed-again publishes them anew)' : ''
      console.log(`${options.seed}: ${published} ${published === 1 ? 'event' : 'events'} published${hadAll}`)
    }
    eventBridge.deliver()
    eventBridge.prepareTracePage()
    if (options.config !== undefined) {
      undo.add(followFile({ file: name, text, read, eventBridge, clock: systemClock, report: logFault }).stop)
    }
    announce(server.url, { EVENTBRIDGE_ENDPOINT: server.url, EVENT_BUS_NAME: files[0].bus })
    return { url: server.url, broken: lost, stop: undo.run }
  }, logFault)
}

const logFault = (line: string) => console.error(line)

const ONLY_DEFAULT = 'EventBusName: default\nRules: []\n'

/** @throws UserError */
function readFiles(
  text: string,
  name: string,
  { variables, variablesFrom }: StandaloneOptions,
  connections: Connections,
): EventBridgeFiles {
  return readEventBridgeFiles(fillPlace(text, LOCAL), name, connections, variables, {}, variablesFrom)
}
