import { useEffect, useRef, useState } from 'preact/hooks'
import { getJson } from './api'

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
        const value = await getJson<T>(asked)
        pauseMs = Math.max(minPauseMs, 3 * (performance.now() - began))
        if (!isOver) setFetched({ value, path: asked })
      } catch (error) {
        const failure = error instanceof Error ? error.message : String(error)
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
