import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendJson } from '../shared/sendJson'
import { errorXml } from './queues/xml'

const NOT_FOUND = 'Specified api is not found, please check your url and method.'

/**
 * Answers a request at a path where there is nothing, 404, as the API would that the client speaks to: by what it reads it
 * learns that the path is wrong, and not that an answer makes no sense.
 * @param hint what there is, for somebody who looks around
 */
export function answerUnknownPath(req: IncomingMessage, res: ServerResponse, hint: string): void {
  const id = randomUUID().toUpperCase()
  const protocol = protocolOf(req)
  if (protocol === 'queues') {
    res.writeHead(404, { 'content-type': 'text/xml;charset=utf-8', 'x-mns-request-id': id })
    res.end(errorXml('InvalidRequestURL', 'The request URL is invalid.', id))
    return
  }
  const answers = {
    pop: { RequestId: id, HostId: req.headers.host ?? '', Code: 'InvalidAction.NotFound', Message: NOT_FOUND },
    openapi: { code: 'InvalidAction.NotFound', message: NOT_FOUND, requestId: id },
    none: { code: 'NotFound', message: hint, requestId: id },
  }
  sendJson(res, 404, answers[protocol])
}

/** By what its client signs with, and where that says nothing, by the path. Function Compute's errors look as POP's do. */
function protocolOf({ url = '/', headers }: IncomingMessage): 'queues' | 'pop' | 'openapi' | 'none' {
  const [path = '/', query = ''] = url.split('?')
  const authorization = headers.authorization ?? ''
  if (headers['x-mns-version'] !== undefined || /^MNS /.test(authorization)) return 'queues'
  if (headers['x-acs-action'] !== undefined || /^ACS3-/.test(authorization)) return 'pop'
  if (new URLSearchParams(query).has('Action') || path.startsWith('/2023-03-30/')) return 'pop'
  if (headers['x-eventbridge-version'] !== undefined || /^acs[: ]/.test(authorization)) return 'openapi'
  return /^\/openapi(\/|$)/.test(path) ? 'openapi' : 'none'
}
