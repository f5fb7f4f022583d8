import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { errorCode } from '../../shared/errorCode'

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

/**
 * Posts a text over a connection of its own and reads the answer, whatever its status; redirects are not followed.
 * Rejects when there is none, with an Error that says why by a code and nothing of the URL.
 */
export function post(url: URL, text: string, { headers, timeoutMs, lookup, signal }: PostOptions): Promise<Answer> {
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
        method: 'POST',
        // a kept connection may be closed by the server just then, which would be a failed delivery
        agent: false,
        headers: { ...headers, 'content-length': Buffer.byteLength(text) },
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
    request.end(text)
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
