import type { Clock } from '../../shared/clock'
import { jsonFields, parseExact } from '../../shared/json'
import { type CallbackTarget, sendCallback } from '../sender/requests'
import type { PushedEvent } from './events'
import type { DingTalkFaults } from './faults'
import type { FailedCallback, KeptOrganisation } from './keepOrganisation'
import type { Stream } from './stream'

/** After a failure DingTalk tries twice more, then gives up; the list of failed ones has it three minutes later. */
const TRY_AGAIN_MS = [10_000, 30_000]
const LISTED_AFTER_MS = 180_000
/** More than the webhook of a laptop can answer at a time would only wait there, and be taken for failures. */
const POSTS_AT_ONCE = 6
const MAX_LISTED = 200
/** How much later a late one comes, at most. */
const LATE_MS = 60_000

export interface CallbackCounts {
  /** taken by the webhook */
  delivered: number
  /** given up after the last try, or lost on demand: in the list of failed ones */
  failed: number
  /** gone on demand: nowhere */
  gone: number
  /** under way, or waiting for their time */
  waiting: number
}

export interface Callbacks {
  /** Pushes an event, and again where that fails. */
  push(event: PushedEvent): void
  counts(): CallbackCounts
  /** The answer of the list of failed ones: each call clears what the one before returned. */
  takeFailed(): Record<string, unknown>
  /** Gives up those that wait: the list has them after the next start. */
  stop(): void
}

interface CallbacksOptions {
  stream: Pick<Stream, 'isHeld' | 'push'>
  /** undefined when the webhook takes none */
  target: CallbackTarget | undefined
  kept: Pick<KeptOrganisation, 'failed' | 'fail' | 'forgetFailed'>
  faults(): DingTalkFaults
  random(): number
  clock: Clock
}

export function createCallbacks({ stream, target, kept, faults, random, clock }: CallbacksOptions): Callbacks {
  const counts = { delivered: 0, failed: 0, gone: 0 }
  /** by event, what cancels its timer */
  const waiting = new Map<object, { event: PushedEvent; cancel(): void }>()
  /** due, and not yet sent */
  const due: (() => Promise<void>)[] = []
  let posting = 0
  let returned = 0
  let isStopped = false

  function push(event: PushedEvent): void {
    const { shares } = faults()
    if (random() < shares['callback-gone']) counts.gone++
    else if (!isReachable() || random() < shares['callback-lost']) giveUp(event, clock.now())
    else {
      const isLate = random() < shares['callback-late']
      later(isLate ? random() * LATE_MS : 0, event, 0)
      if (random() < shares['callback-twice']) later(random() * LATE_MS, event, 0)
    }
  }

  function isReachable(): boolean {
    return target !== undefined || stream.isHeld()
  }

  function later(ms: number, event: PushedEvent, tries: number): void {
    const key = {}
    const cancel = clock.after(ms, () => {
      due.push(() => attempt(key, event, tries))
      sendDue()
    })
    waiting.set(key, { event, cancel })
  }

  function sendDue(): void {
    while (!isStopped && posting < POSTS_AT_ONCE) {
      const send = due.shift()
      if (send === undefined) return
      posting++
      void send().finally(() => {
        posting--
        sendDue()
      })
    }
  }

  async function attempt(key: object, event: PushedEvent, tries: number): Promise<void> {
    const isTaken = stream.isHeld() ? await stream.push(event) : await post(event)
    // whoever stopped meanwhile has given it up
    if (isStopped) return
    waiting.delete(key)
    const nextMs = TRY_AGAIN_MS[tries]
    if (isTaken) counts.delivered++
    else if (nextMs !== undefined) later(nextMs, event, tries + 1)
    else giveUp(event, clock.now() + LISTED_AFTER_MS)
  }

  /** Whether the webhook answered as DingTalk wants. */
  async function post({ json, eventTime }: PushedEvent): Promise<boolean> {
    return target !== undefined && (await sendCallback(target, json, eventTime)).reply === 'success'
  }

  function giveUp({ eventType, eventTime, json }: PushedEvent, from: number): void {
    counts.failed++
    kept.fail({ eventType, eventTime, event: json, from })
  }

  return {
    push,
    counts: () => ({ ...counts, waiting: waiting.size }),
    takeFailed() {
      kept.forgetFailed(returned)
      const now = clock.now()
      // one that is further ahead failed before the clock was set back; those before it failed before it
      const isShown = ({ from }: FailedCallback) => from <= now || from > now + LISTED_AFTER_MS
      const shown = kept.failed.slice(0, kept.failed.findLastIndex(isShown) + 1)
      const page = shown.slice(0, MAX_LISTED)
      returned = page.length
      return { failed_list: page.map(listed), has_more: shown.length > page.length }
    },
    stop() {
      isStopped = true
      for (const { event, cancel } of waiting.values()) {
        cancel()
        giveUp(event, clock.now())
      }
      waiting.clear()
    },
  }
}

/** An entry has a key that is named as its event, and what lies under that has a form for each kind of event. */
function listed({ eventType, eventTime, event }: FailedCallback): Record<string, unknown> {
  const { CorpId: corpid, userId, ...rest } = jsonFields(event)
  const inner = Array.isArray(userId)
    ? { userid: userId }
    : {
        [eventType.startsWith('label_') ? 'roleLabelChange' : 'callbackData']: {
          ...rest,
          ...exactIds(event),
          CorpId: corpid,
        },
      }
  return { [eventType]: { ...inner, corpid }, call_back_tag: eventType, event_time: eventTime }
}

/** The ids of an event with all their digits. */
function exactIds(event: string): Record<string, unknown> {
  const fields = parseExact(event) as Record<string, unknown>
  const lists = Object.entries(fields).filter(
    ([name]) => name === 'deptId' || name === 'deptIds' || name === 'labelIdList',
  )
  return Object.fromEntries(lists.map(([name, ids]) => [name, (ids as unknown[]).map((id) => BigInt(String(id)))]))
}
