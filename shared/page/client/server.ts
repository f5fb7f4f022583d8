import { useEffect, useRef, useState } from 'preact/hooks'
import { errorMessage } from '../../errorCode'

/** What everything that fails is answered with. */
interface Failure {
  message: string
}

export interface Fetched<T> {
  /** what came last; of a former path until the new one's is there */
  value?: T
  /** the path that `value` is of */
  path?: string
  /** why the last attempt failed */
  failure?: string
}

/** A server that is gone may be back soon. */
const AFTER_FAILURE_MS = 2_000

/**
 * Fetches a path, and again whenever `tick` is another or it failed. One request at a time, and the slower the answer,
 * the rarer the question.
 */
export function useFetched<T>(path: string | undefined, tick: number, minPauseMs = 200): Fetched<T> {
  const [fetched, setFetched] = useState<Fetched<T>>({})
  const again = useRef<() => void>()
  const seenTick = useRef(tick)

  useEffect(() => {
    if (path === undefined) return setFetched({})
    const asked = path
    let isOver = false
    let isBusy = false
    let isStale = false
    async function load(): Promise<void> {
      isStale = isBusy
      if (isBusy) return
      isBusy = true
      const began = performance.now()
      let pauseMs = minPauseMs
      try {
        const value = await answerOf<T>(fetch(asked))
        pauseMs = Math.max(minPauseMs, 3 * (performance.now() - began))
        if (!isOver) setFetched({ value, path: asked })
      } catch (error) {
        const failure = errorMessage(error)
        if (!isOver) setFetched((former) => (former.path === asked ? { ...former, failure } : { failure }))
        pauseMs = AFTER_FAILURE_MS
        isStale = true
      }
      setTimeout(() => {
        isBusy = false
        if (isStale && !isOver) void load()
      }, pauseMs)
    }
    again.current = () => void load()
    void load()
    return () => {
      isOver = true
      again.current = undefined
    }
  }, [path, minPauseMs])

  useEffect(() => {
    if (seenTick.current !== tick) again.current?.()
    seenTick.current = tick
  }, [tick])

  return fetched
}

/** @throws Error with the server's words */
export async function getJson<T>(path: string): Promise<T> {
  return answerOf<T>(fetch(path))
}

/** @throws Error with the server's words */
export async function postJson<T>(path: string, body: object): Promise<T> {
  // the header tells the server that it is this page that asks: see readCommand
  const headers = { 'content-type': 'application/json', 'x-trace-page': '1' }
  return answerOf<T>(fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }))
}

/** A browser's own words for a server that is gone are in the browser's language. */
async function answerOf<T>(asking: Promise<Response>): Promise<T> {
  const [isOk, answer] = await asking
    .then(async (response) => [response.ok, (await response.json()) as unknown] as const)
    .catch(() => {
      throw new Error('The server of this page does not answer.')
    })
  if (!isOk) throw new Error((answer as Failure).message)
  return answer as T
}

interface Live {
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
