import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errorCode } from './errorCode'
import { isContainersHost, isLoopbackHost } from './isLoopbackHost'
import { sendJson } from './sendJson'
import { UserError } from './userError'

export type Door = (req: IncomingMessage, res: ServerResponse) => Promise<void>

/** A server for this machine alone. */
export interface OwnServer {
  url: string
  port: number
  /**
   * Until this is called, every request is answered 503.
   * @param doorFor what answers a request; undefined where nothing does
   * @param endStreams ends the streams that would else keep the server from closing
   */
  open(doorFor: (req: IncomingMessage) => Door | undefined, endStreams?: () => void): void
  /** Takes no more requests and waits for those under way. */
  close(): Promise<void>
}

interface Tunnel {
  /** which it brings to /webhook/* alone; undefined while none is named */
  host: string | undefined
  /** how one is named */
  hint: string
}

interface OwnServerOptions {
  /** 0 for any that is free */
  port: number
  /** absent where none can reach it */
  tunnel?: Tunnel
  /** answers where there is nothing */
  elsewhere(req: IncomingMessage, res: ServerResponse): void
  /** how another port is chosen, such as `PORT=8081 npm start` */
  hint(port: number): string
}

/** For the requests under way when the server closes. */
const CLOSE_GRACE_MS = 5_000

/**
 * Node's own 16 KB are too few: the SDKs of EventBridge's newer API send PutTargets' targets in the query, five at most, each
 * with templates of up to 10,240 characters, which percent-encoding makes several times as long.
 */
const MAX_HEADER_BYTES = 1024 * 1024

/**
 * Listens on the loopback interface only.
 * @throws UserError when the port is taken
 */
export async function listenHere({ port, tunnel, elsewhere, hint }: OwnServerOptions): Promise<OwnServer> {
  let doorFor: ((req: IncomingMessage) => Door | undefined) | undefined
  let endStreams = () => {}
  let listening = port
  const server = http.createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (req, res) => {
    const refusal = refuseHost(req, listening, tunnel)
    if (refusal !== undefined) return sendJson(res, 403, { code: 'Forbidden', message: refusal })
    if (doorFor === undefined)
      return sendJson(res, 503, { code: 'Starting', message: 'It is starting or stopping. Try again.' })
    const door = doorFor(req)
    if (door === undefined) return elsewhere(req, res)
    // in a promise: a door that throws at once is a failure like any other
    Promise.resolve()
      .then(() => door(req, res))
      .catch((error: unknown) => {
        console.error(error)
        if (!res.headersSent) sendJson(res, 500, { code: 'InternalError', message: 'It failed. Its output says why.' })
      })
  })
  await bind(server, port, hint)
  listening = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${listening}`,
    port: listening,
    open(opened, ends = () => {}) {
      doorFor = opened
      endStreams = ends
    },
    close() {
      endStreams()
      doorFor = undefined
      server.closeIdleConnections()
      // a client that never ends its request must not keep it from stopping
      setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS).unref()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/**
 * Checks Host and Origin, so that no page in a browser can reach a server of ours through a name that resolves to
 * 127.0.0.1. A loopback name with any port will do, since what passes requests on may listen on another: a container, `s local start`,
 * ssh -L. A page must be one of the server's own. A picture or a link has no Origin, so what a browser says of itself in
 * Sec-Fetch-* counts, too: the local keys are published, and any page could sign what a GET asks for.
 * @returns why the request is refused, or undefined when it is not
 */
export function refuseHost(
  { method, url, headers }: Pick<IncomingMessage, 'url' | 'headers'> & { method?: string | undefined },
  port: number,
  tunnel?: Tunnel,
): string | undefined {
  const host = readHost(headers.host ?? '')
  const isPublic = tunnel?.host !== undefined && host?.text === tunnel.host && url?.startsWith('/webhook/') === true
  if (!isOwnName(host?.name) && !isPublic) {
    return `This host is not served. Use http://127.0.0.1:${port}${tunnel ? `, or ${tunnel.hint}` : ''}.`
  }
  const page = readOrigin(headers.origin)
  const isOwnPage = isOwnName(page?.name) && (page?.port === String(port) || page?.text === host?.text)
  const isOfPage = headers.origin !== undefined || isOfOtherPage(headers)
  if (isOfPage && !isOwnPage && !isPublic && !isLinkToPage(method, url, headers)) {
    return 'Requests from other origins are not served.'
  }
  return undefined
}

/** What a browser says of a request that another page has made: one of another host, or of another port of this one. */
function isOfOtherPage(headers: IncomingMessage['headers']): boolean {
  return /^(cross-site|same-site)$/i.test(String(headers['sec-fetch-site'] ?? ''))
}

/** A link from anywhere opens a page of ours in the window: it only shows. What is signed in its query would do more. */
function isLinkToPage(method: string | undefined, url = '/', headers: IncomingMessage['headers']): boolean {
  const [path = '', ...query] = url.split('?')
  const opensWindow = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  const isPage = path === '/' || path === '/organisation'
  const isSigned = new URLSearchParams(query.join('?')).has('Signature')
  return method === 'GET' && headers.origin === undefined && opensWindow && isPage && !isSigned
}

interface Host {
  /** in lower case, without the dot that may end it */
  name: string
  port: string
  /** both, the default port left out */
  text: string
}

/** What a Host header says; undefined when it is none. */
function readHost(header: string): Host | undefined {
  const [, written, port = '80'] = /^(\[[\da-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(header.toLowerCase()) ?? []
  if (written === undefined) return undefined
  const name = written.replace(/\.$/, '')
  return { name, port, text: port === '80' ? name : `${name}:${port}` }
}

function readOrigin(header = ''): Host | undefined {
  return header.startsWith('http://') ? readHost(header.slice('http://'.length)) : undefined
}

/**
 * A name that a page in a browser cannot have: names under localhost are always loopback (RFC 6761), and those of
 * containers are nobody else's.
 */
function isOwnName(name: string | undefined): boolean {
  if (name === undefined) return false
  return isLoopbackHost(name) || name.endsWith('.localhost') || isContainersHost(name)
}

/**
 * Listens on the loopback interface only.
 * @param hint how another port is chosen, such as `PORT=8081 npm start`
 * @throws UserError when the port is taken, or one that only root may use
 */
export function bind(server: Server, port: number, hint: (port: number) => string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      switch (errorCode(error)) {
        case 'EADDRINUSE':
          return reject(
            new UserError(`Port ${port} is in use. Stop what uses it, or choose another: ${hint(port + 1)}`),
          )
        case 'EACCES':
          // those below 1024
          return reject(
            new UserError(`Port ${port} may not be used by this user. Choose another: ${hint(port + 8000)}`),
          )
        default:
          return reject(error)
      }
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}
