import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { EventBridge, EventBridgeFile, InvokeFunction, MapEvent } from '../../emulator'
import { systemClock } from '../../shared/clock'
import type { Environment } from '../../shared/config'
import type { Mapping } from '../../shared/mapping/mapping'
import { readMappings } from '../../shared/mapping/readMappings'
import { withPlaces } from '../../shared/mapping/whereRefused'
import { startOrUndo, type UndoSteps } from '../../shared/undoSteps'
import { UserError } from '../../shared/userError'
import { type Database, mysqlVariables } from '../database/database'
import { namesServer } from '../database/namedServer'
import { nameRows } from '../database/namelessRows'
import { createRowsOf } from '../database/rowsOf'
import { startDatabase } from '../database/startDatabase'
import { upgradeTables } from '../database/upgradeTables'
import { createRobot, robotStandIns, robotVariables } from '../dingtalk/robot'
import { type FunctionHost, STOP_GRACE_MS } from '../functionHost/functionHost'
import { createOrganisationPage } from '../organisation/organisationPage'
import { accountFor, LOCAL_ACCOUNT } from '../project/account'
import { readProjectFile } from '../project/projectFiles'
import {
  type DeployedFunction,
  deployedRules,
  fillVariables,
  readServerlessFile,
  unknownFunctions,
} from '../project/serverlessFile'
import { namePlaces, type Settings } from '../project/settings'
import { readConnectorSecrets } from '../sender/senderVariables'
import { createTestSender } from '../sender/sendTestEmployee'
import { checkEventNames } from './checkEventNames'
import { openDoors } from './doors'
import { createLocalEventBridge, followLocalFile, type Running, readLocalFiles } from './embeddedEventBridge'
import { FUNCTION_LOG, openFunctionLog, tellLine } from './functionLog'
import { createFunctions, invokeOnce } from './functions'
import { takeGround } from './ground'
import { handInFirst, type LocalDingTalkOptions, startLocalDingTalk } from './localDingTalk'
import { fileSlips } from './ruleSlips'
import { keysOf, tellTestKeys, testKeys } from './testKeys'
import { startTimers } from './timers'

interface StackOptions {
  projectDir: string
  settings: Settings
  /** a loopback DingTalk beside it */
  dingtalk?: LocalDingTalkOptions | undefined
  /** bundles the functions into dist/ */
  build(): Promise<unknown>
  /** what is odd in the functions' variables and mapping.yaml, which only they can tell: a sentence each */
  slipsOf(
    functions: readonly DeployedFunction[],
    environment: Environment,
    mappings: readonly Mapping[],
    mappingText: string,
  ): string[]
  /** what an event would do, which only the functions can tell */
  mapperOf(functions: readonly DeployedFunction[], environment: Environment, running: Running): MapEvent
  /** what keeps a function from starting, as far as it shows before there is a database */
  badVariables(
    functions: readonly DeployedFunction[],
    environment: Environment,
  ): readonly { who: string; problems: string }[]
  /** a stop that is asked for meanwhile: then no further step begins, and a download ends */
  stopping: AbortSignal
  /** a progress line */
  report(line: string): void
  /** a line that a function wrote, as a person reads it */
  log(line: string): void
  /** a line about what goes wrong in the stack itself */
  logFault(line: string): void
}

