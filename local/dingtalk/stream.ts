import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Clock, passedOn } from '../../shared/clock'
import { isObject, jsonFields, parseLossless, stringifyLossless } from '../../shared/json'
import { type Arguments, textOf } from './calls/arguments'
import { type PushedEvent, UNIFIED_APP_ID } from './events'
import type { AppKeys } from './tokens'

const TICKET_MS = 90_000
const ACK_WITHIN_MS = 3_000
/** Between the word that it disconnects and its doing so. */
const SILENT_MS = 10_000
/** Found in no document, and assumed. */
const PING_EVERY_MS = 30_000
const MAX_FRAME_BYTES = 1024 ** 2

/** What is done to the open connections on demand. */
export const STREAM_ACTS = ['ping', 'disconnect', 'drop', 'send'] as const

export interface Stream {
  /** Gives a ticket to whoever knows the app's keys. */
  open(args: Arguments): Promise<{ status: number; body: Record<string, unknown> }>
  /** Whether somebody holds a connection: then events come by that, and not as callbacks. */
  isHeld(): boolean
  /** Sends an event to one of the connections; true when its client says that it has taken it. */
  push(event: PushedEvent): Promise<boolean>
  /** @param text for `send`: what is sent, as it is */
  act(what: (typeof STREAM_ACTS)[number], text: string): void
  counts(): Readonly<Record<string, number>>
  /** Ends all connections, and takes no more. */
  close(): void
}

interface Frame {
  type: 'SYSTEM' | 'EVENT'
  headers: Readonly<Record<string, string>>
  data: string
}

/** The path of the call that gives a ticket, with its host. */
export const OPEN_PATH = 'api/v1.0/gateway/connections/open'

/**
 * DingTalk Stream: an app gets a ticket, opens a websocket with it, and its events come there.
 * https://opensource.dingtalk.com/developerpedia/docs/learn/stream/protocol
 */
export function createStream(
  { appKey, appSecret, corpId }: AppKeys,
  { random, clock }: { random(): number; clock: Clock },
): Stream {
  /** by ticket, until when it is good */
  const tickets = new Map<string, number>()
  /** those that events go to, and what is called with each answer and, with none, at the end */
  const held = new Map<WebSocket, Set<(answer?: Record<string, unknown>) => void>>()
  const counts = { opened: 0, sent: 0, acknowledged: 0, pings: 0, pongs: 0 }

  let server: WebSocketServer | undefined

  /** On a port of its own, as DingTalk has a host for it. */
  async function listen(): Promise<number> {
    server ??= startServer()
    if (server.address() === null) await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  function startServer(): WebSocketServer {
    // the query alone: any page in a browser can connect, and a path that is no URL's must not end the process
    const mayConnect = ({ req }: { req: IncomingMessage }) =>
      isGood(new URLSearchParams(req.url?.split('?')[1]).get('ticket') ?? '')
    const rules = { maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false, verifyClient: mayConnect }
    return new WebSocketServer({ host: '127.0.0.1', port: 0, ...rules }).on('connection', hold)
  }

  /** A ticket is good for one connection. */
  function isGood(ticket: string): boolean {
    const until = tickets.get(ticket) ?? Number.NEGATIVE_INFINITY
    tickets.delete(ticket)
    return until > passedOn(clock)
  }

  function hold(socket: WebSocket): void {
    counts.opened++
    const waiting = new Set<(answer?: Record<string, unknown>) => void>()
    held.set(socket, waiting)
    const isHeld = () => held.has(socket)
    let cancel = clock.after(PING_EVERY_MS, function again() {
      if (isHeld()) void ping(socket)
      cancel = clock.after(PING_EVERY_MS, again)
    })
    socket.on('message', (bytes) => {
      const answer = jsonFields(String(bytes))
      for (const take of waiting) take(answer)
    })
    // a frame that is too long, or no text: it closes
    socket.on('error', () => {})
    socket.on('close', () => {
      held.delete(socket)
      cancel()
      for (const take of waiting) take()
    })
  }

  /** Sends a frame and waits for the answer to it; undefined when there is none in time. */
  function ask(socket: WebSocket, { type, headers, data }: Frame): Promise<Record<string, unknown> | undefined> {
    const waiting = held.get(socket)
    const messageId = randomUUID()
    const time = String(clock.now())
    const all = { ...headers, messageId, contentType: 'application/json', time }
    socket.send(JSON.stringify({ specVersion: '1.0', type, headers: all, data }))
    return new Promise((resolve) => {
      const take = (answer?: Record<string, unknown>) => {
        if (answer !== undefined && !(isObject(answer['headers']) && answer['headers']['messageId'] === messageId))
          return
        cancel()
        waiting?.delete(take)
        resolve(answer)
      }
      const cancel = clock.after(ACK_WITHIN_MS, () => take())
      waiting?.add(take)
    })
  }

  async function ping(socket: WebSocket): Promise<void> {
    counts.pings++
    const data = JSON.stringify({ opaque: randomUUID() })
    const answer = await ask(socket, { type: 'SYSTEM', headers: { topic: 'ping' }, data })
    if (answer?.['data'] === data) counts.pongs++
  }

  /** What comes by another connection now; this one is silent, and then closed. */
  function disconnect(socket: WebSocket): void {
    void ask(socket, { type: 'SYSTEM', headers: { topic: 'disconnect' }, data: '{"reason":"connection is expired"}' })
    held.delete(socket)
    socket.on(
      'close',
      clock.after(SILENT_MS, () => socket.close()),
    )
  }

  const acts: Readonly<Record<(typeof STREAM_ACTS)[number], (socket: WebSocket, text: string) => void>> = {
    ping: (socket) => void ping(socket),
    disconnect,
    drop: (socket) => socket.terminate(),
    send: (socket, text) => socket.send(text),
  }

  return {
    async open(args) {
      if (textOf(args, 'clientId') !== appKey || textOf(args, 'clientSecret') !== appSecret) {
        return { status: 401, body: { requestid: randomUUID().toUpperCase(), code: 'authFailed', message: '鉴权失败' } }
      }
      const ticket = randomUUID()
      tickets.set(ticket, passedOn(clock) + TICKET_MS)
      return { status: 200, body: { endpoint: `ws://127.0.0.1:${await listen()}/connect`, ticket } }
    },
    isHeld: () => held.size > 0,
    async push(event) {
      const socket = [...held.keys()][Math.floor(random() * held.size)]
      if (socket === undefined) return false
      counts.sent++
      const answer = await ask(socket, eventFrame(event, corpId))
      const isTaken = jsonFields(String(answer?.['data']))['status'] === 'SUCCESS'
      if (isTaken) counts.acknowledged++
      return isTaken
    },
    act(what, text) {
      for (const socket of [...held.keys()]) acts[what](socket, text)
    },
    counts: () => ({ connections: held.size, ...counts }),
    close() {
      for (const socket of server?.clients ?? []) socket.terminate()
      server?.close()
    },
  }
}

/** What a callback has beside its fields is in the headers here, as text. */
function eventFrame({ eventType, json }: PushedEvent, eventCorpId: string): Frame {
  const {
    EventType: _,
    EventTime,
    CorpId: __,
    BizId: ___,
    eventId,
    ...fields
  } = parseLossless(json) as Record<string, unknown>
  const headers = { eventType, eventCorpId, eventId: String(eventId), eventBornTime: String(EventTime) }
  return {
    type: 'EVENT',
    headers: { topic: '*', ...headers, eventUnifiedAppId: UNIFIED_APP_ID },
    data: stringifyLossless(fields),
  }
}
