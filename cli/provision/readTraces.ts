import * as z from 'zod/mini'
import type { EventBridgeApi } from './eventBridgeApi'
import { understand } from './understand'

/** One attempt to deliver an event. */
export interface Attempt {
  rule: string
  status: string
  latencyMs: number
  isDelivered: boolean
}

const steps = z.object({
  EventTraceList: z.nullish(
    z.array(
      z.object({
        RuleName: z.nullish(z.string()),
        NotifyStatus: z.nullish(z.string()),
        NotifyLatency: z.nullish(z.number()),
      }),
    ),
  ),
})

/**
 * What the event trace says of an event's deliveries; a step without NotifyStatus is none. `[200]Ok` is the one status
 * that the documents show.
 * https://help.aliyun.com/zh/eventbridge/developer-reference/api-eventbridge-2020-04-01-queryeventtraces
 */
export async function readTraces(api: EventBridgeApi, EventBusName: string, EventId: string): Promise<Attempt[]> {
  const answer = await api.call('queryEventTraces', { EventBusName, EventId })
  const { EventTraceList } = understand('queryEventTraces', steps, answer)
  return (EventTraceList ?? []).flatMap(({ RuleName, NotifyStatus, NotifyLatency }) =>
    NotifyStatus
      ? [
          {
            rule: RuleName ?? '',
            status: NotifyStatus,
            latencyMs: NotifyLatency ?? 0,
            isDelivered: /^\[?2\d\d\b/.test(NotifyStatus),
          },
        ]
      : [],
  )
}
