import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { systemClock } from '../emulator/clock'
import { readEventBridgeFile } from '../emulator/config/readEventBridgeFile'
import { createEventBridge, type EventBridge } from '../emulator/eventBridge'
import type { Environment } from '../shared/config'
import { readMapping } from '../shared/mapping/readMapping'
import { createTableStatements } from '../shared/mapping/tables'
import { UserError } from '../shared/userError'
import { badConfigurationOf, checkFunctions, isProbeLine } from './checkFunctions'
import { createTables } from './createTables'
import type { Database } from './database/database'
import { startDatabase } from './database/startDatabase'
import { removeEnvFile, writeEnvFile } from './envFile'
import { createFunctionHost, type FunctionHost } from './functionHost/functionHost'
import { type Account, invokeOnce, requireFunction, toDefinition } from './functions'
import { createHttpTrigger } from './httpTrigger'
import { createInvokeApi } from './invokeApi'
import { lockFolder } from './lock'
import { listen } from './origin'
import { readServerlessFile } from './serverlessFile'
import type { Settings } from './settings'

/** An account that exists nowhere but here; its keys are published, and no secret. */
const LOCAL_ACCOUNT: Account = {
  accountId: '123456789012',
  region: 'cn-hangzhou',
  credentials: { accessKeyId: 'local', accessKeySecret: 'local-is-not-a-secret' },
}
/** What Function Compute takes in a synchronous call. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

export interface StackOptions {
  projectDir: string
  settings: Settings
  /** bundles the functions into dist/ */
  build(): Promise<unknown>
  /** a progress line */
  report(line: string): void
  /** a line that a function wrote */
  log(line: string): void
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
  const undo: (() => unknown)[] = []
  const stop = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step()
  }
  try {
    return await start(options, undo, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(options: StackOptions, undo: (() => unknown)[], stop: () => Promise<void>): Promise<Stack> {
  const { projectDir, settings, report, log } = options
  const { environment, localDir, external } = settings
  const read = (file: string) => readFileOf(projectDir, file)

  undo.push(lockFolder(localDir))
  const envFile = path.join(localDir, 'env')
  removeEnvFile(envFile)
  const origin = await listen(settings.port, settings.publicHost)
  undo.push(origin.close)

  const bus = readEventBridgeFile(fill(readFileOf(projectDir, settings.eventBridgeFile)), settings.eventBridgeFile)
  const tableStatements = createTableStatements(readMapping(read('mapping.yaml'), 'mapping.yaml'))
  report('building the functions …')
  const building = options.build()
  // A failed build is thrown below, once the database is known and can be stopped.
  building.catch(() => {})
  const database = await startDatabase({
    env: environment,
    external,
    dataDir: path.join(localDir, 'database'),
    packagesDir: path.join(projectDir, '.local', 'mariadb'),
    report,
  })
  undo.push(database.stop)
  await building
  report(`database: ${database.description}`)
  await createTables(database, tableStatements)

  const stackVariables = variablesFor(database, bus.name, environment['EVENTBRIDGE_ENDPOINT'] ?? origin.url)
  const deployed = readServerlessFile(read('s.yaml'), { ...environment, ...stackVariables })
  const account = accountFor(environment)
  let badConfiguration: string | undefined
  const logOf = (line: string) => {
    badConfiguration = badConfigurationOf(line) ?? badConfiguration
    if (!isProbeLine(line)) log(line)
  }
  const functions = new Map(
    deployed.map((props) => [props.functionName, createFunctionHost(toDefinition(props, projectDir, account), logOf)]),
  )

  const webhookUrl = `${origin.url}/webhook/putEvents`
  const eventBridge = createEventBridge({
    storeFile: path.join(localDir, 'eventbridge', 'store.db'),
    bus,
    accountId: LOCAL_ACCOUNT.accountId,
    region: LOCAL_ACCOUNT.region,
    accessKey: LOCAL_ACCOUNT.credentials,
    invoke: (name, payload) => invokeOnce(functions.get(name), payload, randomUUID()),
    clock: systemClock,
    random: Math.random,
    webhookUrl,
  })
  undo.push(() => stopDelivering(eventBridge, [...functions.values()]))

  const { accountId, region } = LOCAL_ACCOUNT
  const webhook = requireFunction(functions, 'dingtalk-webhook')
  await checkFunctions(webhook, requireFunction(functions, 'dingtalk-employees'), () => badConfiguration)
  origin.open({
    webhook: createHttpTrigger({
      host: webhook,
      accountId,
      region,
      maxBodyBytes: MAX_BODY_BYTES,
      now: () => new Date(),
    }),
    openApi: eventBridge.openApi,
    invoke: createInvokeApi(functions, { maxBodyBytes: MAX_BODY_BYTES }),
    tracePage: eventBridge.tracePage,
  })
  eventBridge.start()
  undo.push(() => origin.close())
  writeEnvFile(envFile, {
    ORIGIN: origin.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: LOCAL_ACCOUNT.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: LOCAL_ACCOUNT.credentials.accessKeySecret,
    FC_ACCOUNT_ID: accountId,
    FC_REGION_ID: region,
    ...stackVariables,
  })
  undo.push(() => removeEnvFile(envFile))
  return { webhookUrl, traceUrl: `${origin.url}/`, stop }
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

/** With an EventBridge of the user's choice go the user's credentials; the embedded one knows its own alone. */
function accountFor(environment: Environment): Account {
  const { EVENTBRIDGE_ENDPOINT, ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET } = environment
  if (!EVENTBRIDGE_ENDPOINT || !ALIBABA_CLOUD_ACCESS_KEY_ID || !ALIBABA_CLOUD_ACCESS_KEY_SECRET) return LOCAL_ACCOUNT
  const credentials = {
    accessKeyId: ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    ...(environment['ALIBABA_CLOUD_SECURITY_TOKEN'] && { securityToken: environment['ALIBABA_CLOUD_SECURITY_TOKEN'] }),
  }
  return { ...LOCAL_ACCOUNT, credentials }
}

function fill(text: string): string {
  return text.replace(/\$\{region\}/g, LOCAL_ACCOUNT.region).replace(/\$\{account\}/g, LOCAL_ACCOUNT.accountId)
}

function readFileOf(projectDir: string, file: string): string {
  try {
    return fs.readFileSync(path.resolve(projectDir, file), 'utf8')
  } catch {
    throw new UserError(`${file} cannot be read.`)
  }
}
