import type { IncomingMessage, ServerResponse } from 'node:http'
import { listenHere } from '../../shared/ownServer'
import type { EventBridge } from '../eventBridge'
import { answerUnknownPath } from '../unknownPath'
import { type Doors, doorOf } from './doorOf'

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
