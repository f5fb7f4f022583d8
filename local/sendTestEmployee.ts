import type { SendCommand, Sent } from '../emulator/tracePage/protocol'
import { isObject } from '../shared/isObject'
import { connectorBody } from './sender/connectorBody'
import { randomUserId } from './sender/person'
import { postJson } from './sender/postJson'

/**
 * Makes what sends a test event about an employee to the webhook, as DingTalk's connector would.
 * @param token the webhook's, if it has one
 */
export function createTestSender(webhookUrl: string, token: string | undefined) {
  return async function send({ action, name, userId = randomUserId() }: SendCommand): Promise<Sent> {
    const { status, text } = await postJson(new URL(webhookUrl), connectorBody(action, { userId, name }), token)
    return { status, userId, ...readAnswer(text) }
  }
}

/** PutEvents' answer, or a refusal; nothing of what is no JSON, such as the page of a proxy. */
function readAnswer(text: string): Pick<Sent, 'eventId' | 'message'> {
  const { EntryList: entries, message } = fieldsOf(text)
  const eventId = Array.isArray(entries) && isObject(entries[0]) ? entries[0]['EventId'] : undefined
  return {
    ...(typeof eventId === 'string' && { eventId }),
    ...(typeof message === 'string' && { message }),
  }
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(text)
    return isObject(answer) ? answer : {}
  } catch {
    return {}
  }
}
