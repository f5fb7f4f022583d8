import path from 'node:path'
import { defaultRetention, type Faults, parseFaults, type Retention, readAllowedHost } from '../../emulator'
import { type Environment, setVariables } from '../../shared/config'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { UserError } from '../../shared/userError'
import { shellWarnings } from './knownVariables'
import { dotEnvWarnings, readDotEnv, shellFirst } from './projectFiles'

/** What a command is told by the shell, by `.env.local` and by its arguments. */
export interface Settings {
  environment: Environment
  /** what is worth a look in `.env.local` and in the shell */
  warnings: readonly string[]
  /** the variables that `.env.local` has, and the shell has not */
  fromFile: ReadonlySet<string>
  port: number
  /** all state of the stack */
  localDir: string
  eventBridgeFile: string
  /** whether a database or an EventBridge that is not on this machine may be used */
  external: boolean
  /** the host that a tunnel brings to /webhook/* */
  publicHost: string | undefined
  /** hosts beyond this machine to which targets may send */
  allowedHosts: readonly string[]
  /** what is to go wrong on demand */
  faults: Faults | undefined
  /** how long the event trace goes back */
  retention: Retention
  /** how far a request's Date may be from now; not checked when undefined */
  maxClockSkewMs: number | undefined
}

export interface Arguments {
  config?: string
  external?: boolean
  fail?: string
  'allow-host'?: string[]
}

/**
 * `.env` is not read: it belongs to `s deploy` and points at the cloud. The shell goes before `.env.local`.
 * @throws UserError
 */
export function readSettings(projectDir: string, shell: Environment, args: Arguments): Settings {
  const file = path.join(projectDir, '.env.local')
  const environment = shellFirst(shell, readDotEnv(file))
  const inShell = setVariables(shell)
  const fromFile = new Set(Object.keys(environment).filter((name) => inShell[name] === undefined))
  const external = args.external ?? false
  const { EVENTBRIDGE_ENDPOINT: endpoint, MAX_CLOCK_SKEW_S: skewS } = environment
  if (endpoint !== undefined && !external && !isLoopbackUrl(endpoint)) {
    throw new UserError('EVENTBRIDGE_ENDPOINT is not on this machine. Unset it, or add --external to publish there.')
  }
  return {
    environment,
    warnings: [...dotEnvWarnings(file), ...shellWarnings(shell, (name) => environment[name] !== undefined)],
    fromFile,
    port: readPort(environment['PORT']),
    localDir: path.resolve(projectDir, environment['LOCAL_DIR'] ?? '.local'),
    eventBridgeFile: path.resolve(projectDir, args.config ?? 'eventbridge.yaml'),
    external,
    publicHost: readPublicHost(environment['PUBLIC_ORIGIN']),
    allowedHosts: (args['allow-host'] ?? []).map(readAllowedHost),
    faults: args.fail === undefined ? undefined : parseFaults(args.fail),
    retention: readRetention(environment['TRACE_DAYS'], environment['TRACE_MAX_MB']),
    maxClockSkewMs: skewS === undefined ? undefined : atLeastOne('MAX_CLOCK_SKEW_S', skewS) * 1_000,
  }
}

function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname)
}

function readPort(text: string | undefined): number {
  const port = text === undefined ? 8080 : Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new UserError('PORT must be a number from 1 to 65535, such as 8081.')
}

function readPublicHost(origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined
  if (URL.canParse(origin)) return new URL(origin).host
  throw new UserError('PUBLIC_ORIGIN must be the origin of your tunnel, such as https://example.org.')
}

function readRetention(days: string | undefined, megabytes: string | undefined): Retention {
  return {
    maxAgeMs: days === undefined ? defaultRetention.maxAgeMs : atLeastOne('TRACE_DAYS', days) * 86_400_000,
    maxBytes: megabytes === undefined ? defaultRetention.maxBytes : atLeastOne('TRACE_MAX_MB', megabytes) * 1024 ** 2,
  }
}

function atLeastOne(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new UserError(`${name} must be a whole number, at least 1.`)
}

/**
 * What parseConfig says of bad variables, with the place where each was read: `PORT (in .env.local): must be …`.
 * @param problems `NAME: what is wrong; NAME: …`
 */
export function namePlaces(
  problems: string,
  { environment, fromFile }: Pick<Settings, 'environment' | 'fromFile'>,
): string {
  return problems.replace(/(?<=^|; )[A-Z][A-Z0-9_]*(?=: )/g, (name) => {
    if (environment[name] === undefined) return name
    return `${name} (in ${fromFile.has(name) ? '.env.local' : 'the shell'})`
  })
}
