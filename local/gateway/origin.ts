import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { errorCode } from '../../shared/errorCode'
import { isContainersHost, isLoopbackHost } from '../../shared/isLoopbackHost'
import { sendJson } from '../../shared/sendJson'
import { UserError } from '../../shared/userError'

export type Door = (req: IncomingMessage, res: ServerResponse) => Promise<void>

/** What answers, by the path. */
interface Doors {
  openApi: Door
  /** the management API, at `/` */
  popApi: Door
  /** whether a request at `/` is for it */
  isPopRequest(req: IncomingMessage): boolean
  /** `/queues/…` */
  queueApi: Door
  /** `/` and `/trace/…` */
  tracePage: Door
  /** Ends the streams that would else keep the server from closing. */
  endStreams?(): void
  /** absent where the embedded EventBridge runs by itself */
  webhook?: Door
  invoke?: Door
  /** the double of a group robot */
  robot?: Door
  /** `/organisation` and `/organisation/…`; absent where the embedded EventBridge runs by itself */
  organisation?: Door
  /** present with a loopback DingTalk */
  dingtalk?: Door | undefined
}

export interface Origin {
  url: string
  /** Until this is called, every request is answered 503. */
  open(doors: Doors): void
  /** Takes no more requests and waits for those under way. */
  close(): Promise<void>
}

/** For the requests under way when the server closes. */
const CLOSE_GRACE_MS = 5_000

/**
 * The one server of a stack, for all its doors; on the loopback interface only.
 * @param publicHost a tunnel's host, see refuseHost
 * @param command what listens, for errors: `npm start`
 * @throws UserError when the port is taken
 */
export async function listen(port: number, publicHost: string | undefined, command: string): Promise<Origin> {
  let doors: Doors | undefined
  const server = http.createServer((req, res) => {
    const refusal = refuseHost(req, port, publicHost)
    if (refusal !== undefined) return sendJson(res, 403, { code: 'Forbidden', message: refusal })
    if (doors === undefined)
      return sendJson(res, 503, { code: 'Starting', message: 'The stack is starting or stopping. Try again.' })
    route(req, res, doors).catch((error: unknown) => {
      console.error(error)
      if (!res.headersSent)
        sendJson(res, 500, { code: 'InternalError', message: 'The stack failed. Its output says why.' })
    })
  })
  await bind(server, port, (other) => `PORT=${other} ${command}`)
  return {
    url: `http://127.0.0.1:${port}`,
    open(opened) {
      doors = opened
    },
    close() {
      doors?.endStreams?.()
      doors = undefined
      server.closeIdleConnections()
      // a client that never ends its request must not keep the stack from stopping
      setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS).unref()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/**
 * Checks Host and Origin, so that no page in a browser can reach the stack through a name that resolves to 127.0.0.1. A
 * loopback name with any port will do, since what passes requests on may listen on another: a container, `s local start`,
 * ssh -L. A page must be one of the stack's own.
 * @param publicHost a tunnel's host, which reaches /webhook/* alone
 * @returns why the request is refused, or undefined when it is not
 */
export function refuseHost(
  { url, headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  port: number,
  publicHost: string | undefined,
): string | undefined {
  const host = readHost(headers.host ?? '')
  const isPublic = host?.text === publicHost && url?.startsWith('/webhook/') === true
  if (!isOwnName(host?.name) && !isPublic) {
    return `This host is not served. Use http://127.0.0.1:${port}, or set PUBLIC_ORIGIN for a tunnel to /webhook/.`
  }
  const page = readOrigin(headers.origin)
  const isOwnPage = isOwnName(page?.name) && (page?.port === String(port) || page?.text === host?.text)
  if (headers.origin !== undefined && !isOwnPage && !isPublic) return 'Requests from other origins are not served.'
  return undefined
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

async function route(req: IncomingMessage, res: ServerResponse, doors: Doors): Promise<void> {
  const door = doors.isPopRequest(req) ? doors.popApi : doorFor(pathOf(req), doors)
  if (door !== undefined) return door(req, res)
  const events = doors.webhook ? 'POST /webhook/putEvents' : 'POST /openapi/putEvents'
  sendJson(res, 404, { code: 'NotFound', message: `Events go to ${events}; the event trace is at GET /.` })
}

function doorFor(pathname: string, doors: Doors): Door | undefined {
  if (pathname === '/' || pathname.startsWith('/trace/')) return doors.tracePage
  if (pathname === '/organisation' || pathname.startsWith('/organisation/')) return doors.organisation
  if (pathname.startsWith('/openapi/')) return doors.openApi
  if (pathname.startsWith('/queues/')) return doors.queueApi
  if (pathname.startsWith('/webhook/')) return doors.webhook
  if (pathname.startsWith('/2023-03-30/functions/')) return doors.invoke
  if (pathname.startsWith('/dingtalk/robot/')) return doors.robot
  if (pathname.startsWith('/dingtalk/')) return doors.dingtalk
  return undefined
}

/** As sent: resolving `..` would let /webhook/../openapi pass for a path to the webhook. */
function pathOf(req: IncomingMessage): string {
  return (req.url ?? '/').replace(/\?.*$/s, '')
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
