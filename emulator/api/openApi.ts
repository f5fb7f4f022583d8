import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { readBody } from '../../shared/readBody'
import { ApiError } from './apiError'
import { type PutEventsDependencies, putEvents } from './putEvents'
import { type AccessKey, verifySignature } from './verifySignature'

export interface OpenApiDependencies extends PutEventsDependencies {
  accessKey: AccessKey
  /** told after events were accepted */
  onAccepted(): void
  /** takes an error that nobody expected, whole */
  log(line: string): void
}

/** EventBridge's own API, `POST /openapi/…`, as the official SDK speaks it. */
export function createOpenApi(dependencies: OpenApiDependencies) {
  return async function openApi(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const requestId = randomUUID().toUpperCase()
    try {
      const body = await readBody(req, dependencies.limits.batchBytes)
      if (body === undefined) {
        const limit = dependencies.limits.batchBytes
        throw new ApiError(409, 'EventSizeExceed', `The body is over the limit of ${limit} bytes.`)
      }
      verifySignature(req.method ?? '', req.url ?? '/', req.headers, dependencies.accessKey)
      const answer = await runOperation(req, body, dependencies)
      send(res, 200, { RequestId: requestId, ResourceOwnerAccountId: dependencies.accountId, ...answer })
      dependencies.onAccepted()
    } catch (error) {
      const refusal = error instanceof ApiError ? error : new ApiError(500, 'InternalError', 'InternalError')
      if (refusal !== error) dependencies.log(inspect(error))
      send(res, refusal.status, { code: refusal.code, message: refusal.message, requestId })
    }
  }
}

async function runOperation(req: IncomingMessage, body: Buffer, dependencies: OpenApiDependencies): Promise<object> {
  const operation = new URL(req.url ?? '/', 'http://localhost').pathname.replace(/^\/openapi\//, '')
  if (req.method !== 'POST') throw new ApiError(405, 'MethodNotAllowed', 'Every operation is a POST.')
  if (operation !== 'putEvents') {
    throw new ApiError(404, 'InvalidAction.NotFound', `The embedded EventBridge has no operation ${operation}.`)
  }
  return putEvents(body, dependencies)
}

function send(res: ServerResponse, status: number, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body))
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length })
  res.end(bytes)
}
