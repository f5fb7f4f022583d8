import type { ServerResponse } from 'node:http'
import type { Clock } from '../../shared/clock'

interface LiveUpdates {
  /** Tells the page from now on that something changed. */
  open(res: ServerResponse): void
  /** Ends every stream, and each that is opened from now on. */
  close(): void
}

/** However fast events come, a page is told no more often. */
const AT_MOST_EVERY_MS = 250
/** A stream that says nothing is taken for dead by some proxies. */
const HEARTBEAT_MS = 15_000

/** Server-sent events that say that something changed, and not what: the page asks for what it shows. */
export function createLiveUpdates(onChange: (listener: () => void) => () => void, clock: Clock): LiveUpdates {
  const streams = new Set<ServerResponse>()
  let isTold = false
  let isClosed = false
  let cancelHeartbeat = () => {}

  const say = (text: string) => {
    // one that does not read is not written to for ever
    for (const stream of streams) if (!stream.writableNeedDrain) stream.write(text)
  }
  const stopListening = onChange(() => {
    if (isTold || streams.size === 0) return
    isTold = true
    clock.after(AT_MOST_EVERY_MS, () => {
      isTold = false
      say('event: change\ndata:\n\n')
    })
  })
  function beat(): void {
    cancelHeartbeat()
    if (streams.size === 0) return
    cancelHeartbeat = clock.after(HEARTBEAT_MS, () => {
      say(': still here\n\n')
      beat()
    })
  }

  return {
    open(res) {
      res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      if (isClosed) return void res.end()
      res.write('retry: 1000\n\n')
      streams.add(res)
      res.on('close', () => streams.delete(res))
      beat()
    },
    close() {
      isClosed = true
      stopListening()
      cancelHeartbeat()
      for (const stream of streams) stream.end()
      streams.clear()
    },
  }
}
