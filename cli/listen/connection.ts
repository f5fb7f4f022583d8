import { once } from 'node:events'
import WebSocket from 'ws'
import type { Clock } from '../../shared/clock'
import { whereFrom } from '../../shared/logging'
import { answerTo, type Frame, readFrame } from './frame'
import { StreamRefused } from './register'

export interface Connection {
  /** when it brings nothing more: DingTalk moves it, or it is lost, and why. Never rejects. */
  over: Promise<{ isMoved: boolean; reason: string }>
  /** once the socket is closed */
  closed: Promise<void>
  /** Takes no more, waits for the events under way, and closes. */
  close(): Promise<void>
}

export interface ConnectionOptions {
  /** whether an event was taken: else DingTalk sends it again. May throw. */
  take(frame: Frame): Promise<boolean>
  tell(line: string): void
  clock: Clock
}

const HANDSHAKE_MS = 10_000
/** DingTalk says that it moves a connection, and closes it 10 s later: one that it does not close we do. */
const MOVED_MS = 20_000
const CLOSE_MS = 1_000
const PING_EVERY_MS = 30_000
/** Of a connection that says nothing, not even to a ping. */
const SILENT_MS = 90_000
/** A longer one ends the connection; the webhook takes 64 KB. */
const MAX_FRAME_BYTES = 4 * 1024 ** 2
/** Events under way at once, as a stack has instances, and those that wait; what is beyond is to come later. */
const AT_ONCE = 4
const MAX_WAITING = 1_000

/**
 * Opens a websocket of DingTalk Stream and answers what comes: pings at once, events when they have been taken. No frame
 * ends it but one that is too long, or breaks the protocol of websockets.
 * @throws StreamRefused when it does not open
 */
export async function connect(url: URL, { take, tell, clock }: ConnectionOptions, stopping: AbortSignal) {
  const socket = new WebSocket(url, {
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  })
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  let fault = ''
  // its message may name the address, and with that the ticket
  socket.on('error', (error) => {
    fault = 'code' in error && typeof error.code === 'string' ? error.code : ''
  })
  const waiting: Frame[] = []
  const working = new Set<Promise<void>>()
  let heardAt = clock.now()
  let isClosing = false
  let end: (how: { isMoved: boolean; reason: string }) => void = () => {}
  const over = new Promise<{ isMoved: boolean; reason: string }>((resolve) => {
    end = resolve
  })

  function send(text: string): void {
    // one that closes meanwhile has its answer lost, and DingTalk sends the event again
    if (socket.readyState === WebSocket.OPEN) socket.send(text, () => {})
  }

  function hear(text: string): void {
    const frame = readFrame(text)
    if (frame?.type === 'SYSTEM') hearSystem(frame)
    else if (frame?.type === 'EVENT' && frame.headers['eventType']) hearEvent(frame)
    else {
      tell('a message that is no event was left out')
      // of another kind: it is not to come again
      if (frame) send(answerTo(frame, '{}', 404))
    }
  }

  function hearEvent(frame: Frame): void {
    if (isClosing || waiting.length >= MAX_WAITING) send(answerTo(frame, ack(false)))
    else waiting.push(frame)
    work()
  }

  function hearSystem(frame: Frame): void {
    if (frame.topic === 'ping') send(answerTo(frame, frame.data))
    else if (frame.topic === 'disconnect') {
      end({ isMoved: true, reason: 'DingTalk moves the connection' })
      void closed.then(clock.after(MOVED_MS, () => socket.terminate()))
    }
  }

  /** Takes what waits, a few at once, in the order in which it came. */
  function work(): void {
    while (working.size < AT_ONCE) {
      const frame = waiting.shift()
      if (frame === undefined) return
      const done = takeOne(frame).finally(() => {
        working.delete(done)
        work()
      })
      working.add(done)
    }
  }

  async function takeOne(frame: Frame): Promise<void> {
    const isTaken = await take(frame).catch((error: unknown) => {
      tell(`an event could not be passed on: ${whereFrom(error)}`)
      return false
    })
    send(answerTo(frame, ack(isTaken)))
  }

  socket.on('message', (bytes) => {
    heardAt = clock.now()
    hear(String(bytes))
  })
  for (const sign of ['ping', 'pong'] as const) {
    socket.on(sign, () => {
      heardAt = clock.now()
    })
  }

  const giveUp = () => socket.terminate()
  stopping.addEventListener('abort', giveUp)
  let status: number | undefined
  socket.on('unexpected-response', (_, response) => {
    status = response.statusCode
    response.resume()
    socket.terminate()
  })
  await Promise.race([once(socket, 'open').catch(() => {}), closed])
  stopping.removeEventListener('abort', giveUp)
  if (socket.readyState !== WebSocket.OPEN) {
    const why = status === undefined ? fault || 'closed' : `${status}: the ticket was not taken`
    throw new StreamRefused(`No connection to ${url.host} (${why}).`)
  }

  let cancel = clock.after(PING_EVERY_MS, function look() {
    if (clock.now() - heardAt >= SILENT_MS) return socket.terminate()
    socket.ping()
    cancel = clock.after(PING_EVERY_MS, look)
  })
  socket.on('close', (code) => {
    cancel()
    end({ isMoved: false, reason: `the connection was lost (${fault || code})` })
  })

  return {
    over,
    closed,
    async close() {
      isClosing = true
      for (const frame of waiting.splice(0)) send(answerTo(frame, ack(false)))
      await Promise.all(working)
      socket.close(1000)
      void closed.then(clock.after(CLOSE_MS, () => socket.terminate()))
      await closed
    },
  } satisfies Connection
}

function ack(isTaken: boolean): string {
  return JSON.stringify({ status: isTaken ? 'SUCCESS' : 'LATER', message: isTaken ? 'OK' : 'not taken' })
}
