import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectorBody } from '../local/sender/person'
import { connectorHeaders } from '../local/sender/requests'
import { readConnectorSecrets } from '../local/sender/senderVariables'
import { errorCode } from '../shared/errorCode'
import type { SoakedStack } from './stack'

/** As many as DingTalk is taken to have. */
export const CONNECTIONS = 50
/** The same all the time, so that the table does not grow. */
const PEOPLE = 2_000
const ANSWER_WITHIN_MS = 60_000
const DRAINED_WITHIN_MS = 120_000
const TICK_MS = 20
const MAX_TRIES = 3
const AGAIN_AFTER_MS = 1_000

export interface Load {
  /** Sends one after the other by so many connections, for so long; returns how many were accepted. */
  flood(connections: number, ms: number, stopping: AbortSignal): Promise<number>
  /** Sends so many a second while that is true; resolves once all are answered. */
  pace(perSecond: number, goesOn: () => boolean): Promise<void>
  /** Resolves once everything that was accepted is delivered, or does not become so; with how many are left. */
  drained(stopping: AbortSignal): Promise<number>
  /** events that are accepted and not delivered */
  pending(): Promise<number>
  /**
   * lost: not accepted by the last try; failed: accepted, and never stored; again: how often a status, or an error, had an event
   * sent again
   */
  counts(): { accepted: number; lost: number; failed: number; again: ReadonlyMap<string, number> }
  close(): void
}

export function createLoad({ origin, env }: Pick<SoakedStack, 'origin' | 'env'>): Load {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const url = new URL('/webhook/putEvents', origin)
  const secrets = readConnectorSecrets(env)
  const counts = { accepted: 0, lost: 0, failed: 0 }
  /** how often what was no 200 had an event sent again */
  const again = new Map<string, number>()
  let number = 0

  /** As DingTalk does, up to three times. */
  async function send(): Promise<void> {
    const about = number++
    const userId = `1411463790012${String(about % PEOPLE).padStart(5, '0')}`
    // each time with another name, so that each event changes its row
    const action = about < PEOPLE ? 'user_add_org' : 'user_modify_org'
    const body = JSON.stringify(connectorBody(action, { userId, name: `李雷 ${about}` }))
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      if (tries > 0) await sleep(AGAIN_AFTER_MS)
      const outcome = await post(body)
      if (outcome === '200') {
        counts.accepted++
        return
      }
      again.set(outcome, (again.get(outcome) ?? 0) + 1)
    }
    counts.lost++
  }

  /** The status, or why there is none. */
  function post(body: string): Promise<string> {
    const headers = {
      ...connectorHeaders(secrets, Date.now()),
      ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      referer: 'https://oapi.dingtalk.com/',
    }
    return new Promise((resolve) => {
      const failed = (error: unknown) => resolve(errorCode(error) ?? 'no answer')
      const request = http.request(url, { agent, method: 'POST', headers, timeout: ANSWER_WITHIN_MS }, (response) => {
        response.resume()
        response.once('end', () => resolve(String(response.statusCode)))
        response.once('error', failed)
      })
      request.once('timeout', () => request.destroy())
      request.once('error', failed)
      request.end(body)
    })
  }

  async function states(): Promise<Readonly<Record<string, number>>> {
    const answer = await fetch(new URL('/trace/events?limit=1', origin))
    return ((await answer.json()) as { counts: Record<string, number> }).counts
  }

  async function pending(): Promise<number> {
    const { pending = 0, retrying = 0, dead = 0, blocked = 0, 'set-aside': aside = 0 } = await states()
    counts.failed = dead + blocked + aside
    return pending + retrying
  }

  return {
    async flood(connections, ms, stopping) {
      const { accepted } = counts
      const end = performance.now() + ms
      await Promise.all(
        Array.from({ length: connections }, async () => {
          while (performance.now() < end && !stopping.aborted) await send()
        }),
      )
      return counts.accepted - accepted
    },
    async pace(perSecond, goesOn) {
      const began = performance.now()
      const underWay = new Set<Promise<void>>()
      for (let sent = 0; goesOn(); await sleep(TICK_MS)) {
        const due = ((performance.now() - began) * perSecond) / 1_000
        // what finds no connection free is sent later, and shows in the rate
        while (sent < due && underWay.size < CONNECTIONS) {
          const sending: Promise<void> = send().finally(() => underWay.delete(sending))
          underWay.add(sending)
          sent++
        }
      }
      await Promise.all(underWay)
    },
    async drained(stopping) {
      const end = performance.now() + DRAINED_WITHIN_MS
      let left = await pending()
      while (left > 0 && performance.now() < end && !stopping.aborted) {
        await sleep(50)
        left = await pending()
      }
      return left
    },
    pending,
    counts: () => ({ ...counts, again }),
    close: () => agent.destroy(),
  }
}
