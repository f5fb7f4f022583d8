import { expectedReply, type Message } from '../../local/sender/messages'
import {
  type CallbackKeys,
  type ConnectorSecrets,
  connectorHeaders,
  encryptedCallback,
  postJson,
  readCallbackReply,
} from '../../local/sender/requests'
import { type Environment, setVariables } from '../../shared/config'
import { stringifyLossless } from '../../shared/json'
import { UserError } from '../../shared/userError'

const CALLBACK_KEYS = ['DINGTALK_TOKEN', 'DINGTALK_AES_KEY', 'DINGTALK_OWNER_KEYS']

/** Where messages go, and what lets them in. */
export interface Webhook {
  url: URL
  secrets: ConnectorSecrets
  /** with these a message goes signed and encrypted */
  keys: CallbackKeys | undefined
}

interface Sent {
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
  const callback = keys && encryptedCallback(url, stringifyLossless(message), keys, now)
  const body = stringifyLossless(callback?.body ?? message)
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

/**
 * What to do after a 401.
 * @param stack the variables of the local stack, where it is that one's webhook
 */
export function afterUnauthorized(
  { secrets, keys }: Pick<Webhook, 'secrets' | 'keys'>,
  stack: Environment | undefined,
  shell: Environment,
): string {
  const names = keys
    ? 'DINGTALK_TOKEN, DINGTALK_AES_KEY and DINGTALK_OWNER_KEYS'
    : 'WEBHOOK_TOKEN or CONNECTOR_API_SECRET'
  if (stack === undefined) return `Set ${names} in the shell to what this webhook has.`
  const proofs = keys ? CALLBACK_KEYS : [secrets.token ? 'WEBHOOK_TOKEN' : 'CONNECTOR_API_SECRET']
  const set = setVariables(shell)
  const others = proofs.filter((name) => set[name] !== undefined && set[name] !== stack[name])
  if (others.length > 0) {
    return `The running stack does not have this shell's ${others.join(', ')}: unset that here (send then takes the stack's), or restart npm start with it.`
  }
  const restart = 'The stack reads .env.local when it starts: restart npm start.'
  if (keys || secrets.token || secrets.apiSecret) return restart
  return `Without WEBHOOK_TOKEN the stack takes no plain event once DINGTALK_* are set: send --encrypted, or set it. ${restart}`
}

/** As many at once as the local stack has instances of a function. */
const AT_ONCE = 4

interface Counts {
  accepted: number
  /** by status */
  refused: ReadonlyMap<number, number>
}

/**
 * Sends all of them, whatever is answered.
 * @param report takes how many were answered
 * @throws UserError when nothing answers
 */
export async function sendMany(
  messages: readonly Message[],
  webhook: Webhook,
  report: (answered: number) => void,
): Promise<Counts> {
  let answered = 0
  const refused = new Map<number, number>()
  let accepted = 0
  const queue = messages.values()
  const sendFromQueue = async () => {
    for (const message of queue) {
      const { status, problem } = await sendMessage(message, webhook)
      if (problem === undefined) accepted++
      else refused.set(status, (refused.get(status) ?? 0) + 1)
      report(++answered)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sendFromQueue))
  return { accepted, refused }
}

/** e.g. `98 accepted, 2 refused with 503` */
export function showCounts({ accepted, refused }: Counts): string {
  return [`${accepted} accepted`, ...[...refused].map(([status, count]) => `${count} refused with ${status}`)].join(
    ', ',
  )
}
