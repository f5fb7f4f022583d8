import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Door, listenHere } from '../../shared/ownServer'
import type { EventBridge } from '../eventBridge'
import { isPopRequest } from '../pop/popApi'
import { answerUnknownPath } from '../unknownPath'

type Doors = Pick<EventBridge, 'openApi' | 'popApi' | 'queueApi' | 'certificate' | 'tracePage'>

interface Served {
  url: string
  port: number
  /** Takes no more requests, ends streams and waits for the requests under way. */
  close(): Promise<void>
}

interface ServeOptions {
  /** 0 for any that is free */
  port: number
  /** how another port is chosen, for the error that says this one is taken */
  hint?(port: number): string
}

/**
 * Serves an emulator by itself, on the loopback interface only: the APIs of the SDKs, that of queues, and the trace page.
 * @throws UserError when the port is taken
 */
export async function serve(
  eventBridge: Doors & Pick<EventBridge, 'endStreams'> & Partial<Pick<EventBridge, 'servedAt'>>,
  { port, hint = (other) => `port: ${other}` }: ServeOptions,
): Promise<Served> {
  const elsewhere = (req: IncomingMessage, res: ServerResponse) => answerUnknownPath(req, res, ELSEWHERE)
  const server = await listenHere({ port, elsewhere, hint })
  eventBridge.servedAt?.(server.url)
  server.open((req) => doorOf(eventBridge, req), eventBridge.endStreams)
  return server
}

export const ELSEWHERE = 'Events go to POST /openapi/putEvents; the event trace is at GET /.'

/** Which of an emulator's doors a request is for; undefined where it is for none. */
export function doorOf(eventBridge: Doors, req: IncomingMessage): Door | undefined {
  if (isPopRequest(req)) return eventBridge.popApi
  // as sent: what is behind a `..` is none of ours
  const pathname = (req.url ?? '/').replace(/\?.*$/s, '')
  if (pathname === '/' || pathname.startsWith('/trace/')) return eventBridge.tracePage
  if (pathname.startsWith('/x509_public_certificate_')) return eventBridge.certificate
  if (pathname.startsWith('/openapi/')) return eventBridge.openApi
  if (pathname.startsWith('/queues/')) return eventBridge.queueApi
  return undefined
}
