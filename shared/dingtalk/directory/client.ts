import * as z from 'zod/mini'
import type { Clock } from '../../clock'
import { isObject, parseExact, stringifyLossless } from '../../json'
import { integer } from './answers'
import { DingtalkError } from './errors'
import { ConnectionFailed, createExchange } from './exchange'
import { type Failure, readFailure } from './readFailure'
import { createThrottle } from './throttle'

/** A call that takes longer is given up, and tried again. */
const CALL_LIMIT_MS = 15_000
/** DingTalk asks for no more than three tries of what it is too busy for, after 1, 2 and 4 seconds. */
const MAX_TRIES = 3
const FIRST_PAUSE_MS = 1000
/** Throttling may last: the calls of other apps count, too. */
const MAX_WAITS = 10
const LONGEST_WAIT_MS = 30_000
/** What DingTalk names as the end of a limit is its clock's time, and ours may be wrong. */
const LONGEST_LIMIT_MS = 90_000
const BAN_MS = 5 * 60_000
/** A token is fetched anew so long before its end, or a tenth of its life, if that is shorter. */
const RENEW_EARLY_MS = 5 * 60_000

export interface DingtalkConfig {
  DINGTALK_APP_KEY: string
  DINGTALK_APP_SECRET: string
  DINGTALK_API_ENDPOINT: string
  DINGTALK_OAPI_ENDPOINT: string
  DINGTALK_CALLS_PER_S: number
}

export interface DingtalkCall {
  /** that of the new API, or of the old one */
  host: 'api' | 'oapi'
  method: 'GET' | 'POST'
  /** e.g. topapi/v2/user/get */
  path: string
  query?: Readonly<Record<string, string>>
  /** integers as bigints where they may be beyond 2^53 */
  body?: Readonly<Record<string, unknown>>
}

export interface Answered<T> {
  value: T
  /** when the call was sent: whatever happened later is not in its answer for sure */
  askedAt: number
}

export interface DingtalkClient {
  /**
   * Makes a call: with a token, at its turn, and again where that helps.
   * @throws DingtalkError
   */
  call<T>(call: DingtalkCall, schema: z.ZodMiniType<T>): Promise<Answered<T>>
  /** how many requests were sent so far, for tokens as well */
  requests(): number
  close(): void
}

interface Token {
  value: string
  renewAt: number
}

const tokenAnswer = z.object({ accessToken: z.string().check(z.minLength(1)), expireIn: integer })

/**
 * A client of DingTalk's API for one app. The official SDK lacks the calls of the old API, and costs a second of cold
 * start. An instance keeps one: its token, its rate and a ban are of all calls.
 * @param deadline until when calls may take, on the clock; asked anew at each
 */
