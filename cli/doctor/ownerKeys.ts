import type { WebhookConfig } from '../../functions/webhook/config'
import { type Answer, encryptedCallback, readCallbackReply } from '../../local/sender/requests'
import { type Link, ok, wrong } from '../../shared/links'
import { judgeRefusal, post } from './webhook'

/** How the webhook answered DingTalk's check of a URL, encrypted for an owner key of ours. */
interface OwnerProbe {
  owner: string
  /** what the answer says once decrypted; undefined when DingTalk could not read it */
  reply: string | undefined
  answer: Answer | string
}

/** DingTalk's handshake, which is answered and never published, once for each owner key. */
export async function probeOwnerKeys(url: URL, config: WebhookConfig): Promise<OwnerProbe[]> {
  const { DINGTALK_TOKEN: tokens, DINGTALK_AES_KEY: aesKeys, DINGTALK_OWNER_KEYS: owners } = config
  const [[token = ''], [aesKey = '']] = [tokens, aesKeys]
  const probes: OwnerProbe[] = []
  for (const owner of owners) {
    const keys = { token, aesKey, ownerKey: owner }
    const callback = encryptedCallback(url, '{"EventType":"check_url"}', keys, Date.now())
    const answer = await post(callback.url, JSON.stringify(callback.body))
    const reply = typeof answer === 'string' ? undefined : readCallbackReply(answer.text, keys)
    probes.push({ owner, reply, answer })
  }
  return probes
}

/**
 * Which key DingTalk encrypts for is seen in its own callbacks alone: the webhook opens those of the keys it knows, and
 * of any other it logs the name.
 */
export function judgeOwnerKeys(probes: readonly OwnerProbe[]): Link {
  const name = 'owner keys'
  const refused = probes.filter(({ reply }) => reply !== 'success')
  const [first] = refused
  if (first === undefined) {
    const taken = probes.map(({ owner }) => owner).join(', ')
    return ok(name, `it answers check_url for ${taken}; another that DingTalk uses is in its log: code: owner_unknown`)
  }
  const owners = refused.map(({ owner }) => owner).join(', ')
  if (typeof first.answer !== 'string' && first.answer.status === 503) {
    const step =
      'its log says which it is: code: aes_key_mismatch or owner_unknown, which names the owner key that came'
    return wrong(name, `it does not open a callback for ${owners} (503)`, step)
  }
  return judgeRefusal(name, first.answer)
}