export interface Stack {
  webhookUrl: string
  traceUrl: string
  /** of those that run, as s.yaml has them */
  functionNames: readonly string[]
  /** why it cannot go on, once that is so. Never rejects. */
  broken: Promise<string>
  /** Stops everything that was started, in order. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Brings up the whole chain on one origin: database, tables, both functions, the embedded EventBridge. When a step
 * fails, what was already started is stopped.
 * @throws UserError
 */
export function startStack(options: StackOptions): Promise<Stack> {
  return startOrUndo((undo) => start(options, undo), options.logFault)
}

async function start(options: StackOptions, undo: UndoSteps): Promise<Stack> {
  const { projectDir, settings } = options
  const { origin, announce, lost, lose } = await takeGround(settings, undo)
  const keys = testKeys(settings.localDir, settings.environment)
  const dingtalk =
    options.dingtalk &&
    startLocalDingTalk(options.dingtalk, settings, { ...settings.environment, ...keys.variables }, origin.url, undo)
  if (dingtalk) options.report(`DingTalk: ${dingtalk.description}`)
  const environment = { ...settings.environment, ...keys.variables, ...dingtalk?.variables }
  const read = (file: string) => readProjectFile(projectDir, file)
  const invoke: InvokeFunction = (name, payload, kind) =>
    invokeOnce(functions.hosts.get(name), payload, randomUUID(), kind)
  const serverlessFunctions = readServerlessFile(read('s.yaml'))
  const functionNames = serverlessFunctions.map(({ functionName }) => functionName)
  const connections = { invoke, allowedHosts: settings.allowedHosts, functionNames }
  const readFiles = (text: string) =>
    readLocalFiles(text, settings, connections, robotStandIns(origin.url, environment))
  const fileText = read(settings.eventBridgeFile)
  const files = readFiles(fileText)
  const [file] = files
  const allRules = files.flatMap(({ rules }) => rules)
  const hasRobot = isSentTo(allRules, robotVariables(origin.url).DINGTALK_ROBOT_URL)
  if (hasRobot)
    options.report(
      'robot: a double of DingTalk’s, as DINGTALK_ROBOT_URL is not set; the event trace shows what it says',
    )
  const mappingText = read('mapping.yaml')
  const mappings = readMappings(mappingText, 'mapping.yaml')
  const source = environment['EVENT_SOURCE_NAME'] || 'my.dingtalk'
  const slips = [
    ...settings.warnings,
    ...checkEventNames(environment, file),
    ...unknownFunctions(allRules, functionNames, LOCAL_ACCOUNT),
    // another EventBridge has rules of its own
    ...(environment['EVENTBRIDGE_ENDPOINT'] ? [] : fileSlips(files, { source, place: LOCAL_ACCOUNT }, mappings)),
    ...options.slipsOf(serverlessFunctions, environment, mappings, mappingText),
  ]
  for (const slip of slips) options.report(`mind that ${slip}`)
  for (const { who, problems } of options.badVariables(serverlessFunctions, environment)) {
    throw new UserError(`The ${who} cannot start. ${namePlaces(problems, settings)}`)
  }
  const database = await buildBesideDatabase(options, undo)
  goOn(options)
  await withPlaces(mappingText, 'mapping.yaml', () => upgradeTables(database, mappings, options.report))
  goOn(options)
  const isPrivate = !namesServer(environment)
  await nameRows(database, mappings, { environment, isPrivate }, options.report)
  goOn(options)

  const stackVariables = {
    EVENTBRIDGE_ENDPOINT: environment['EVENTBRIDGE_ENDPOINT'] ?? origin.url,
    EVENT_BUS_NAME: file.bus,
    ...mysqlVariables(database),
    ...dingtalk?.variables,
  }
  const withStack: Environment = { ...environment, ...stackVariables }
  const deployed = fillVariables(serverlessFunctions, withStack)
  const kept = openFunctionLog(path.join(settings.localDir, FUNCTION_LOG), withStack['DINGTALK_APP_KEY'])
  undo.add(kept.close)
  const functions = createFunctions(deployed, {
    projectDir,
    account: accountFor(environment),
    log(line, name) {
      kept.write(line)
      options.log(tellLine(name, line))
    },
    withPlaces: (problems) => namePlaces(problems, settings),
  })
  const webhookUrl = `${origin.url}/webhook/putEvents`
  const deployedOf = (read: readonly EventBridgeFile[]) =>
    read.map((one) => ({ ...one, ...deployedRules(one.rules, serverlessFunctions, withStack, LOCAL_ACCOUNT) }))
  const eventBridge = await createLocalEventBridge(settings, {
    files: deployedOf(files),
    connections,
    webhookUrl,
    people: {
      rowsOf: createRowsOf(database, mappings, environment),
      map: options.mapperOf(serverlessFunctions, withStack, { mappings, mappingText, file }),
      send: createTestSender(webhookUrl, readConnectorSecrets(environment)),
    },
    directoryUrl: dingtalk && '/dingtalk/control',
    robotUrl: hasRobot ? '/dingtalk/robot' : undefined,
    organisationUrl: '/organisation',
    log: options.logFault,
    lost: lose,
  })
  undo.add(() => stopDelivering(eventBridge, [...functions.hosts.values()]))

  await functions.check()
  goOn(options)
  openDoors(origin, {
    ...{
      functions,
      eventBridge,
      robot: createRobot(systemClock).handle,
      organisation: createOrganisationPage(database),
    },
    ...{ addedHeaders: keys.plainHeaders, dingtalk: dingtalk?.handle },
  })
  eventBridge.deliver()
  eventBridge.prepareTracePage()
  const readAgain = (text: string) => deployedOf(readFiles(text))
  undo.add(followLocalFile(settings, { text: fileText, bus: file.bus }, readAgain, eventBridge, options.logFault))
  if (dingtalk) undo.add(startTimers(deployed, functions.hosts, systemClock))
  if (dingtalk) await handInFirst(dingtalk, database, mappings, options.report)
  // not what stands for a variable: other commands know that themselves, see robotVariables
  const filledIn = files.flatMap((one) => Object.entries(one.filledIn)).filter(([name]) => environment[name])
  announce({ ...keysOf(environment), ...Object.fromEntries(filledIn), ...stackVariables })
  for (const line of tellTestKeys(keys)) options.report(line)
  const ended = database.keepRunning(options.logFault)
  return {
    webhookUrl,
    traceUrl: `${origin.url}/`,
    functionNames: [...functions.hosts.keys()],
    broken: Promise.race([lost, ended]),
    stop: undo.run,
  }
}

function goOn({ stopping }: StackOptions): void {
  if (stopping.aborted) throw new Error('stopped while starting')
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
    stopping: options.stopping,
  })
  undo.add(database.stop)
  await building
  report(`database: ${database.description}`)
  return database
}

async function stopDelivering(eventBridge: EventBridge, hosts: readonly FunctionHost[]): Promise<void> {
  // No delivery begins any more; those under way end when the function hosts have ended, at the latest. One that is cut
  // off then is made again after the next start.
  const delivered = eventBridge.stop()
  await Promise.all(hosts.map((host) => host.stop(STOP_GRACE_MS)))
  await delivered
}

/** Whether a target has this address. */
function isSentTo(rules: EventBridgeFile['rules'], address: string): boolean {
  return rules.some(({ targets }) => targets.some(({ Endpoint }) => Endpoint === address))
}
