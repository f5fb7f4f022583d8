import { setTimeout as sleep } from 'node:timers/promises'
import { encryptedCallback, postJson, readCallbackReply } from '../../local/sender/requests'
import { readCallbackKeys } from '../../local/sender/senderVariables'
import { createEventBridgeClient } from '../../shared/eventbridge/client'
import { writeCloudEvent } from '../../shared/eventbridge/cloudEvent'
import { failureOf } from '../../shared/eventbridge/putEventsAnswer'
import { jsonFields } from '../../shared/json'
import { messageOf } from '../plan/messages'
import { type Form, ownId, type Told } from '../plan/told'
import type { ChaosStack } from './stack'

/** How long DingTalk waits for an answer. */
const ANSWER_WITHIN_MS = 2_500
/** After a failure it tries twice more, then gives up. */
const TRY_AGAIN_MS = [10_000, 30_000]

const TYPES: Partial<Record<Form, string>> = {
  snapshot: 'dingtalk:Directory:Snapshot',
  roster: 'dingtalk:Directory:Roster',
}

export interface SenderOptions {
  stack: ChaosStack
  seed: number
  /** of the history, in milliseconds since 1970 */
  begin: number
  /** by how much the pauses between tries are shortened */
  quicker: number
}

export interface Sender {
  /** Sends an event as DingTalk does. @returns whether it was taken in the end */
  send(told: Told): Promise<boolean>
  /** how often it was answered what: a status, or why there was none */
  answers(): ReadonlyMap<string, number>
  /** how often it tried once more */
  retries(): number
  /** how many events were given up after the last try */
  givenUp(): number
}

/** Whoever sends: connectors, DingTalk's callbacks and pushes, and what publishes on the bus. */
export function createSender({ stack, seed, begin, quicker }: SenderOptions): Sender {
  const answers = new Map<string, number>()
  let retries = 0
  let givenUp = 0
  const webhook = new URL('/webhook/putEvents', stack.origin)
  const bus = createEventBridgeClient(new URL(stack.origin))

  async function attempt(told: Told): Promise<string> {
    const message = messageOf(told, begin, seed)
    const type = TYPES[told.form]
    if (type !== undefined) return publish(told, type, JSON.stringify(message))
    const keys = readCallbackKeys(stack.env())
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
    if (told.form === 'connector' || keys === undefined) {
      return String((await postJson(webhook, JSON.stringify(message), {}, signal)).status)
    }
    const callback = encryptedCallback(webhook, JSON.stringify(message), keys, Date.now())
    const { status, text } = await postJson(callback.url, JSON.stringify(callback.body), {}, signal)
    if (status !== 200) return String(status)
    return readCallbackReply(text, keys) === 'success' ? '200' : '200 with another reply'
  }

  /** As the functions that ask DingTalk do it, by the bus's own API. */
  async function publish(told: Told, type: string, body: string): Promise<string> {
    const { EVENT_BUS_NAME: busName = '', FC_REGION_ID: region = '', FC_ACCOUNT_ID: accountId = '' } = stack.env()
    const event = writeCloudEvent(
      { name: 'my.dingtalk', busName, region, accountId },
      { id: ownId(told, seed) ?? '', type, time: new Date(), data: `{"body":${body}}` },
    )
    const credentials = {
      accessKeyId: stack.env()['ALIBABA_CLOUD_ACCESS_KEY_ID'] ?? '',
      accessKeySecret: stack.env()['ALIBABA_CLOUD_ACCESS_KEY_SECRET'] ?? '',
    }
    const answer = await bus.putEvents([event.json], { credentials, deadline: performance.now() + ANSWER_WITHIN_MS })
    const code = answer.EntryList.map(failureOf).find((failure) => failure !== undefined)
    return code === undefined && answer.FailedEntryCount === 0 ? '200' : `200 with ${code ?? 'failed entries'}`
  }

  return {
    async send(told) {
      for (let tries = 0; ; tries++) {
        const answer = await attempt(told).catch(causeOf)
        answers.set(answer, (answers.get(answer) ?? 0) + 1)
        if (answer === '200') return true
        const pause = TRY_AGAIN_MS[tries]
        if (pause === undefined) break
        retries++
        await sleep(pause / quicker)
      }
      givenUp++
      return false
    },
    answers: () => answers,
    retries: () => retries,
    givenUp: () => givenUp,
  }
}

/** Why there was no answer: a code, and nothing that a message may quote. */
function causeOf(error: unknown): string {
  const { name, code, cause } = jsonLike(error)
  if (name === 'TimeoutError') return 'no answer in time'
  return `no answer: ${String(code ?? jsonLike(cause).code ?? name ?? 'error')}`
}

function jsonLike(error: unknown): { name?: unknown; code?: unknown; cause?: unknown } {
  return typeof error === 'object' && error !== null ? error : jsonFields('')
}
