import { compileAuthentication } from './authenticate'
import type { WebhookConfig } from './config'
import { type CallbackReply, compileCallback, handshakeReply, type OpenedCallback } from './dingtalkCallback'
import { HttpError } from './httpError'
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
 * parsed, and only when its query could hold a signature.
 * @returns a function that throws HttpError 401, 400 or 503
 */
export function compileEnvelope(config: WebhookConfig): (request: WebhookRequest, now: () => number) => Opened {
  const mayBePlain = compileAuthentication(config)
  const callback = compileCallback(config)

  return function openEnvelope(request, now) {
    const proved = mayBePlain(request, now())
    if (!proved && !callback?.looksSigned(request)) throw unauthorized()
    const content = readContent(request)
    const encrypt = encryptOf(content.value)
    if (encrypt !== undefined) {
      if (callback === undefined) throw unauthorized()
      return openCallback(callback.open(request, encrypt, now()), now)
    }
    if (!proved) throw unauthorized()
    return { kind: 'plain', content }
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

function unauthorized(): HttpError {
  return new HttpError(401, 'Unauthorized', 'The token or the signature is missing or wrong.', {
    check: 'authentication',
  })
}
