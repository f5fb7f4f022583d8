import type { RetryStrategy } from '../delivery/retrySchedule'

/** What a rule delivers to, compiled from a target entry. */
export interface Target {
  id: string
  retryStrategy: RetryStrategy
  /** ALL: after the last retry the event goes to the dead-letter queue, or is dropped. NONE: it blocks the target. */
  errorsTolerance: 'ALL' | 'NONE'
  /** the ARN of a queue or of an event bus */
  deadLetterQueue?: string
  /** Delivers one event, given its JSON text as stored. A rejection is a failure too. */
  deliver(eventText: string): Promise<DeliveryResult>
}

export interface DeliveryResult {
  /** why it failed, in a few words; absent when it was delivered */
  error?: string
  /** what the target answered, such as a function's summary */
  answer?: string
}

/** What targets reach the world by. */
export interface Connections {
  /** Invokes a function; see FC's InvokeFunction. */
  invoke: InvokeFunction
}

export type InvokeFunction = (functionName: string, payload: string) => Promise<DeliveryResult>
