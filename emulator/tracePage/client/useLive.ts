import { useEffect, useState } from 'preact/hooks'

export interface Live {
  /** another number whenever something may have changed */
  tick: number
  isLive: boolean
}

const POLL_MS = 2_000

/**
 * Hears from the server when something changed; where it does not, it is taken for granted every 2 seconds. A tab that
 * nobody sees lets go of its connection, since a browser opens only six to a server.
 */
export function useLive(): Live {
  const [tick, setTick] = useState(0)
  const [isLive, setLive] = useState(false)

  useEffect(() => {
    let stream: EventSource | undefined
    const changed = () => setTick((number) => number + 1)
    function open(): void {
      stream = new EventSource('/trace/live')
      stream.onopen = () => {
        setLive(true)
        changed()
      }
      stream.onerror = () => setLive(false)
      stream.addEventListener('change', changed)
    }
    function lookAgain(): void {
      if (document.hidden) {
        stream?.close()
        stream = undefined
      } else if (stream === undefined || stream.readyState === EventSource.CLOSED) open()
    }
    const timer = setInterval(() => {
      lookAgain()
      if (!document.hidden && stream?.readyState !== EventSource.OPEN) changed()
    }, POLL_MS)
    document.addEventListener('visibilitychange', lookAgain)
    lookAgain()
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', lookAgain)
      stream?.close()
    }
  }, [])

  return { tick, isLive }
}
