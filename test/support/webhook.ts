import { readConfig } from '../../functions/webhook/config'
import { createWebhook } from '../../functions/webhook/webhook'
import type { PutEventsAnswer } from '../../shared/eventbridge/putEventsAnswer'
import { mountHttp } from '../../shared/fc/mountHttp'
import { fcContext, fcHttpEvent, type RequestParts } from './fcEvent'
import { keptLog } from './logs'

export const accepted: PutEventsAnswer = {
  RequestId: 'R',
  FailedEntryCount: 0,
  EntryList: [{ EventId: 'e', TraceId: 't' }],
}

/** The time at which these webhooks live. */
export const NOW = Date.parse('2022-05-13T07:28:29.504Z')

/** What an EventBridge that takes everything answers. */
export const acceptAll = (events: readonly string[]): Promise<PutEventsAnswer> =>
  Promise.resolve({ ...accepted, EntryList: events.map(() => ({ EventId: 'e', TraceId: 't' })) })

/** A webhook behind its mount, with an EventBridge that keeps what it is given. */
export function setUpWebhook(environment: Record<string, string> = {}, putEvents = acceptAll, now = () => NOW) {
  const published: string[] = []
  const log = keptLog()
  const webhook = createWebhook({
    config: readConfig({ EVENT_BUS_NAME: 'dingtalk', ...environment }),
    putEvents: (events) => {
      published.push(...events)
      return putEvents(events)
    },
    now: () => new Date(now()),
    log,
  })
  const handler = mountHttp(webhook)
  const post = async (parts: RequestParts) => {
    const response = await handler(fcHttpEvent(parts), fcContext)
    return { ...response, json: JSON.parse(response.body) as Record<string, unknown> }
  }
  return { handler, post, published, log }
}
