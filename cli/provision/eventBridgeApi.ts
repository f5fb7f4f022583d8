import EventBridgeSdk, { Config } from '@alicloud/eventbridge'
import type * as z from 'zod/mini'
import { errorCode, errorMessage } from '../../shared/errorCode'
import type { FcCredentials } from '../../shared/fc/types'
import { UserError } from '../../shared/userError'

/** EventBridge's openapi: an operation by its name, its request and answer in the service's own words. */
export interface EventBridgeApi {
  /** @throws EventBridgeRefusal, or an error with the code of a connection that failed */
  call(operation: string, body: object): Promise<Readonly<Record<string, unknown>>>
}

/** EventBridge answered with an error of this code. */
export class EventBridgeRefusal extends Error {
  override name = 'EventBridgeRefusal' as const
  readonly operation: string
  readonly code: string
  constructor(operation: string, code: string, message: string) {
    super(message)
    this.operation = operation
    this.code = code
  }
}

type Runtime = Parameters<EventBridgeSdk['doRequest']>[6]

const TIMEOUT_MS = 10_000
/** milliseconds before another try */
const PAUSES_MS = [500, 2_000, 5_000]

/**
 * The official SDK, by its signed `doRequest`: its models drop ErrorsTolerance and DeadLetterQueue. It speaks plain HTTP
 * unless told otherwise, and its own retry never makes a second try.
 * https://github.com/aliyun/alibabacloud-eventbridge-sdk/blob/master/ts/src/client.ts
 */
export function createEventBridgeApi(
  endpoint: URL,
  credentials: FcCredentials,
  sleep: (ms: number) => Promise<void>,
): EventBridgeApi {
  const protocol = endpoint.protocol.replace(':', '')
  const timeouts = { connectTimeout: TIMEOUT_MS, readTimeout: TIMEOUT_MS }
  const sdk = new EventBridgeSdk(new Config({ ...credentials, ...timeouts, endpoint: endpoint.host, protocol }))

  async function tryOnce(operation: string, body: object) {
    const path = operation.includes('EventSource') ? `/openapi/v2/${operation}` : `/openapi/${operation}`
    // no query, and the options of the constructor
    const answer = await sdk.doRequest(operation, protocol, 'POST', path, {}, body, {} as Runtime)
    throwIfRefused(operation, answer)
    return answer
  }

  return {
    async call(operation, body) {
      for (let attempt = 0; ; attempt++) {
        try {
          return await tryOnce(operation, body)
        } catch (error) {
          const pause = PAUSES_MS[attempt]
          if (pause === undefined || !isPassing(error)) throw asRefusal(operation, error)
          await sleep(pause)
        }
      }
    },
  }
}

/** To the SDK an error within a 200 is an answer; so are the entries of a request that failed. */
function throwIfRefused(operation: string, answer: Record<string, unknown>): void {
  if (answer['Success'] === false) {
    throw new EventBridgeRefusal(operation, String(answer['Code']), String(answer['Message'] ?? ''))
  }
  const entries = answer['ErrorEntriesCount'] ? answer['ErrorEntries'] : []
  const [failed] = (Array.isArray(entries) ? entries : []) as Record<string, unknown>[]
  if (failed) throw new EventBridgeRefusal(operation, String(failed['ErrorCode']), String(failed['ErrorMessage'] ?? ''))
}

/** A load balancer's HTML is a SyntaxError to the SDK, and a time-out has a name and no code. */
function isPassing(error: unknown): boolean {
  const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : ''
  return (
    /^(SyntaxError|RequestTimeoutError)$/.test(name) ||
    /^(ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|InternalError|TooManyRequests)$/.test(errorCode(error) ?? '')
  )
}

/** The SDK gives the body of an error as `data`; an error of the connection has none. */
function asRefusal(operation: string, error: unknown): unknown {
  if (error instanceof EventBridgeRefusal) return error
  const isAnswer = typeof error === 'object' && error !== null && 'data' in error && error.data !== undefined
  return isAnswer ? new EventBridgeRefusal(operation, errorCode(error) ?? 'unknown', errorMessage(error)) : error
}

/** @throws UserError when EventBridge answers something else than its documents say */
export function understand<T>(operation: string, schema: z.ZodMiniType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new UserError(`EventBridge's answer to ${operation} is not understood. ${faults.join('; ')}`)
}
