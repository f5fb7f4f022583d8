import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseJson } from '../../shared/json'
import { readBody } from '../../shared/readBody'
import { sendJson } from '../../shared/sendJson'
import type { ApiContext } from './context'
import { answersAlone, operations } from './operations'
import { putEvents, type RefuseEntry } from './putEvents'
import { ApiError, brokeOff, toRefusal } from './refusal'
import { type AccessKey, pathnameOf, verifySignature } from './verifySignature'

interface OpenApiOptions {
  accessKeys: readonly AccessKey[]
  /** see checkDate; without, a request may be of any time */
  maxClockSkewMs?: number | undefined
  /** takes an error that nobody expected, whole */
  log(line: string): void
}

/** EventBridge's own API, `POST /openapi/…`, as the official SDK speaks it. */
export function createOpenApi(context: ApiContext, { accessKeys, maxClockSkewMs, log }: OpenApiOptions) {
  return async function openApi(req: IncomingMessage, res: ServerResponse, refuseEntry?: RefuseEntry): Promise<void> {
    const requestId = randomUUID().toUpperCase()
    try {
      const body = await readWhole(req)
      authenticate(req)
      const name = operationOf(req)
      const answer = await (name === 'putEvents'
        ? putEvents(req.headers, body, context, refuseEntry)
        : runOperation(name, body))
      const ids = answersAlone.has(name) ? {} : { RequestId: requestId, ResourceOwnerAccountId: context.accountId }
      sendJson(res, 200, { ...ids, ...answer })
    } catch (error) {
      const { status, code, message } = toRefusal(error, context, log)
      sendJson(res, status, { code, message, requestId })
    }
  }

  async function readWhole(req: IncomingMessage): Promise<Buffer> {
    const { batchBytes } = context.limits
    const body = await readBody(req, batchBytes).catch(brokeOff)
    if (body !== undefined) return body
    throw new ApiError(409, 'EventSizeExceed', `The body is over the limit of ${batchBytes} bytes.`)
  }

  function authenticate(req: IncomingMessage): void {
    verifySignature(req.method ?? '', req.url ?? '/', req.headers, accessKeys)
    if (maxClockSkewMs !== undefined) checkDate(req.headers.date, context.clock.now(), maxClockSkewMs)
  }

  function runOperation(name: string, body: Buffer): object | Promise<object> {
    const run = operations.get(name)
    if (run !== undefined) return run(parse(body), context)
    throw new ApiError(404, 'InvalidAction.NotFound', `The embedded EventBridge has no operation ${name}.`)
  }
}

/** its path after /openapi/ */
function operationOf(req: IncomingMessage): string {
  if (req.method !== 'POST') throw new ApiError(405, 'MethodNotAllowed', 'Every operation is a POST.')
  return pathnameOf(req.url ?? '/').replace(/^\/openapi\//, '')
}

function parse(body: Buffer): unknown {
  const request = parseJson(body.toString('utf8'))
  if (request !== undefined) return request
  throw new ApiError(409, 'JsonAttributeInvalid', 'The Json attribute is invalid. The body must be JSON')
}

/**
 * Refuses a request whose Date is too far from now, or missing. Whether EventBridge's gateway does so is not documented,
 * so it is done only when asked for; the code is the one of Alibaba Cloud's API gateway.
 * @param date the header, e.g. `Tue, 24 Nov 2026 02:24:28 GMT`
 * @throws ApiError
 */
function checkDate(date: string | undefined, now: number, maxClockSkewMs: number): void {
  // an absent or unreadable date is NaN, which no limit holds
  if (Math.abs(Date.parse(date ?? '') - now) <= maxClockSkewMs) return
  const message = `Specified time stamp or date value is expired. The clock here says ${new Date(now).toUTCString()}.`
  throw new ApiError(400, 'InvalidTimeStamp.Expired', message)
}
