/** What the page and its server say to each other of queues. */

/** `GET /trace/queues`: those that rules name, and those that have messages */
export interface ListedQueue {
  /** a name, or the ARN of what is no queue of MNS */
  queue: string
  /** what can be received now */
  visible: number
  /** what somebody has received, and neither deleted nor given back so far */
  hidden: number
  /** how many of these are dead letters */
  letters: number
  /** the rules that name it; none where they are gone */
  rules: { bus: string; rule: string; isForDeadLetters: boolean }[]
}

/** `GET /trace/messages?queue=…&after=…`: the oldest first; `reveal=1` shows personal data */
export interface MessageList {
  messages: ListedMessage[]
  /** the seq of the newest of all: what comes later is not part of what was shown */
  through: number
  /** there are younger ones, after this seq */
  more?: number
}

export interface ListedMessage {
  seq: number
  id: string
  enqueuedAt: number
  /** later than now: somebody has received it */
  visibleAt: number
  dequeues: number
  /** JSON, indented, where it is JSON */
  body: string
  /** of a dead letter */
  letter?: ListedLetter
}

export interface ListedLetter {
  /** of the event; absent where that is not kept any more */
  eventSeq?: number
  rule: string | null
  target: string | null
  error: string
  isPublishedAgain: boolean
}

/** `POST /trace/queues`: of some messages, or of all that were there. Only dead letters can be published again. */
export type QueueCommand = { queue: string; do: 'delete' | 'publish' } & ({ seqs: number[] } | { through: number })
export interface QueueDone {
  deleted?: number
  published?: number
}
