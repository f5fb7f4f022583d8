import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendJson } from '../../shared/sendJson'
import type { ApiContext } from '../api/context'
import type { AccessKey } from '../api/verifySignature'

interface PopApiOptions {
  accessKeys: readonly AccessKey[]
  /** how far a request's time may be from now; not checked unless given */
  maxClockSkewMs?: number | undefined
  /** takes an error that nobody expected, whole */
  log(line: string): void
}

/** Whether a request at `/` is for the management API, and not for the trace page, which a browser gets there. */
export function isPopRequest({
  method,
  url = '/',
  headers,
}: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): boolean {
  const [path, query = ''] = url.split('?')
  if (path !== '/') return false
  return method === 'POST' || headers['x-acs-action'] !== undefined || new URLSearchParams(query).has('Action')
}

/** EventBridge's management API of 2020-04-01, as the POP gateway speaks it. */
export function createPopApi(_context: ApiContext, _options: PopApiOptions) {
  return async function popApi(_req: IncomingMessage, res: ServerResponse): Promise<void> {
    const Message = 'Specified api is not found, please check your url and method.'
    sendJson(res, 404, { RequestId: randomUUID().toUpperCase(), Code: 'InvalidAction.NotFound', Message })
  }
}
