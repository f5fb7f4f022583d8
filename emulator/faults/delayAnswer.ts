import type { ServerResponse } from 'node:http'
import type { Clock } from '../clock'

/**
 * Holds an answer back by so many milliseconds: whoever writes it goes on at once, so that the event is accepted and may
 * be delivered before its sender knows. The head waits too, as Node sends it with the first bytes of the body.
 */
export function delayAnswer(res: ServerResponse, ms: number, clock: Clock): void {
  const end: (body?: unknown) => ServerResponse = res.end.bind(res)
  res.end = (body?: unknown) => {
    // to a client that has gone meanwhile it is written in vain, which is harmless
    clock.after(ms, () => end(body))
    return res
  }
}
