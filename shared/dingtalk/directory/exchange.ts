import http from 'node:http'
import https from 'node:https'
import type { Clock } from '../../clock'
import { errorCode } from '../../errorCode'
import { readBody } from '../../readBody'
import type { HttpAnswer } from './readFailure'

/** Of the ids of one department; a page of a hundred people has some 100 KB. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024

export interface HttpCall {
  method: 'GET' | 'POST'
  headers: Readonly<Record<string, string>>
  body?: string | undefined
  timeLimitMs: number
}

/** A connection that failed, by its code; its own message may name the URL, and with that the token. */
export class ConnectionFailed extends Error {
  override name = 'ConnectionFailed' as const
  readonly code: string
  constructor(code: string) {
    super(`no connection to DingTalk (${code})`)
    this.code = code
  }
}

export interface Exchange {
  /** @throws ConnectionFailed, after the time limit as well */
  send(url: URL, call: HttpCall): Promise<HttpAnswer>
  close(): void
}

/** Sends requests and reads their answers whole, on connections that are kept. */
export function createExchange(clock: Clock): Exchange {
  const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) }
  return {
    send: (url, { method, headers, body, timeLimitMs }) =>
      new Promise((resolve, reject) => {
        const isPlain = url.protocol === 'http:'
        const request = (isPlain ? http : https).request(
          url,
          {
            method,
            agent: agents[isPlain ? 'http:' : 'https:'],
            headers: {
              accept: 'application/json',
              ...(body !== undefined && { 'content-type': 'application/json' }),
              ...headers,
            },
          },
          (response) => readAnswer(response).then(resolve, (error: unknown) => reject(failed(error))),
        )
        const cancel = clock.after(timeLimitMs, () => request.destroy(new ConnectionFailed('Timeout')))
        request.on('close', cancel)
        request.on('error', (error) => reject(failed(error)))
        // nobody would hear of it else: such a request ends without an error
        request.on('upgrade', (_, socket) => {
          socket.destroy()
          reject(new ConnectionFailed('Http101'))
        })
        request.end(body)
      }),
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

async function readAnswer(response: http.IncomingMessage): Promise<HttpAnswer> {
  const body = await readBody(response, MAX_ANSWER_BYTES)
  if (body === undefined) {
    response.destroy()
    throw new ConnectionFailed('AnswerTooLarge')
  }
  return { status: response.statusCode ?? 0, text: body.toString('utf8') }
}

function failed(error: unknown): ConnectionFailed {
  return error instanceof ConnectionFailed ? error : new ConnectionFailed(errorCode(error) ?? 'NetworkError')
}
