import type { IncomingMessage } from 'node:http'
import type { Door } from '../../shared/ownServer'
import type { EventBridge } from '../eventBridge'

export type Doors = Pick<EventBridge, 'openApi' | 'popApi' | 'queueApi' | 'certificate' | 'tracePage'>

/** Which of an emulator's doors a request is for; undefined where it is for none. */
export function doorOf(eventBridge: Doors, req: IncomingMessage): Door | undefined {
  if (isPopRequest(req)) return eventBridge.popApi
  // as sent: what is behind a `..` is none of ours
  const pathname = (req.url ?? '/').replace(/\?.*$/s, '')
  if (pathname === '/' || pathname.startsWith('/trace/')) return eventBridge.tracePage
  if (pathname.startsWith('/x509_public_certificate_')) return eventBridge.certificate
  if (pathname.startsWith('/openapi/')) return eventBridge.openApi
  if (pathname.startsWith('/queues/')) return eventBridge.queueApi
  return undefined
}

/**
 * Whether a request at `/` is for the management API, and not for the trace page, which a browser gets there: whatever is no
 * GET, asks for JSON, or is signed as the API's clients sign.
 */
export function isPopRequest({
  method,
  url = '/',
  headers,
}: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): boolean {
  const [path, query = ''] = url.split('?')
  if (path !== '/') return false
  if (method !== 'GET' && method !== 'HEAD') return true
  if (headers['x-acs-action'] !== undefined || /^acs/i.test(headers.authorization ?? '')) return true
  const accept = headers.accept ?? ''
  if (accept.includes('json') && !accept.includes('html')) return true
  const given = new URLSearchParams(query)
  return ['Action', 'Version', 'AccessKeyId', 'Signature'].some((name) => given.has(name))
}
