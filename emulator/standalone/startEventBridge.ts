import { setMaxListeners } from 'node:events'
import fs from 'node:fs'
import { type Clock, passedOn, systemClock } from '../../shared/clock'
import { LOCAL } from '../../shared/localAccount'
import { startOrUndo, type UndoSteps } from '../../shared/undoSteps'
import { UserError } from '../../shared/userError'
import { fillPlace } from '../config/fillVariables'
import { type EventBridgeFile, readEventBridgeFiles } from '../config/readEventBridgeFile'
import { createEventBridge } from '../eventBridge'
import { DEFAULT_BUS } from '../resources/resources'
import { queueOfArn } from '../store/messages'
import { defaultRetention } from '../store/retention'
import { storeFileIn } from '../store/storeFile'
import type { Connections } from '../targets/target'
import { checkOptions } from './checkOptions'
import { lockFolder } from './folder'
import { followFile } from './followFile'
import { handlerCalls } from './handlerCalls'
import { runHandlers } from './handlers'
import type { LocalEventBridge, StartOptions } from './localEventBridge'
import type { ManualClock } from './manualClock'
import { type PublishedId, publishAll, wholeEvent } from './publish'
import { listDeadLetters, listDeliveries, listEvents } from './readStore'
import { withRules } from './rulesInCode'
import { publishSeed } from './seed'
import { serve } from './server'
import { readState, stateText } from './stateText'

const FOR_EVER_MS = Number.MAX_SAFE_INTEGER
/** For handlers under way. */
const STOP_GRACE_MS = 2_000

/**
 * Starts an EventBridge in this process: `const bus = await startEventBridge({ rules, targets: { name: handler } })`.
 * @throws Error that names every fault of the options, each with its place
 */
export async function startEventBridge<C extends Clock = Clock>(
  options: StartOptions<C> = {},
): Promise<LocalEventBridge<C>> {
  checkOptions(options)
  const log = options.log ?? ((line: string) => console.error(line))
  return startOrUndo((undo) => start(options, log, undo), log)
}

