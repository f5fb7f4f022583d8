import type { Clock } from '../../shared/clock'
import { UserError } from '../../shared/userError'
import { type Connection, connect } from './connection'
import type { Frame } from './frame'
import { StreamRefused } from './register'

export interface StreamOptions {
  /** gives the address of the websocket, with its ticket; throws StreamRefused */
  register(): Promise<URL>
  /** whether an event was taken: else DingTalk sends it again */
  take(frame: Frame): Promise<boolean>
  tell(line: string): void
  /** a draw from 0 to 1, which spreads the attempts of many */
  random(): number
  clock: Clock
}

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000
/** One that stood so long was a good one: the next is tried at once, or after a short wait. */
const STEADY_MS = 10_000

/** An app that is not in Stream mode is, as far as we know, not refused: it hears nothing. */
const CONNECTED =
  'connected. If no event comes when you change somebody’s name, look whether the app has its events by Stream and is subscribed to them (开发配置 → 事件订阅 → Stream 模式推送).'

/**
 * Holds a connection of DingTalk Stream until it is told to stop, and opens another when that ends: at once when DingTalk
 * moves it, else after waits that grow; one at a time.
 * @throws UserError when the very first is refused for a reason that somebody must mend
 */
export async function holdStream(options: StreamOptions, stopping: AbortSignal): Promise<void> {
  const { tell, random, clock } = options
  const connections = new Set<Connection>()
  const stopped = new Promise<undefined>((resolve) => stopping.addEventListener('abort', () => resolve(undefined)))
  let failures = 0
  let wasConnected = false

  /** @returns whether DingTalk moves it; undefined when it is told to stop */
  async function holdOne(): Promise<boolean | undefined> {
    const connection = await connect(await options.register(), options, stopping)
    connections.add(connection)
    void connection.closed.then(() => connections.delete(connection))
    tell(wasConnected ? 'connected again' : CONNECTED)
    wasConnected = true
    const since = clock.now()
    const end = await Promise.race([connection.over, stopped])
    if (end === undefined) return undefined
    if (clock.now() - since >= STEADY_MS) failures = 0
    tell(end.reason)
    return end.isMoved
  }

  while (!stopping.aborted) {
    let isMoved: boolean | undefined = false
    try {
      isMoved = await holdOne()
    } catch (error) {
      if (stopping.aborted) break
      if (!(error instanceof StreamRefused)) throw error
      // later on it may be the gateway that errs
      if (error.isFinal && !wasConnected) throw new UserError(error.message)
      tell(error.message)
    }
    if (isMoved === undefined || stopping.aborted) break
    if (!isMoved || failures > 0) {
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10))
      const ms = Math.round(longest * (0.5 + random() / 2))
      tell(`trying again in ${Math.ceil(ms / 1_000)} s`)
      await wait(ms, clock, stopped)
    }
    failures++
  }
  await Promise.all([...connections].map((connection) => connection.close()))
}

async function wait(ms: number, clock: Clock, stopped: Promise<undefined>): Promise<void> {
  let cancel = () => {}
  const over = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve)
  })
  await Promise.race([over, stopped])
  cancel()
}