export function createDingtalkClient(config: DingtalkConfig, clock: Clock, deadline: () => number): DingtalkClient {
  const exchange = createExchange(clock)
  const throttle = createThrottle(config.DINGTALK_CALLS_PER_S, clock)
  let token: Token | undefined
  let tokenOnItsWay: Promise<Token> | undefined
  let bannedUntil = 0
  let requests = 0

  /** One request and its answer, with what went wrong. */
  async function once(call: DingtalkCall, accessToken: string | undefined): Promise<Answered<unknown>> {
    // a ban that would last longer than one does is of before the clock was set back
    if (clock.now() < bannedUntil && bannedUntil - clock.now() <= BAN_MS) {
      throw new DingtalkError('later', 'Banned', 'DingTalk answers no calls from this address for some minutes')
    }
    const askedAt = clock.now()
    requests++
    const answer = await exchange
      .send(urlOf(call, config, accessToken), {
        method: call.method,
        headers: call.host === 'api' && accessToken !== undefined ? { 'x-acs-dingtalk-access-token': accessToken } : {},
        body: call.body && stringifyLossless(call.body),
        timeLimitMs: Math.min(CALL_LIMIT_MS, deadline() - askedAt),
      })
      .catch((error: unknown) => {
        throw error instanceof ConnectionFailed ? new FailedCall(connectionFailure(call, error)) : error
      })
    const value = parseAnswer(answer.text)
    const failure = readFailure(call.path, answer, isObject(value) ? value : undefined)
    if (failure === undefined) return { value, askedAt }
    failure.error.askedAt = askedAt
    throw new FailedCall(failure)
  }

  /** Requests until one succeeds, or nothing more can be done about it. */
  async function persist(call: DingtalkCall, tokenFor: () => Promise<Token | undefined>): Promise<Answered<unknown>> {
    const timeIsOver = () => new DingtalkError('later', 'TimeIsOver', `there was no time left for ${call.path}`)
    let tries = 0
    let waits = 0
    let hasRenewed = false
    for (;;) {
      const used = await tokenFor()
      try {
        return await throttle.run(call.path, deadline(), timeIsOver, () => once(call, used?.value))
      } catch (error) {
        if (!(error instanceof FailedCall)) throw error
        const { remedy, until, error: reason } = error.failure
        const now = clock.now()
        // not by its value: DingTalk may give the same one again
        if (remedy === 'renew' && token === used) token = undefined
        if (remedy === 'renew' && used !== undefined && !hasRenewed) {
          hasRenewed = true
        } else if (remedy === 'wait' && ++waits <= MAX_WAITS) {
          const pause = Math.min(FIRST_PAUSE_MS * 2 ** (waits - 1), LONGEST_WAIT_MS)
          const end = Math.min(Math.max(now + pause, until ?? 0), now + LONGEST_LIMIT_MS)
          if (end >= deadline()) throw reason
          throttle.hold(call.path, end)
        } else if (remedy === 'retry' && ++tries < MAX_TRIES) {
          const pause = FIRST_PAUSE_MS * 2 ** (tries - 1)
          if (now + pause >= deadline()) throw reason
          await new Promise<void>((resolve) => clock.after(pause, resolve))
        } else {
          if (remedy === 'stop') bannedUntil = now + BAN_MS
          throw reason
        }
      }
    }
  }

  async function fetchToken(): Promise<Token> {
    const body = { appKey: config.DINGTALK_APP_KEY, appSecret: config.DINGTALK_APP_SECRET }
    const call: DingtalkCall = { host: 'api', method: 'POST', path: 'v1.0/oauth2/accessToken', body }
    const { value, askedAt } = await persist(call, async () => undefined)
    const { accessToken, expireIn } = readAnswer(call, tokenAnswer, value)
    const lifeMs = expireIn * 1000
    token = { value: accessToken, renewAt: askedAt + lifeMs - Math.min(RENEW_EARLY_MS, lifeMs / 10) }
    return token
  }

  async function currentToken(): Promise<Token> {
    if (token !== undefined && clock.now() < token.renewAt) return token
    tokenOnItsWay ??= fetchToken().finally(() => {
      tokenOnItsWay = undefined
    })
    return tokenOnItsWay
  }

  return {
    async call(call, schema) {
      const { value, askedAt } = await persist(call, currentToken)
      return { value: readAnswer(call, schema, value), askedAt }
    },
    requests: () => requests,
    close: exchange.close,
  }
}

/** Never leaves the client. */
class FailedCall extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.error.message)
    this.failure = failure
  }
}

function connectionFailure({ path }: DingtalkCall, { code, message }: ConnectionFailed): Failure {
  return { remedy: 'retry', error: new DingtalkError('later', code, `${message}, at ${path}`) }
}

function urlOf({ host, path, query }: DingtalkCall, config: DingtalkConfig, accessToken: string | undefined): URL {
  const base = host === 'api' ? config.DINGTALK_API_ENDPOINT : config.DINGTALK_OAPI_ENDPOINT
  const url = new URL(`${base.replace(/\/+$/, '')}/${path}`)
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value)
  if (host === 'oapi' && accessToken !== undefined) url.searchParams.set('access_token', accessToken)
  return url
}

function parseAnswer(text: string): unknown {
  try {
    return parseExact(text)
  } catch {
    return undefined
  }
}

/** The message names the places that are not as they should be, and no value. */
function readAnswer<T>({ path }: DingtalkCall, schema: z.ZodMiniType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const places = [...new Set(result.error.issues.map((issue) => issue.path.join('.') || 'the whole'))]
  const message = `DingTalk's answer to ${path} cannot be read: ${places.slice(0, 5).join(', ')}`
  throw new DingtalkError('unreadable', 'UnreadableAnswer', message)
}
