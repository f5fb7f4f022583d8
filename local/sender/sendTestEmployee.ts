import type { SendCommand, Sent } from '../../emulator'
import { isObject, jsonFields } from '../../shared/json'
import { connectorBody, randomUserId } from './person'
import { type ConnectorSecrets, connectorHeaders, postJson } from './requests'

/**
 * Makes what sends a test event about an employee to the webhook, as DingTalk's connector would.
 * @param secrets the webhook's, as far as it has any
 */
export function createTestSender(webhookUrl: string, secrets: ConnectorSecrets) {
  return async function send({ action, name, userId = randomUserId() }: SendCommand): Promise<Sent> {
    const body = JSON.stringify(connectorBody(action, { userId, name }))
    const { status, text } = await postJson(new URL(webhookUrl), body, connectorHeaders(secrets, Date.now()))
    return { status, userId, ...readAnswer(text) }
  }
}

/** PutEvents' answer, or a refusal; nothing of what is no JSON, such as the page of a proxy. */
function readAnswer(text: string): Pick<Sent, 'eventId' | 'message'> {
  const { EntryList: entries, message } = jsonFields(text)
  const eventId = Array.isArray(entries) && isObject(entries[0]) ? entries[0]['EventId'] : undefined
  return {
    ...(typeof eventId === 'string' && { eventId }),
    ...(typeof message === 'string' && { message }),
  }
}
