import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { stringifyLossless } from '../../shared/json'
import type { ApiContext } from '../api/context'
import { ApiError, toRefusal } from '../api/refusal'
import type { AccessKey } from '../api/verifySignature'
import { createAuthenticate } from './authenticate'
import { type Family, type Operation, operations } from './operations'
import { type PopRequest, readPopRequest } from './popRequest'
import { readParameters } from './readParameters'

interface PopApiOptions {
  accessKeys: readonly AccessKey[]
  /** how far a request's time may be from now; not checked unless given */
  maxClockSkewMs?: number | undefined
  /** takes an error that nobody expected, whole */
  log(line: string): void
}

const VERSION = '2020-04-01'

/** What percent-encoding may make of a JSON text. */
const GROWTH = 3

/**
 * EventBridge's management API of 2020-04-01, as the POP gateway speaks it: `POST /` or `GET /`, by RPC. How clients are
 * pointed at it, terraform by ALIBABA_CLOUD_ENDPOINT_EVENTBRIDGE, is in emulator/docs/operations.md.
 * https://help.aliyun.com/en/eventbridge/developer-reference/api-eventbridge-2020-04-01-overview
 */
export function createPopApi(context: ApiContext, { accessKeys, maxClockSkewMs, log }: PopApiOptions) {
  const authenticate = createAuthenticate({ accessKeys, maxClockSkewMs, now: () => context.clock.now() })

  return async function popApi(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const RequestId = randomUUID().toUpperCase()
    let operation: Operation | undefined
    try {
      const request = await readPopRequest(req, context.limits.batchBytes * GROWTH)
      authenticate(request)
      operation = operationOf(request)
      const answer = await operation.run(readParameters(operation.parameters, request.values), context)
      send(res, 200, { ...SUCCESS[operation.family], ...answer, RequestId })
    } catch (error) {
      const { status, body } = refused(toRefusal(error, context, log), operation?.family)
      send(res, status, { ...body, RequestId, ...(status !== 200 && { HostId: req.headers.host ?? '' }) })
    }
  }
}

function operationOf({ method, action, version }: PopRequest): Operation {
  if (method !== 'GET' && method !== 'POST') {
    throw new ApiError(405, 'UnsupportedHTTPMethod', 'This http method is not supported.')
  }
  if (action === '') throw new ApiError(400, 'MissingAction', 'Action is mandatory for this action.')
  if (version === '') throw new ApiError(400, 'MissingVersion', 'Version is mandatory for this action.')
  if (version !== VERSION) {
    throw new ApiError(400, 'InvalidVersion', `Specified parameter Version is not valid. Here it is ${VERSION}.`)
  }
  const operation = operations.get(action)
  if (operation !== undefined) return operation
  throw new ApiError(404, 'InvalidAction.NotFound', 'Specified api is not found, please check your url and method.')
}

const SUCCESS: Record<Family, object> = {
  bus: { Code: 'Success', Message: 'success', Success: true },
  connection: { Code: 'Success', Message: 'success' },
}

/**
 * A business error is 409 to the functions of api/. Of connections and API destinations it is that here, too; of all else it
 * is an answer like any other, with status 200, as terraform needs it, whose client has no body of any other. Data is left out:
 * of a wrong type it makes SDKs throw.
 */
function refused({ status, code, message }: ApiError, family: Family | undefined): { status: number; body: object } {
  const body = { Code: RENAMED.get(code) ?? code, Message: message }
  const isAnswer = family === 'bus' && status === 409 && !NEVER_AN_ANSWER.has(code)
  return isAnswer ? { status: 200, body: { ...body, Success: false } } : { status, body }
}

/** what the older API spells otherwise */
const RENAMED = new Map([['EventRuleNotExist', 'EventRuleNotExisted']])

/** The emulator's own, and no answer of the service's: every client is to fail. */
const NEVER_AN_ANSWER = new Set(['OperationNotSupported'])

/** Numbers of an event keep their digits. */
function send(res: ServerResponse, status: number, value: object): void {
  const bytes = Buffer.from(stringifyLossless(value))
  res.writeHead(status, { 'content-type': 'application/json;charset=utf-8', 'content-length': bytes.length })
  res.end(bytes)
}
