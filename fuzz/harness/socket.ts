import net from 'node:net'
import { setTimeout } from 'node:timers/promises'

export interface Exchange {
  /** the very bytes, with a pause after each where they come slowly */
  parts: readonly Buffer[]
  pauseMs: number
  /** whether the whole request is sent: then there has to be an answer, or an end */
  isWhole: boolean
}

/** So long for an answer to what is whole: the time limit of the functions, and some more. */
const ANSWER_WITHIN_MS = 12_000
/** A request that never ends is left after that. */
const LEFT_AFTER_MS = 30

/**
 * Sends bytes and reads until the server closes, or until an unfinished request is left.
 * @returns what the server said; empty where it closed without a word
 * @throws Error when a whole request has no answer in time
 */
export function exchange(port: number, { parts, pauseMs, isWhole }: Exchange): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = net.connect(port, '127.0.0.1')
    const over = AbortSignal.timeout(ANSWER_WITHIN_MS)
    const end = () => {
      socket.destroy()
      resolve(Buffer.concat(chunks))
    }
    over.addEventListener('abort', () => {
      if (socket.destroyed) return
      socket.destroy()
      reject(new Error(`neither an answer nor an end within ${ANSWER_WITHIN_MS} ms`))
    })
    socket.on('data', (chunk) => chunks.push(chunk))
    // a reset, as when the server answers before it has read all: what it said counts
    socket.on('error', end)
    socket.on('close', end)
    socket.on('connect', async () => {
      for (const part of parts) {
        if (socket.destroyed) return
        socket.write(part)
        if (pauseMs > 0) await setTimeout(pauseMs)
      }
      if (isWhole) return
      await setTimeout(LEFT_AFTER_MS)
      end()
    })
  })
}
