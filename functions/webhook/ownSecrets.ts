import type { WebhookConfig } from './config'
import type { WebhookRequest } from './readRequest'

/** A shorter one is part of many a text that has nothing to do with it; the proofs that a request holds are all longer. */
const SHORTEST = 8

/**
 * Removes what proves that a request may send, wherever it is said once more: proxies copy headers under names of their
 * own, and put whole URLs into them. Whoever reads the bus could send with it.
 * @returns a function that leaves out headers and query values that hold one, and blots it out of the path
 */
export function compileOwnSecrets(config: WebhookConfig): (request: WebhookRequest) => WebhookRequest {
  // DINGTALK_TOKEN is in no request, and may be an everyday word
  const { WEBHOOK_TOKEN, CONNECTOR_API_SECRET = '', DINGTALK_AES_KEY } = config
  const configured = [...WEBHOOK_TOKEN, CONNECTOR_API_SECRET, ...DINGTALK_AES_KEY]
  return (request) => {
    const { query, path } = request
    // a signature is good for as long as its window
    const given = [request.header('x-ddpaas-signature') ?? '', query['signature'] ?? '', query['msg_signature'] ?? '']
    const secrets = [...configured, ...given].filter(({ length }) => length >= SHORTEST)
    if (secrets.length === 0) return request
    const holdsOne = (text: string) => readings(text).some((read) => secrets.some((secret) => read.includes(secret)))
    const without = (values: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(values).filter(([name, value]) => !holdsOne(value) && !holdsOne(name)))
    const { headers } = request
    return { ...request, headers: without(headers), query: without(query), path: holdsOne(path) ? '/' : path }
  }
}

/** A text as it is, as what it is percent-encoded of, a URL in a URL twice, and as what its Base64 says: of `Basic …` say. */
function readings(text: string): string[] {
  const once = unescaped(text)
  const decoded = unescaped(once)
  const base64 = (decoded.match(/[\w+/-]{11,}={0,2}/g) ?? []).map((word) =>
    Buffer.from(word, 'base64').toString('latin1'),
  )
  return [text, once, decoded, ...base64]
}

function unescaped(text: string): string {
  if (!text.includes('%')) return text
  // one that is broken may stand beside one that is not
  return text.replace(/%[\da-f]{2}/gi, (sign) => String.fromCharCode(Number.parseInt(sign.slice(1), 16)))
}
