import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerUnknownPath } from '../../emulator'
import { type Door, listenHere, type OwnServer } from '../../shared/ownServer'

/** What answers, by the path. */
interface Doors {
  /** those of the embedded EventBridge, which are asked first */
  eventBridge(req: IncomingMessage): Door | undefined
  /** Ends the streams that would else keep the server from closing. */
  endStreams?(): void
  webhook: Door
  invoke: Door
  /** the double of a group robot */
  robot: Door
  /** `/organisation` and `/organisation/…` */
  organisation: Door
  /** present with a loopback DingTalk */
  dingtalk?: Door | undefined
}

export interface Origin extends Pick<OwnServer, 'url' | 'close'> {
  /** Until this is called, every request is answered 503. */
  open(doors: Doors): void
}

const ELSEWHERE = 'Events go to POST /webhook/putEvents; the event trace is at GET /.'
const TUNNEL = 'set PUBLIC_ORIGIN for a tunnel to /webhook/'

/**
 * The one server of a stack, for all its doors; on the loopback interface only.
 * @param publicHost a tunnel's host, which reaches /webhook/* alone
 * @param hint how another port is chosen, such as `PORT=8081 npm start`
 * @throws UserError when the port is taken
 */
export async function listen(
  port: number,
  publicHost: string | undefined,
  hint: (port: number) => string,
): Promise<Origin> {
  const elsewhere = (req: IncomingMessage, res: ServerResponse) => answerUnknownPath(req, res, ELSEWHERE)
  const server = await listenHere({ port, tunnel: { host: publicHost, hint: TUNNEL }, elsewhere, hint })
  return {
    url: server.url,
    open: (doors) => server.open((req) => doors.eventBridge(req) ?? doorFor(req, doors), doors.endStreams),
    close: server.close,
  }
}

function doorFor({ url = '/' }: IncomingMessage, doors: Doors): Door | undefined {
  // as sent: resolving `..` would let /webhook/../openapi pass for a path to the webhook
  const pathname = url.replace(/\?.*$/s, '')
  if (pathname === '/organisation' || pathname.startsWith('/organisation/')) return doors.organisation
  if (pathname.startsWith('/webhook/')) return doors.webhook
  if (pathname.startsWith('/2023-03-30/functions/')) return doors.invoke
  if (pathname.startsWith('/dingtalk/robot/')) return doors.robot
  if (pathname.startsWith('/dingtalk/')) return doors.dingtalk
  return undefined
}
