import { stringify } from 'lossless-json'
import { isObject } from '../../shared/isObject'
import { parseLossless } from '../../shared/losslessJson'
import type { EventTrace } from '../store/traces'
import { maskAnswer, maskEvent } from './maskPersonalData'
import type { EventDetail, ListedEvent } from './protocol'

/** An event as a list shows it: personal data always masked. */
export function listEvent(trace: EventTrace): ListedEvent {
  const { seq, bus, id, source, type, receivedAt, state, mismatches } = trace
  const action = actionOf(JSON.parse(trace.json))
  return {
    ...{ seq, bus, id, source, type, receivedAt, state, mismatches },
    ...(action !== undefined && { action }),
    deliveries: deliveriesOf(trace, false),
  }
}

/** Everything that is known of an event. */
export function showEvent(trace: EventTrace, reveal: boolean): EventDetail {
  const event = reveal ? parseLossless(trace.json) : maskEvent(trace.json)
  return {
    ...listEvent(trace),
    traceId: trace.traceId,
    deadLetters: trace.deadLetters,
    deliveries: deliveriesOf(trace, reveal),
    event: stringify(event, null, 2) ?? '',
  }
}

/** What DingTalk calls it, by whichever way it came. */
function actionOf(event: unknown): string | undefined {
  const data = isObject(event) ? event['data'] : undefined
  const body = isObject(data) ? data['body'] : undefined
  if (!isObject(body)) return undefined
  return [body['syncAction'], body['EventType'], body['eventType']].find((value) => typeof value === 'string')
}

/** An error is in the emulator's own words and needs no mask. */
function deliveriesOf({ deliveries }: EventTrace, reveal: boolean): ListedEvent['deliveries'] {
  return deliveries.map(({ rule, target, state, nextAttemptAt, tries }) => ({
    ...{ rule, target, state, nextAttemptAt },
    tries: tries.map(({ answer, ...attempt }) => ({
      ...attempt,
      answer: answer === null || reveal ? answer : maskAnswer(answer),
    })),
  }))
}
