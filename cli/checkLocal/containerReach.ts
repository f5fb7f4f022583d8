import { type DeployedFunction, fillVariables } from '../../local/project/serverlessFile'
import type { Environment } from '../../shared/config'
import { publicEndpoint } from '../../shared/eventbridge/client'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { UserError } from '../../shared/userError'
import { isThisMachine, mayBeRealKey } from '../beyondThisMachine'

export interface ContainerReach {
  /** what the containers of `s local` would talk to, and with which key: a line each */
  lines: string[]
  /** what of that is not on this machine: each names its variable, and where that is set */
  beyond: string[]
}

interface Given {
  /** of s.yaml, not filled in yet */
  functions: readonly DeployedFunction[]
  /** the variables as `s` has them */
  environment: Environment
  /** those of .env, to tell where one is set */
  dotEnv: Environment
}

interface Finding {
  line: string
  beyond?: string
}

/** What `s local` makes of the variables: s.yaml's, and the key that it hands to the container whatever s.yaml says. */
export function containerReach({ functions, environment, dotEnv }: Given): ContainerReach {
  const place = (name: string) => {
    const value = environment[name]
    if (!value) return `${name} is not set`
    return value === dotEnv[name] ? `${name} of .env` : `${name} of the shell`
  }
  const findings = fillVariables(functions, environment).flatMap(({ functionName, environmentVariables }) => {
    const found = [
      'EVENT_BUS_NAME' in environmentVariables ? eventBridge(environmentVariables, environment, place) : undefined,
      database(environmentVariables, place),
    ].filter((finding) => finding !== undefined)
    return found.map(({ line, ...rest }) => ({ line: `${functionName}: ${line}`, ...rest }))
  })
  const all: Finding[] = [...findings, key(environment, place)]
  return { lines: all.map(({ line }) => line), beyond: all.flatMap(({ beyond }) => beyond ?? []) }
}

type Place = (name: string) => string

function eventBridge(
  { EVENTBRIDGE_ENDPOINT: endpoint, EVENT_BUS_NAME: bus }: Environment,
  { AccountID, FC_REGION_ID }: Environment,
  place: Place,
): Finding {
  // the function makes it of what Function Compute, or `s`, says of account and region
  const url = endpoint ?? publicEndpoint(AccountID || 'account', FC_REGION_ID || 'cn-hangzhou').origin
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  const shown = URL.canParse(url) ? new URL(url).origin : 'no URL'
  const line = `EventBridge ${shown}, bus ${bus} (${place('EVENTBRIDGE_ENDPOINT')})${loopbackHint(host)}`
  if (isThisMachine(host)) return { line }
  const why = endpoint === undefined ? ', so events go to the one of the cloud' : ': it is not this machine'
  return { line, beyond: `${place('EVENTBRIDGE_ENDPOINT')}${why}` }
}

function database({ MYSQL_HOST: host, MYSQL_PORT: port, MYSQL_DATABASE: name }: Environment, place: Place) {
  if (host === undefined) return undefined
  // a URL in its place may have a password in it
  const shownHost = /^[\w.:-]+$/.test(host) ? host : '(no host name)'
  const shown = `database ${name ?? '(MYSQL_DATABASE is not set)'} at ${shownHost}:${port}`
  const line = `${shown} (${place('MYSQL_HOST')})${loopbackHint(host)}`
  return isThisMachine(host) ? { line } : { line, beyond: `${place('MYSQL_HOST')}: it is not this machine` }
}

function loopbackHint(host: string): string {
  return isLoopbackHost(host) ? '; in a container that is the container itself, see host.docker.internal' : ''
}

/**
 * `s` takes the three together, before the keys that it has stored and before `--access`; where one is missing or empty,
 * one that it has stored (tried with the CLI 3.1.10).
 */
function key({ AccountID, AccessKeyID, AccessKeySecret }: Environment, place: Place): Finding {
  if (!AccountID || !AccessKeyID || !AccessKeySecret) {
    const missing = ['AccountID', 'AccessKeyID', 'AccessKeySecret'].filter((name) => place(name).endsWith('not set'))
    return {
      line: 'both, and whatever they run: the key that s has stored',
      beyond: `${missing.join(', ')}: not set, so s takes a key that it has stored`,
    }
  }
  const line = `both, and whatever they run: the key of ${place('AccessKeyID')}`
  return mayBeRealKey(AccessKeyID)
    ? { line, beyond: `${place('AccessKeyID')}: it may be a key of the cloud` }
    : { line }
}

const SWITCH = 'S_LOCAL_EXTERNAL'

/**
 * Refuses what is beyond this machine, unless the shell asks for it.
 * @returns what to say where it does
 * @throws UserError
 */
export function allowBeyond(
  beyond: readonly string[],
  environment: Environment,
  dotEnv: Environment,
): string | undefined {
  if (beyond.length === 0) return undefined
  if (dotEnv[SWITCH] !== undefined) {
    throw new UserError(`${SWITCH} is for one call, so it counts in the shell alone. Take it out of .env.`)
  }
  if (environment[SWITCH] === '1') return `${SWITCH}=1: that is taken, though it is not on this machine.`
  throw new UserError(
    `${['This is not on this machine:', ...beyond].join('\n  ')}
Take the local stack's (set -a; . .local/env; set +a), or set ${SWITCH}=1 in the shell if that is meant. See docs/local-invoke.md.`,
  )
}
