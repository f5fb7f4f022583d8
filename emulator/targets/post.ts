import dns from 'node:dns'
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { errorCode } from '../../shared/errorCode'
import { isLoopbackHost } from '../../shared/isLoopbackHost'

export interface PostOptions {
  headers: Record<string, string>
  /** for the whole answer */
  timeoutMs: number
  /** see guardHost */
  lookup?: LookupFunction | undefined
  signal?: AbortSignal | undefined
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
 * Sends a text over a connection of its own and reads the answer, whatever its status; redirects are not followed.
 * Rejects when there is none, with an Error that says why by a code and nothing of the URL.
 * @param method of which GET and HEAD have no body
 */
export function send(
  method: string,
  url: URL,
  text: string,
  { headers, timeoutMs, lookup, signal }: PostOptions,
): Promise<Answer> {
  const body = method === 'GET' || method === 'HEAD' ? '' : text
  return new Promise((resolve, reject) => {
    let timedOut = false
    const fail = (error: unknown) => {
      if (timedOut) return reject(new Error(`no answer within ${timeoutMs / 1000} s`))
      reject(
        new Error(signal?.aborted ? 'cut off, as the emulator stops' : `no answer: ${errorCode(error) ?? 'error'}`),
      )
    }
    const request = (url.protocol === 'https:' ? https : http).request(
      url,
      {
        method,
        // a kept connection may be closed by the server just then, which would be a failed delivery
        agent: false,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        ...(lookup && { lookup }),
        ...(signal && { signal }),
      },
      (response) => readAnswer(response).then(resolve, fail),
    )
    const timer = setTimeout(() => {
      timedOut = true
      request.destroy()
    }, timeoutMs)
    request.on('close', () => clearTimeout(timer))
    request.on('error', fail)
    request.end(body)
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
