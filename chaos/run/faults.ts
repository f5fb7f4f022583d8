import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault, FaultKind } from '../plan/schedule'
import type { ChaosDatabase } from './database'
import type { SmallDisk } from './disk'
import type { DingTalkControl } from './organisation'
import type { ChaosStack } from './stack'

export interface Faulty {
  stack: ChaosStack
  database: ChaosDatabase
  disk: SmallDisk | undefined
  dingtalk: DingTalkControl
}

/**
 * The clock is moved by no more than this to either side in all: below the five minutes that an event's time may be ahead
 * of what the functions' clock shows. What is further ahead is taken for a sender's wrong clock, and gets the time of its
 * delivery, which nobody can foretell.
 */
const MOST_SHIFT_MS = 140_000

/** Longer than s.yaml gives the employees function: it is ended while it waits for the database. */
const PAST_FUNCTION_MS = 65_000

/** Each: what makes it wrong, for as long as it lasts. */
const DOINGS: Readonly<Record<FaultKind, (fault: Fault, faulty: Faulty) => Promise<void>>> = {
  async 'stack killed'(_, { stack }) {
    await stack.kill()
    await stack.start()
  },
  'database killed': (_, { database }) => database.signal('SIGKILL'),
  'database restarted': (_, { database }) => database.signal('SIGTERM'),
  async 'database frozen'({ ms, strength }, { database }) {
    await database.signal('SIGSTOP')
    await sleep(strength > 0.9 ? PAST_FUNCTION_MS : ms)
    await database.signal('SIGCONT')
  },
  async 'database read-only'({ ms }, { database }) {
    await database.asRoot(['SET GLOBAL read_only = 1'])
    await sleep(ms)
    await database.asRoot(['SET GLOBAL read_only = 0'])
  },
  async 'disk full'({ ms }, { disk }) {
    disk?.fill()
    await sleep(ms)
    disk?.empty()
  },
  async 'database connections exhausted'({ ms }, { database }) {
    const giveBack = await database.exhaust()
    await sleep(ms)
    await giveBack()
  },
  'EventBridge fails': ({ ms, strength }, { stack }) =>
    runWith(stack, ms, `throttle=${share(strength, 30)},error=${share(strength, 10)},reset=8%,partial=15%,hang=2%`),
  'deliveries fail': ({ ms, strength }, { stack }) => runWith(stack, ms, `deliver-fail=${share(strength, 50)}`),
  async 'functions throw'({ ms, strength }, { stack }) {
    stack.control({ throwEvery: 2 + Math.floor(strength * 6) })
    await sleep(ms)
    stack.control({ throwEvery: 0 })
  },
  async 'functions time out'({ ms, strength }, { stack }) {
    stack.control({ hangEvery: 5 + Math.floor(strength * 20) })
    await sleep(ms)
    stack.control({ hangEvery: 0 })
  },
  async 'DingTalk throttles'({ ms, strength }, { dingtalk }) {
    await dingtalk.settings({ fail: `throttle=${share(strength, 60)},busy=5%,html=5%,callback-lost=20%` })
    await sleep(ms)
    await dingtalk.settings({ fail: '' })
  },
  async 'DingTalk refuses'({ ms }, { dingtalk }) {
    await dingtalk.settings({ refused: ['qyapi_get_member', 'qyapi_get_department_member'] })
    await sleep(ms)
    await dingtalk.settings({ refused: [] })
  },
  'clock forward': ({ strength }, { stack }) => moveClock(stack, 1 + strength * 100_000),
  'clock back': ({ strength }, { stack }) => moveClock(stack, -1 - strength * 100_000),
}

/** Makes something wrong, and resolves once it is over. @returns false where it cannot be done here */
export async function commit(fault: Fault, faulty: Faulty): Promise<boolean> {
  if (fault.kind === 'disk full' && faulty.disk === undefined) return false
  await DOINGS[fault.kind](fault, faulty)
  return true
}

/** From 1 to so many percent. */
function share(strength: number, most: number): string {
  return `${Math.max(1, Math.round(strength * most))}%`
}

/** Its faults are told at its start. */
async function runWith(stack: ChaosStack, ms: number, faults: string): Promise<void> {
  await stack.stop()
  await stack.start(faults)
  await sleep(ms)
  await stack.kill()
  await stack.start()
}

async function moveClock(stack: ChaosStack, ms: number): Promise<void> {
  const shiftMs = Math.round(Math.min(MOST_SHIFT_MS, Math.max(-MOST_SHIFT_MS, stack.shiftMs() + ms)))
  await Promise.resolve(stack.control({ shiftMs }))
}
