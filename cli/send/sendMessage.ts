import { type CallbackKeys, encryptedCallback, readCallbackReply } from '../../local/sender/callback'
import { type ConnectorSecrets, connectorHeaders } from '../../local/sender/connectorHeaders'
import { expectedReply, type Message } from '../../local/sender/messages'
import { postJson } from '../../local/sender/postJson'
import { UserError } from '../../shared/userError'

/** Where messages go, and what lets them in. */
export interface Webhook {
  url: URL
  secrets: ConnectorSecrets
  /** with these a message goes signed and encrypted */
  keys: CallbackKeys | undefined
}

export interface Sent {
  status: number
  text: string
  /** what an encrypted reply says, where DingTalk could read it */
  reply: string | undefined
  /** why DingTalk would count it as a failure */
  problem: string | undefined
}

/** @throws UserError when nothing answers */
export async function sendMessage(message: Message, { url, secrets, keys }: Webhook): Promise<Sent> {
  const now = Date.now()
  const callback = keys && encryptedCallback(url, message, keys, now)
  const body = JSON.stringify(callback?.body ?? message)
  const { status, text } = await postJson(callback?.url ?? url, body, connectorHeaders(secrets, now)).catch(() => {
    throw new UserError(`Nothing answers at ${url.origin}. Is the stack running? npm start`)
  })
  if (status !== 200) return { status, text, reply: undefined, problem: 'The event was not accepted.' }
  const reply = keys && readCallbackReply(text, keys)
  return { status, text, reply, problem: keys && problemOf(reply, expectedReply(message)) }
}

function problemOf(reply: string | undefined, expected: string): string | undefined {
  if (reply === undefined) return 'DingTalk would not take this reply: its signature or its key is wrong.'
  return reply === expected ? undefined : `DingTalk would not take this reply: it wants "${expected}".`
}
