import { randomUUID } from 'node:crypto'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { urlToHttpOptions } from 'node:url'
import { errorCode } from '../errorCode'
import type { FcCredentials } from '../fc/types'
import { jsonFields } from '../json'
import { readBody } from '../readBody'
import { EventBridgeUnavailable, eventBridgeError } from './errors'
import { failureOf, type PutEventsAnswer, readPutEventsAnswer } from './putEventsAnswer'
import { sign, stringToSign } from './signature'

const PATH = '/openapi/putEvents'
const CONTENT_TYPE = 'application/cloudevents-batch+json; charset=utf-8'
/** Limit of the answer that is read; the real one has some hundred bytes. */
const MAX_ANSWER_BYTES = 1_048_576
/** Below this another try could not be answered in time and would only add load. */
const MIN_TRY_MS = 50
const MAX_TRIES = 3
/**
 * What a try on a kept-alive socket gets of the time that is left. While an instance is frozen a NAT gateway or the service
 * may forget its connection, and then nothing comes back, not even a reset: a fresh connection must still have its time.
 */
const SHARE_OF_REUSED_SOCKET = 0.5
/** Before the third try. The second goes out at once: mostly the socket had gone stale while the instance was frozen. */
const LONGEST_PAUSE_MS = 150

export interface PutEventsOptions {
  credentials: FcCredentials
  /** The whole call ends by then, on the clock of `performance.now()`. */
  deadline: number
}

export interface EventBridgeClient {
  /**
   * Publishes events that are already serialised (CloudEvents JSON, one text each) as one batch.
   * Tries up to three times, inside the deadline, on a reset connection, a kept-alive one that says nothing, a 5xx or a
   * 429, of one event of the batch as well: an event may then arrive twice, with the same source and id.
   * @throws EventInvalid, EventBridgeUnavailable. A batch accepted in part does not throw: see FailedEntryCount.
   */
  putEvents(events: readonly string[], options: PutEventsOptions): Promise<PutEventsAnswer>
  close(): void
}

/**
 * A small client of EventBridge's PutEvents. The official SDK costs over 100 ms of cold start, speaks plain HTTP unless
 * told otherwise and never retries; it judges this client's counterpart in the tests instead.
 *
 * @param endpoint origin of the service, such as publicEndpoint gives
 */
export function createEventBridgeClient(endpoint: URL): EventBridgeClient {
  const isHttps = endpoint.protocol === 'https:'
  const startRequest = isHttps ? httpsRequest : httpRequest
  // One socket is enough: an instance serves one request at a time.
  const agent = new (isHttps ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 4, maxFreeSockets: 1 })
  // only these: node copies all that it is given, twice for each request
  const { protocol, hostname, port, path } = urlToHttpOptions(new URL(PATH, endpoint))

  const send = (
    events: readonly string[],
    { credentials, deadline }: PutEventsOptions,
    isLast: boolean,
  ): Promise<PutEventsAnswer> =>
    new Promise((resolve, reject) => {
      const body = `[${events.join(',')}]`
      const headers = signedHeaders(body, credentials)
      const request = startRequest({ protocol, hostname, port, path, method: 'POST', agent, headers }, (response) =>
        readAnswer(response, events.length).then(resolve, reject),
      )
      const leftMs = Math.max(0, deadline - performance.now())
      const reusedMs = leftMs * SHARE_OF_REUSED_SOCKET
      // known by now: a free socket is taken at once
      const isShared = request.reusedSocket && !isLast && leftMs - reusedMs > MIN_TRY_MS
      const code = isShared ? SILENT_SOCKET : 'Timeout'
      const timer = setTimeout(
        () => request.destroy(new EventBridgeUnavailable(code, 'EventBridge did not answer in time')),
        isShared ? reusedMs : leftMs,
      )
      request.on('close', () => clearTimeout(timer))
      request.on('error', (error) => reject(asUnavailable(error)))
      // nobody would hear of it else: such a request ends without an error
      request.on('upgrade', (_, socket) => {
        socket.destroy()
        reject(new EventBridgeUnavailable('Http101', 'EventBridge answered 101'))
      })
      request.end(body)
    })

  return {
    async putEvents(events, options) {
      for (let tries = 1; ; tries++) {
        const pauseMs = tries === 1 ? 0 : (LONGEST_PAUSE_MS * (1 + Math.random())) / 2
        const isLast = () => tries === MAX_TRIES || options.deadline - performance.now() < pauseMs + MIN_TRY_MS
        try {
          const answer = await send(events, options, tries === MAX_TRIES)
          if (!answer.EntryList.some((entry) => RETRYABLE.test(failureOf(entry) ?? '')) || isLast()) return answer
        } catch (error) {
          const mayPass = error instanceof EventBridgeUnavailable && RETRYABLE.test(error.code)
          if (!mayPass || isLast()) throw error
        }
        if (pauseMs > 0) await sleep(pauseMs)
      }
    },
    close: () => agent.destroy(),
  }
}

/** Where an account's EventBridge is reached from the internet. */
export function publicEndpoint(accountId: string, region: string): URL {
  return new URL(`https://${accountId}.eventbridge.${region}.aliyuncs.com`)
}

/** The code of a try on a kept-alive socket that was not answered in its share of the time. */
const SILENT_SOCKET = 'SilentSocket'

/** A stale kept-alive socket after the instance was frozen, a 5xx, throttling. Not a time-out of a fresh connection. */
const RETRYABLE = /^(ECONNRESET|EPIPE|ECONNREFUSED|SilentSocket|Http5\d\d|TooManyRequests|InternalError)$/

function signedHeaders(body: string, credentials: FcCredentials): Record<string, string> {
  const headers: Record<string, string> = {
    date: new Date().toUTCString(),
    accept: 'application/json',
    'content-type': CONTENT_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-signature-method': 'HMAC-SHA1',
    'x-acs-signature-version': '1.0',
    'x-eventbridge-version': '2015-06-06',
  }
  if (credentials.securityToken) {
    headers['x-acs-accesskey-id'] = credentials.accessKeyId
    headers['x-acs-security-token'] = credentials.securityToken
  }
  const signature = sign(stringToSign('POST', headers, PATH), credentials.accessKeySecret)
  headers['authorization'] = `acs:${credentials.accessKeyId}:${signature}`
  return headers
}

async function readAnswer(response: IncomingMessage, events: number): Promise<PutEventsAnswer> {
  const body = await readBody(response, MAX_ANSWER_BYTES).catch((error: unknown) => {
    throw asUnavailable(error)
  })
  if (body === undefined) {
    response.destroy()
    throw new EventBridgeUnavailable('AnswerTooLarge', 'EventBridge answered too much')
  }
  const fields = jsonFields(body.toString('utf8'))
  const status = response.statusCode ?? 0
  const answer = status === 200 ? readPutEventsAnswer(fields, events) : undefined
  if (answer !== undefined) return answer
  // Error bodies have lower-case keys; a load balancer's HTML has none. An error may also hide in a 200 as `Code`.
  const code = fields['code'] ?? fields['Code']
  if (status < 500 && typeof code === 'string') {
    throw eventBridgeError(code, `EventBridge answered ${status} ${code}`)
  }
  throw new EventBridgeUnavailable(
    status === 429 ? 'TooManyRequests' : `Http${status}`,
    `EventBridge answered ${status}`,
  )
}

function asUnavailable(error: unknown): Error {
  if (error instanceof EventBridgeUnavailable) return error
  const code = errorCode(error) ?? 'NetworkError'
  return new EventBridgeUnavailable(code, `no connection to EventBridge (${code})`, { cause: error })
}
