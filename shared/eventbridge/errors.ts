/**
 * EventBridge did not take the events, and the same request may succeed later: no connection, no answer in time,
 * throttled, an error of the service, or credentials it does not accept. The message names no secret.
 */
export class EventBridgeUnavailable extends Error {
  override name = 'EventBridgeUnavailable' as const
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** EventBridge says that the event itself is wrong: sending it again cannot help. */
export class EventInvalid extends Error {
  override name = 'EventInvalid' as const
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Codes that speak of the event's content rather than of the bus, the account or the service.
 * Nearly every business error is HTTP 409, so the status tells nothing (apache/rocketmq-eventbridge EventErrorCode).
 */
const INVALID_EVENT_CODES = new Set([
  'EventDataEmpty',
  'EventExtensionsAttributeExceedLimit',
  'EventExtensionsAttributeInvalid',
  'EventIdEmpty',
  'EventInvalid',
  'EventSizeExceed',
  'JsonAttributeInvalid',
])

/** The error for a code of EventBridge's, of one entry or of the whole request. */
export function eventBridgeError(code: string, message: string): EventInvalid | EventBridgeUnavailable {
  return INVALID_EVENT_CODES.has(code) ? new EventInvalid(code, message) : new EventBridgeUnavailable(code, message)
}
