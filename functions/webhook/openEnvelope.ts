import { compileAuthentication, unauthorized } from './authenticate'
import type { WebhookConfig } from './config'
import { type CallbackReply, compileCallback, handshakeReply, type OpenedCallback } from './dingtalkCallback'
import { type Content, parseContent, readContent } from './readContent'
import type { WebhookRequest } from './readRequest'

/** What a request holds once it has proved that it may send. */
export interface Opened {
  kind: 'plain' | 'callback' | 'handshake'
  /** undefined for a handshake, which is answered and not published */
  content?: Content
  /** what a callback is answered with once EventBridge has taken every event; a plain request gets EventBridge's answer */
  reply?(): CallbackReply
}

/**
 * Authenticates a request and opens its body. A body `{"encrypt"}` is opened by DingTalk's signature and nothing else; a
 * plain body needs the token or the connector's signature; of an unproved request only the size-limited envelope is
 * parsed, and only when its query could hold a signature. Whatever is wrong with it, the answer is the same 401.
 * @returns a function that throws HttpError 401, 400 or 503
 */
export function compileEnvelope(config: WebhookConfig): (request: WebhookRequest, now: () => number) => Opened {
  const mayBePlain = compileAuthentication(config)
  const callback = compileCallback(config)

  return function openEnvelope(request, now) {
    const proved = mayBePlain(request, now())
    if (!proved && !callback?.looksSigned(request)) throw unauthorized('authentication')
    const content = proved ? readContent(request) : readUnproved(request)
    const encrypt = encryptOf(content.value)
    if (encrypt !== undefined) {
      if (callback === undefined) throw unauthorized('authentication')
      return openCallback(callback.open(request, encrypt, now()), now)
    }
    if (!proved) throw unauthorized('authentication')
    return { kind: 'plain', content }
  }
}

/** What an envelope cannot be read for is nobody's business who has not proved anything. */
function readUnproved(request: WebhookRequest): Content {
  try {
    return readContent(request)
  } catch {
    throw unauthorized('envelope')
  }
}

function openCallback({ message, reply }: OpenedCallback, now: () => number): Opened {
  const content = parseContent(message)
  const handshake = handshakeReply(content.value)
  if (handshake !== undefined) return { kind: 'handshake', reply: () => reply(handshake, now()) }
  return { kind: 'callback', content, reply: () => reply('success', now()) }
}

/** The ciphertext of a callback's envelope; undefined for any other body. */
function encryptOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('encrypt' in value)) return undefined
  return typeof value.encrypt === 'string' ? value.encrypt : undefined
}