async function start<C extends Clock>(
  options: StartOptions<C>,
  log: (line: string) => void,
  undo: UndoSteps,
): Promise<LocalEventBridge<C>> {
  const { targets: handlers = {}, region = LOCAL.region, accountId = LOCAL.accountId } = options
  const { accessKeyId = LOCAL.accessKeyId, accessKeySecret = LOCAL.accessKeySecret } = options
  const clock = (options.clock ?? systemClock) as C
  const cutOff = new AbortController()
  setMaxListeners(0, cutOff.signal)
  const { invoke, isWithin } = runHandlers({
    ...{ handlers, clock, signal: cutOff.signal },
    underWay: () => eventBridge.underWay,
  })
  const connections: Connections = {
    invoke,
    signal: cutOff.signal,
    ...(options.allowedHosts && { allowedHosts: options.allowedHosts }),
  }
  const { config } = options
  const text = typeof config === 'string' ? readText(config) : config?.text
  const read = (now: string | undefined) => readFiles(now, options, connections, { region, accountId })
  const files = read(text)
  const { dir, variables = {} } = options
  const imported = options.state === undefined ? undefined : readState(options.state, 'state', variables)
  for (const name of imported?.missing ?? []) log(`${name}, which the state left out, has no value in variables.`)
  if (dir !== undefined) undo.add(lockFolder(dir, 'EventBridge', () => 'dir: another'))
  const eventBridge = createEventBridge({
    storeFile: dir === undefined ? undefined : storeFileIn(dir),
    state: imported?.state,
    files,
    connections,
    accountId,
    region,
    accessKeys: [{ accessKeyId, accessKeySecret }],
    // a test that turns a month asks for all of it
    retention:
      options.retention ?? (dir === undefined ? { ...defaultRetention, maxAgeMs: FOR_EVER_MS } : defaultRetention),
    // a test that turns a month would pay for each minute of it
    ...(isManual(clock) && { lookEveryMs: 3_600_000 }),
    clock: ofNoHandler(clock),
    random: Math.random,
    webhookUrl: '/openapi/putEvents',
    log,
  })
  const { store, settled } = eventBridge
  const defaultBus = defaultBusOf(options, files)
  undo.add(eventBridge.stop)
  const server = options.port === undefined ? undefined : await serve(eventBridge, { port: options.port })
  if (server) undo.add(server.close)
  if (isManual(clock)) undo.add(clock.waitFor(settled))
  const again = options.seedAgain ?? false
  if (options.seed !== undefined) await publishSeed(eventBridge, options.seed, { again, defaultBus, clock })
  eventBridge.deliver()
  const isWatched = options.watch ?? false
  const followed =
    typeof config === 'string' && text !== undefined
      ? followFile({ file: config, text, read, eventBridge, clock, report: log, isWatched })
      : undefined
  if (followed) undo.add(followed.stop)
  let stopping: Promise<void> | undefined
  const publishing = new Set<Promise<unknown>>()

  async function stop(): Promise<void> {
    const grace = setTimeout(() => cutOff.abort(), isWithin() ? 0 : STOP_GRACE_MS)
    // whoever called it before this is told that it was accepted
    await Promise.allSettled(publishing)
    await undo.run().finally(() => clearTimeout(grace))
    cutOff.abort()
  }

  function publish(events: Parameters<LocalEventBridge['publish']>[0], bus: string): Promise<PublishedId[]> {
    const whole = [events].flat().map((event) => wholeEvent(event, bus, clock))
    const done = publishAll(eventBridge, whole)
    publishing.add(done)
    const forget = () => publishing.delete(done)
    done.then(forget, forget)
    return done
  }

  function running<T>(work: () => T): T {
    if (stopping !== undefined) throw new UserError('The event bus is stopped.')
    return work()
  }

  return {
    ...(server && { url: server.url, endpoint: `127.0.0.1:${server.port}` }),
    ...{ region, accountId, clock },
    credentials: { accessKeyId, accessKeySecret },
    publish: async (events, bus = defaultBus) => running(() => publish(events, bus)),
    settled: async () =>
      running(() => {
        if (!isWithin()) return settled()
        throw new UserError('settled() waits for handlers, so a handler that waits for it would never end.')
      }),
    deliveries: (filter) => running(() => listDeliveries(store, filter)),
    events: () => running(() => listEvents(store)),
    messages: (queue) =>
      running(() => store.messages.list(queueOfArn(queue), 0, Number.MAX_SAFE_INTEGER).map(({ body }) => body)),
    deadLetters: (queue) => running(() => listDeadLetters(store, queue)),
    reload: () =>
      running(() => {
        if (followed === undefined) throw new UserError('reload() needs config, the path of an eventbridge.yaml.')
        return followed.reload()
      }),
    exportState: (how) => running(() => stateText(store.readState(), how)),
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}

/** What the emulator waits for is not what a handler waits for that has led to it. */
function ofNoHandler(clock: Clock): Clock {
  return {
    now: clock.now,
    passed: () => passedOn(clock),
    after: (ms, callback) => handlerCalls.run(undefined, () => clock.after(ms, callback)),
  }
}

function isManual(clock: Clock): clock is ManualClock {
  return 'waitFor' in clock
}

/** @throws UserError */
function readFiles(
  text: string | undefined,
  { config, rules = [], variables, targets: handlers = {} }: StartOptions,
  connections: Connections,
  place: { region: string; accountId: string },
): EventBridgeFile[] {
  const name = typeof config === 'string' ? config : 'config'
  const read = (filled: string) =>
    readEventBridgeFiles(filled, name, connections, variables ?? {}, {}, 'in the option variables')
  const files = text === undefined ? [] : read(fillPlace(text, place))
  const nowhere = async () => ({})
  const apiDestination = () => ({ endpoint: '', method: '' })
  const world = { ...connections, apiDestination, publish: nowhere, enqueue: async () => {} }
  return withRules(files, rules, { handlers, place, connections: world })
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
