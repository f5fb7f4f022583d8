import { createHmac } from 'node:crypto'
import { jsonFields } from '../../shared/json'
import type { TargetParam } from '../transform/compileTransform'
import { ANY_FORM, compileParams } from './params'
import { type Answer, guardHost, parseUrl, post } from './post'
import type { Connections, Target } from './target'

const TIMEOUT_MS = 15_000

/**
 * `acs.dingtalk`: a message of a group robot. Endpoint and URL are the robot's address, SecretKey signs, Body is the
 * message as JSON. DingTalk answers 200 also when it refuses, so its errcode counts. Messages over the robot's limit wait.
 * https://open.dingtalk.com/document/robots/custom-robot-access
 *
 * @throws Error that names the parameter and what to write; it quotes neither address nor secret
 */
export function compileDingtalkTarget(
  endpoint: string,
  params: readonly TargetParam[],
  connections: Connections,
): Pick<Target, 'deliver' | 'takeTurn'> {
  const { constant, text } = compileParams('acs.dingtalk', params, {
    URL: { required: true },
    SecretKey: { required: true },
    Body: { required: true, forms: ANY_FORM },
  })
  const [address, secret] = [constant('URL') ?? '', constant('SecretKey') ?? '']
  if (address !== endpoint) throw new Error('URL: must be the Endpoint, which is the address of the robot')
  const robot = parseUrl('URL', address, ['http', 'https'])
  const lookup = guardHost(robot, connections.allowedHosts)
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  return {
    takeTurn: limitOf(robot, connections),
    async deliver(eventText) {
      const url = signedUrl(robot, secret, Date.now())
      const { agents, signal } = connections
      const options = { headers, timeoutMs: TIMEOUT_MS, lookup, agents, signal }
      return toResult(await post(url, text('Body', eventText), options))
    },
  }
}

/**
 * https://open.dingtalk.com/document/robots/customize-robot-security-settings
 * @param now milliseconds since 1970; DingTalk refuses what is an hour off
 */
export function signedUrl(robot: URL, secret: string, now: number): URL {
  const url = new URL(robot)
  const signature = createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64')
  url.searchParams.set('timestamp', String(now))
  url.searchParams.set('sign', signature)
  return url
}

function toResult({ status, body }: Answer) {
  if (status >= 300) return { error: `HTTP ${status}` }
  const { errcode: code } = jsonFields(body)
  if (typeof code !== 'number') return { error: 'the answer has no errcode' }
  return code === 0 ? { answer: 'errcode 0' } : { error: `errcode ${code}` }
}

/** Above 20 messages a minute DingTalk blocks a robot for ten minutes; a second more, as not all are equally long on the way. */
const MESSAGES = 20
const SPAN_MS = 61_000

/** How much each robot sent lately: it is one robot, whichever targets send by it. */
const limitsOf = new WeakMap<Connections, Map<string, TakeTurn>>()

type TakeTurn = NonNullable<Target['takeTurn']>

function limitOf(robot: URL, connections: Connections): TakeTurn {
  const limits = limitsOf.get(connections) ?? new Map<string, TakeTurn>()
  const limit = limits.get(robot.href) ?? createRateLimit(MESSAGES, SPAN_MS)
  limitsOf.set(connections, limits.set(robot.href, limit))
  return limit
}

/** At most so many turns in any span of that length. See Target.takeTurn. */
export function createRateLimit(turns: number, spanMs: number): (now: number) => number | undefined {
  const taken: number[] = []
  return function takeTurn(now) {
    // where the clock was set back, nothing was taken after now
    for (const [at, time] of taken.entries()) taken[at] = Math.min(time, now)
    while (taken[0] !== undefined && taken[0] + spanMs <= now) taken.shift()
    const [oldest] = taken
    if (oldest !== undefined && taken.length >= turns) return oldest + spanMs
    taken.push(now)
    return undefined
  }
}
