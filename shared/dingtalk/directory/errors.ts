/** What whoever called can do about an error of DingTalk's API. */
export type Reaction =
  /** nothing is to be done: whoever, or the department that, was asked for is not there any more */
  | 'gone'
  /** it is there, and the app may not see it */
  | 'outOfScope'
  /** an operator has to act first: a permission, an address, the keys, the month's quota */
  | 'denied'
  /** the same call may succeed later: no connection, busy, throttled, banned, out of time */
  | 'later'
  /** the answer cannot be read; that of another call may be */
  | 'unreadable'
  /** this call never succeeds: DingTalk knows no such thing, or does not take what was sent */
  | 'refused'

/** A call of DingTalk's API that failed. The message is for an operator, and names no secret and nobody. */
export class DingtalkError extends Error {
  override name = 'DingtalkError' as const
  readonly reaction: Reaction
  /** DingTalk's own, `60011`, or that of the connection, `ECONNRESET` */
  readonly code: string
  /** when the call was sent that DingTalk answered so; undefined when there was no answer */
  askedAt: number | undefined
  constructor(reaction: Reaction, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reaction = reaction
    this.code = code
  }
}
