import type { AccessTokens } from './accessTokens'
import type { AuthParameters } from './authentication'
import type { Agents } from './post'
import type { RetryStrategy } from './retrySchedule'

/** What a rule delivers to, compiled from a target entry. */
export interface Target {
  id: string
  retryStrategy: RetryStrategy
  /** ALL: after the last retry the event goes to the dead-letter queue, or is dropped. NONE: it blocks the target. */
  errorsTolerance: 'ALL' | 'NONE'
  /** the ARN of a queue or of an event bus */
  deadLetterQueue?: string
  /** Publishes a dead letter, where the queue is an event bus; else it is kept in the store. */
  publishDeadLetter?(eventText: string): Promise<DeliveryResult>
  /** deliveries under way at once, where the entry says */
  concurrency?: number
  /**
   * Takes the turn for a delivery, or says from when on there is one, for a target that takes only so many a minute.
   * @param now of passedOn
   */
  takeTurn?(now: number): number | undefined
  /** Delivers one event, given its JSON text as stored. A rejection is a failure too. */
  deliver(eventText: string, delivery?: Delivery): Promise<DeliveryResult>
  /** Delivers several at once, at most so many, for a target that takes lists; they come to the same. */
  list?: { most: number; deliver(eventTexts: readonly string[], delivery?: Delivery): Promise<DeliveryResult> }
}

/** Which delivery it is, for whoever asks. */
export interface Delivery {
  bus: string
  rule: string
  target: string
  /** 1 the first time */
  attempt: number
}

export interface DeliveryResult {
  /** why it failed, in the emulator's own words: nothing of the event or of a secret, and of what the target said a code at most */
  error?: string
  /** what the target said, such as a function's summary or error; may be about people, so it is shown masked */
  answer?: string
  /** It took the event, and could not use it: it keeps it elsewhere. See functionTarget.ts for who says so. */
  isSetAside?: boolean
}

/** An address outside, and how it is asked: what an API destination and its connection say. */
export interface ApiDestination {
  endpoint: string
  method: string
  auth?: AuthParameters | undefined
}

/** What targets reach the world by. */
export interface Connections {
  /** Invokes a function; see FC's InvokeFunction. */
  invoke: InvokeFunction
  /**
   * Publishes an event on a bus of this emulator, given its JSON text as it is to be stored; resolves once it is on disk.
   * Absent: no target and no dead-letter queue can be a bus.
   */
  publish?(bus: string, eventText: string): Promise<DeliveryResult>
  /** Puts a message into a queue of this emulator; resolves once it is on disk. Absent: no target can be a queue. */
  enqueue?(queue: string, body: string): Promise<void>
  /**
   * An API destination with its connection, as they are now. Absent: no target can be one.
   * @throws Error that says which of them is missing
   */
  apiDestination?(name: string): ApiDestination
  /** of connections with OAuth */
  tokens?: AccessTokens
  /** signs what is posted to http and https targets */
  signer?: Signer
  /** what keeps the connections of targets over HTTP */
  agents?: Agents
  /** hosts beyond this machine to which events may be sent, by name or address; see guardHost */
  allowedHosts?: readonly string[]
  /** the functions of s.yaml, where that is at hand, for what is said of a name that is another */
  functionNames?: readonly string[]
  /** aborted when requests under way are to be cut off */
  signal?: AbortSignal
}

/** By what a receiver can tell that a request is of this emulator: see signRequest.ts. */
export interface Signer {
  /** RSA and SHA-256, in Base64 */
  sign(text: string): Promise<string>
  /** where the certificate of the key lies */
  certificateUrl(): Promise<string>
}

/** With `async` it is delivered once it is accepted: what the function does with it then is Function Compute's business. */
export type InvokeFunction = (
  functionName: string,
  payload: string,
  options: { async: boolean; delivery?: Delivery | undefined; agents?: Agents | undefined },
) => Promise<DeliveryResult>
