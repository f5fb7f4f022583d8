import { type Clock, systemClock } from '../../clock'
import { createEventBridgeClient } from '../../eventbridge/client'
import { createPublisher, type Publisher } from '../../eventbridge/publisher'
import { credentialsOf, type EventBridgeConfig, eventBridgeEndpoint, eventSourceOf } from '../../eventbridge/variables'
import type { FcContext } from '../../fc/types'
import { createDingtalkClient, type DingtalkConfig } from './client'
import { createDirectory, type Directory } from './directory'
import { createDirectoryEvents, type DirectoryEvents } from './events'

/** EventBridge answers within milliseconds. */
const PUBLISH_LIMIT_MS = 10_000
/** What is left of an invocation to publish what is at hand, to report an error and to answer. */
const RESERVE_MS = 15_000

export type DirectoryConfig = DingtalkConfig & EventBridgeConfig & { DINGTALK_CORP_ID: string; DROP_FIELDS: string[] }

/** What reads an organisation and publishes what it finds works with. */
export interface Tools {
  directory: Directory
  events: DirectoryEvents
  publisher: Publisher
}

/** An instance of a function that reads DingTalk's directory. It keeps the token, and the rate at which it may call. */
export interface DirectoryInstance {
  /**
   * Begins an invocation. Its calls end earlier than the function would be ended, so that a service that does not answer is
   * an error with a name, and not a killed instance.
   * @param fallbackS the function's time limit, for a context that does not say
   * @returns also whether by now too little of that time is left to begin something that may take its time
   */
  begin(context: FcContext, fallbackS: number): Tools & { isLate(): boolean }
  /** how many requests went to DingTalk so far */
  requests(): number
}

/** @throws ConfigError */
export function openInstance(config: DirectoryConfig, clock: Clock = systemClock): DirectoryInstance {
  // an instance has one invocation at a time
  let deadline = Number.POSITIVE_INFINITY
  const dingtalk = createDingtalkClient(config, clock, () => deadline)
  const bus = createEventBridgeClient(eventBridgeEndpoint(config))
  const { DINGTALK_CORP_ID: corpId, DROP_FIELDS: dropFields } = config
  return {
    begin(context, fallbackS) {
      const limitMs = (context.function?.timeout ?? fallbackS) * 1000
      const callsMs = Math.max(limitMs - RESERVE_MS, limitMs / 2)
      deadline = clock.now() + callsMs
      const putEvents = (batch: readonly string[]) => {
        const limit = performance.now() + PUBLISH_LIMIT_MS
        return bus.putEvents(batch, { credentials: credentialsOf(context, config), deadline: limit })
      }
      return {
        directory: createDirectory(dingtalk),
        events: createDirectoryEvents(eventSourceOf(context, config), corpId, dropFields, clock.now),
        publisher: createPublisher(putEvents, clock),
        isLate: () => clock.now() >= deadline - callsMs / 3,
      }
    },
    requests: dingtalk.requests,
  }
}
