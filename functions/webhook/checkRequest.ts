import { clientAddress, compileAddresses } from './addressList'
import type { WebhookConfig } from './config'
import { HttpError } from './httpError'
import type { WebhookRequest } from './readRequest'
import { compileReferers } from './refererList'

/** What an event can come in; binary types would be mangled on the way, as the hosted source does it. */
const MEDIA_TYPE = /^(application\/(json|[\w.+-]+\+json|x-www-form-urlencoded|xml)|text\/[\w.+-]+)\s*(;|$)/i

/**
 * The checks that need no body, compiled once, cheap before dear: method, source address, referer, size, encoding.
 * @returns a function that throws HttpError 405, 403, 413 or 415
 */
export function compileChecks(config: WebhookConfig): (request: WebhookRequest) => void {
  const allow = config.ALLOWED_METHODS.join(', ')
  const isAllowedAddress = compileAddresses(config.ALLOWED_IPS)
  const isTrustedProxy = compileAddresses(config.TRUSTED_PROXIES)
  const isAllowedReferer = compileReferers(config.ALLOWED_REFERERS)

  return function checkRequest(request) {
    if (!config.ALLOWED_METHODS.includes(request.method)) {
      throw new HttpError(405, 'MethodNotAllowed', `Use ${allow}.`, { check: 'method', headers: { allow } })
    }
    if (config.ALLOWED_IPS.length > 0 && !isAllowedAddress(clientAddress(request, isTrustedProxy))) {
      throw forbidden('source_ip')
    }
    if (config.ALLOWED_REFERERS.length > 0 && !isAllowedReferer(request.header('referer'))) {
      throw forbidden('referer')
    }
    if (request.body.length > config.MAX_BODY_BYTES) {
      throw new HttpError(413, 'BodyTooLarge', `The body may have ${config.MAX_BODY_BYTES} bytes.`, { check: 'size' })
    }
    const encoding = request.header('content-encoding') ?? ''
    if (encoding !== '' && encoding.toLowerCase() !== 'identity') {
      throw new HttpError(415, 'UnsupportedEncoding', 'Send the body uncompressed.', { check: 'encoding' })
    }
    const mediaType = request.header('content-type') ?? ''
    if (mediaType !== '' && !MEDIA_TYPE.test(mediaType)) {
      throw new HttpError(415, 'UnsupportedMediaType', 'Send JSON, text or a form.', { check: 'media_type' })
    }
  }
}

/** The body does not say which check refused: whoever tries doors need not know. The log does. */
function forbidden(check: string): HttpError {
  return new HttpError(403, 'Forbidden', 'The request is not allowed.', { check })
}
