import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { systemClock } from '../emulator/clock'
import { fillPlace } from '../emulator/config/fillPlace'
import { readEventBridgeFile } from '../emulator/config/readEventBridgeFile'
import { createEventBridge, type EventBridge } from '../emulator/eventBridge'
import type { InvokeFunction } from '../emulator/targets/target'
import { errorMessage } from '../shared/errorCode'
import { readMapping } from '../shared/mapping/readMapping'
import { accountFor, LOCAL_ACCOUNT } from './account'
import type { Database } from './database/database'
import { startDatabase } from './database/startDatabase'
import { createEmployeeRows } from './employeeRow'
import { removeEnvFile, writeEnvFile } from './envFile'
import type { FunctionHost } from './functionHost/functionHost'
import { createFunctions, invokeOnce, requireFunction, WEBHOOK } from './functions'
import { createHttpTrigger } from './httpTrigger'
import { createInvokeApi } from './invokeApi'
import { lockFolder } from './lock'
import { listen, type Origin } from './origin'
import { readProjectFile } from './readProjectFile'
import { createTestSender } from './sendTestEmployee'
import { fillVariables, readServerlessFile } from './serverlessFile'
import type { Settings } from './settings'
import { createUndoSteps, type UndoSteps } from './undoSteps'
import { upgradeTables } from './upgradeTables'

/** What Function Compute takes in a synchronous call. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

export interface StackOptions {
  projectDir: string
  settings: Settings
  /** bundles the functions into dist/ */
  build(): Promise<unknown>
  /** whether a stop was asked for meanwhile: then no further step begins */
  isStopping(): boolean
  /** a progress line */
  report(line: string): void
  /** a line that a function wrote */
  log(line: string): void
  /** a line about what goes wrong in the stack itself */
  logFault(line: string): void
}

export interface Stack {
  webhookUrl: string
  traceUrl: string
  /** Stops everything that was started, in order. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Brings up the whole chain on one origin: database, tables, both functions, the embedded EventBridge. When a step
 * fails, what was already started is stopped.
 * @throws UserError
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const undo = createUndoSteps()
  try {
    return await start(options, undo)
  } catch (error) {
    // why it failed matters more than what then could not be stopped
    await undo.run().catch((other: unknown) => options.logFault(errorMessage(other)))
    throw error
  }
}

async function start(options: StackOptions, undo: UndoSteps): Promise<Stack> {
  const { projectDir, settings } = options
  const { environment, localDir } = settings

  undo.add(lockFolder(localDir))
  const envFile = path.join(localDir, 'env')
  removeEnvFile(envFile)
  const origin = await listen(settings.port, settings.publicHost)
  undo.add(origin.close)

  const read = (file: string) => readProjectFile(projectDir, file)
  const invoke: InvokeFunction = (name, payload, kind) =>
    invokeOnce(functions.hosts.get(name), payload, randomUUID(), kind)
  const connections = { invoke }
  const file = readEventBridgeFile(
    fillPlace(read(settings.eventBridgeFile), LOCAL_ACCOUNT),
    settings.eventBridgeFile,
    connections,
  )
  const mapping = readMapping(read('mapping.yaml'), 'mapping.yaml')
  const serverlessFunctions = readServerlessFile(read('s.yaml'))
  const database = await buildBesideDatabase(options, undo)
  goOn(options)
  await upgradeTables(database, mapping, options.report)
  goOn(options)

  const stackVariables = variablesFor(database, file.bus, environment['EVENTBRIDGE_ENDPOINT'] ?? origin.url)
  const deployed = fillVariables(serverlessFunctions, { ...environment, ...stackVariables })
  const functions = createFunctions(deployed, { projectDir, account: accountFor(environment), log: options.log })
  const webhookUrl = `${origin.url}/webhook/putEvents`
  const eventBridge = createEventBridge({
    storeFile: path.join(localDir, 'eventbridge', 'store.db'),
    file,
    connections,
    accountId: LOCAL_ACCOUNT.accountId,
    region: LOCAL_ACCOUNT.region,
    accessKeys: [LOCAL_ACCOUNT.credentials],
    faults: settings.faults,
    retention: settings.retention,
    clock: systemClock,
    random: Math.random,
    webhookUrl,
    people: {
      rowsOf: createEmployeeRows(database, mapping, environment),
      send: createTestSender(webhookUrl, environment['WEBHOOK_TOKEN']),
    },
    log: options.logFault,
  })
  undo.add(() => stopDelivering(eventBridge, [...functions.hosts.values()]))

  await functions.check()
  goOn(options)
  openDoors(origin, functions.hosts, eventBridge)
  // once more: before all else, so that nobody meets functions that are being stopped
  undo.add(origin.close)
  eventBridge.start()
  writeEnvFile(envFile, {
    ORIGIN: origin.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: LOCAL_ACCOUNT.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: LOCAL_ACCOUNT.credentials.accessKeySecret,
    FC_ACCOUNT_ID: LOCAL_ACCOUNT.accountId,
    FC_REGION_ID: LOCAL_ACCOUNT.region,
    ...stackVariables,
  })
  undo.add(() => removeEnvFile(envFile))
  return { webhookUrl, traceUrl: `${origin.url}/`, stop: undo.run }
}

function goOn({ isStopping }: StackOptions): void {
  if (isStopping()) throw new Error('stopped while starting')
}

/** The database takes longest to come up, so the functions are bundled meanwhile. */
async function buildBesideDatabase(options: StackOptions, undo: UndoSteps): Promise<Database> {
  const { projectDir, settings, report } = options
  report('building the functions …')
  const building = options.build()
  // A failed build is thrown below, once the database is known and can be stopped.
  building.catch(() => {})
  const database = await startDatabase({
    env: settings.environment,
    external: settings.external,
    dataDir: path.join(settings.localDir, 'database'),
    packagesDir: path.join(projectDir, '.local', 'mariadb'),
    report,
  })
  undo.add(database.stop)
  await building
  report(`database: ${database.description}`)
  return database
}

function openDoors(origin: Origin, functions: ReadonlyMap<string, FunctionHost>, eventBridge: EventBridge): void {
  const { accountId, region } = LOCAL_ACCOUNT
  const webhook = createHttpTrigger({
    host: requireFunction(functions, WEBHOOK),
    accountId,
    region,
    maxBodyBytes: MAX_BODY_BYTES,
    now: () => new Date(),
  })
  const invoke = createInvokeApi(functions, { maxBodyBytes: MAX_BODY_BYTES })
  origin.open({
    webhook,
    invoke,
    openApi: eventBridge.openApi,
    tracePage: eventBridge.tracePage,
    endStreams: eventBridge.endStreams,
  })
}

/** What Ctrl-C waits for; a delivery that a hung database holds up is cut off then, and made again after the next start. */
const STOP_GRACE_MS = 5_000

async function stopDelivering(eventBridge: EventBridge, hosts: readonly FunctionHost[]): Promise<void> {
  // No delivery begins any more; those under way end when the function hosts have ended, at the latest.
  const delivered = eventBridge.stop()
  await Promise.all(hosts.map((host) => host.stop(STOP_GRACE_MS)))
  await delivered
}

function variablesFor(database: Database, busName: string, endpoint: string): Record<string, string> {
  return {
    EVENTBRIDGE_ENDPOINT: endpoint,
    EVENT_BUS_NAME: busName,
    MYSQL_HOST: database.host,
    MYSQL_PORT: String(database.port),
    MYSQL_USER: database.user,
    MYSQL_PASSWORD: database.password,
    MYSQL_DATABASE: database.database,
  }
}
