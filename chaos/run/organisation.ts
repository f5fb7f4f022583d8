import { setTimeout as sleep } from 'node:timers/promises'
import { type Random, seededRandom } from '../../shared/seededRandom'
import type { ChaosStack } from './stack'

/** A change that DingTalk's administrator makes: a part of the control's path, and what it takes. */
export type Act = readonly [name: string, body: Readonly<Record<string, unknown>>]

/** An act so many events. */
const EVENTS_AN_ACT = 100
const MOST_ACTS = 150
const TRY_AGAIN_MS = 300

/** The life of the loopback DingTalk's organisation: hires, changes, moves, leavers who may come back, departments. */
export function makeActs(events: number, seed: number): Act[] {
  const random = seededRandom(seed ^ 0xac75)
  const here: string[] = []
  const gone: string[] = []
  const departments: string[] = []
  return Array.from({ length: Math.min(MOST_ACTS, Math.max(5, Math.floor(events / EVENTS_AN_ACT))) }, (_, index) => {
    return nextAct(random, index, { here, gone, departments })
  })
}

interface Known {
  here: string[]
  gone: string[]
  departments: string[]
}

function nextAct(random: Random, index: number, { here, gone, departments }: Known): Act {
  const drawn = random.below(10)
  const take = (list: string[]) => list.splice(random.below(list.length), 1)[0] ?? ''
  if (drawn < 2) {
    const id = String(900_000_000 + index)
    departments.push(id)
    return ['create-department', { id, name: `部门${index}`, parentId: '1' }]
  }
  if (drawn < 4 && here.length > 0)
    return ['change', { userid: random.of(here), name: `改名${index}`, title: `t${index}` }]
  if (drawn < 5 && here.length > 0 && departments.length > 0) {
    return ['move', { userid: random.of(here), departments: [random.of(departments)] }]
  }
  if (drawn < 7 && here.length > 1) {
    const userid = take(here)
    gone.push(userid)
    return ['dismiss', { userid }]
  }
  if (drawn < 8 && gone.length > 0) {
    const userid = take(gone)
    here.push(userid)
    return ['rejoin', { userid, name: `回来${index}`, departments: ['1'] }]
  }
  const userid = `chaos-${index}`
  here.push(userid)
  return ['hire', { userid, name: `新人${index}`, departments: ['1'] }]
}

export interface Organisation {
  corpId: string
  people: { userid: string; name: string }[]
  departments: { id: string; name: string }[]
}

/** The control of the loopback DingTalk. What is asked while the stack does not answer is asked again. */
export function controlOf(stack: ChaosStack) {
  async function ask(name: string, body?: unknown): Promise<unknown> {
    for (;;) {
      try {
        const response = await fetch(new URL(`/dingtalk/control/${name}`, stack.origin), {
          method: body === undefined ? 'GET' : 'POST',
          ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        })
        // 400: it was done before the answer was lost
        if (response.status === 200 || response.status === 400) return await response.json()
      } catch {
        // it is being started again
      }
      await sleep(TRY_AGAIN_MS)
    }
  }
  return {
    act: ([name, body]: Act) => ask(name, body),
    settings: (body: Readonly<Record<string, unknown>>) => ask('settings', body),
    organisation: () => ask('organisation') as Promise<Organisation>,
    counts: () => ask('counts') as Promise<{ callbacks: { waiting: number } }>,
    /** The whole walk, as the nightly timer starts it. @returns what the function answered */
    async walk(): Promise<string> {
      const url = new URL('/2023-03-30/functions/dingtalk-reconcile/invocations', stack.origin)
      const response = await fetch(url, { method: 'POST', body: '{"payload":"full"}' })
      if (response.headers.has('x-fc-error-type')) throw new Error('the walk fails')
      return await response.text()
    },
  }
}

export type DingTalkControl = ReturnType<typeof controlOf>
