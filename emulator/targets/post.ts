import dns from 'node:dns'
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { errorCode } from '../../shared/errorCode'
import { isLoopbackHost } from '../../shared/isLoopbackHost'

export interface PostOptions {
  headers: Readonly<Record<string, string>>
  /** for the whole answer */
  timeoutMs: number
  /** see guardHost */
  lookup?: LookupFunction | undefined
  /** what keeps connections; without, each request has one of its own */
  agents?: Agents | undefined
  signal?: AbortSignal | undefined
}

/** Connections that are kept for the next request to the same address. */
export interface Agents {
  http: http.Agent
  https: https.Agent
  /** Closes them. */
  close(): void
}

/** A server that says how long it keeps a connection is believed; from others it is closed before most of them would. */
const IDLE_MS = 4_000

export function createAgents(): Agents {
  const options = { keepAlive: true, timeout: IDLE_MS, maxFreeSockets: 64 }
  const agents = { http: new http.Agent(options), https: new https.Agent(options) }
  return {
    ...agents,
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  /** its beginning, when it is long */
  body: string
}

/** More of an answer is read and thrown away. */
const MAX_BODY_BYTES = 64 * 1024

/** See send. */
export function post(url: URL, text: string, options: PostOptions): Promise<Answer> {
  return send('POST', url, text, options)
}

/**
 * Sends a text and reads the answer, whatever its status; redirects are not followed. Rejects when there is none, with an
 * Error that says why by a code and nothing of the URL.
 *
 * A kept connection may be closed by the server just then. What went out on it is sent again, once, on a new one: nobody
 * answered, and that no event is lost is what is promised, not that none comes twice.
 * @param method of which GET and HEAD have no body
 */
export function send(method: string, url: URL, text: string, options: PostOptions): Promise<Answer> {
  const { timeoutMs, signal } = options
  const body = method === 'GET' || method === 'HEAD' ? '' : text
  return new Promise((resolve, reject) => {
    let request: http.ClientRequest
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      request.destroy()
    }, timeoutMs)
    const fail = (error: unknown) => {
      clearTimeout(timer)
      if (timedOut) return reject(new Error(`no answer within ${timeoutMs / 1000} s`))
      reject(
        new Error(signal?.aborted ? 'cut off, as the emulator stops' : `no answer: ${errorCode(error) ?? 'closed'}`),
      )
    }
    const begin = (agents: Agents | undefined) => {
      let isAnswered = false
      const own = requestOf(method, url, body, { ...options, agents })
      request = own
      request.on('response', (response) => {
        // 101 that names no protocol; the other ends the request, see close
        if (response.statusCode === 101) return void own.destroy()
        isAnswered = true
        readAnswer(response).then((answer) => {
          clearTimeout(timer)
          resolve(answer)
        }, fail)
      })
      request.on('error', (error) => {
        const wasClosed =
          request.reusedSocket && !isAnswered && ['ECONNRESET', 'EPIPE'].includes(errorCode(error) ?? '')
        if (wasClosed && !timedOut && !signal?.aborted) begin(undefined)
        else fail(error)
      })
      request.on('close', () => {
        // one that was answered 101 ends without an error, and nobody took the event
        if (!isAnswered && own === request) fail(undefined)
      })
      request.end(body)
    }
    try {
      begin(options.agents)
    } catch (error) {
      // a header or an address that Node refuses to send
      fail(error)
    }
  })
}

function requestOf(
  method: string,
  url: URL,
  body: string,
  { agents, headers, lookup, signal }: PostOptions,
): http.ClientRequest {
  const isTls = url.protocol === 'https:'
  return (isTls ? https : http).request(url, {
    method,
    agent: (isTls ? agents?.https : agents?.http) ?? false,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    ...(lookup && { lookup }),
    ...(signal && { signal }),
  })
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (bytes < MAX_BODY_BYTES) chunks.push(chunk)
    bytes += chunk.length
  }
  const body = Buffer.concat(chunks).toString('utf8', 0, MAX_BODY_BYTES)
  return { status: response.statusCode ?? 0, headers: response.headers, body }
}

const REFUSED = 'its host is not this machine, nor one of the hosts that events may be sent to'

/**
 * Guards where an event is sent: to this machine, and to the hosts that were allowed by name. Rules are often shared with
 * the cloud, and a test employee is not to show up there.
 * @returns what looks the host up when it is connected to, and refuses a name that leads elsewhere; undefined when
 *   nothing needs to be looked at then
 * @throws Error for an address elsewhere
 */
export function guardHost({ hostname }: URL, allowedHosts: readonly string[] = []): LookupFunction | undefined {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (allowedHosts.includes(host)) return undefined
  if (isIP(host) === 0) return lookUpOnThisMachine
  if (!isLoopbackHost(host)) throw new Error(REFUSED)
  return undefined
}

const lookUpOnThisMachine: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error || first === undefined) return callback(error ?? new Error('no address'), '', 0)
    if (!addresses.every(({ address }) => isLoopbackHost(address))) return callback(new HostRefused(), '', 0)
    if (options.all) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}

/** With a code, as errors of the network have. */
class HostRefused extends Error {
  override name = 'HostRefused' as const
  code = REFUSED
}

/**
 * @param key what to call it in an error, which does not quote it: it may hold a token
 * @throws Error
 */
export function parseUrl(key: string, text: string, schemes: readonly ('http' | 'https')[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && schemes.some((scheme) => url.protocol === `${scheme}:`)) return url
  throw new Error(`${key}: must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`)
}
