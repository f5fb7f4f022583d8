import { jsonFields } from '../../shared/json'
import { whereFrom } from '../../shared/logging'
import { hashedUsers, userIdsOf } from '../../shared/logUsers'
import { UserError } from '../../shared/userError'
import { type Frame, isEventName, nativeForm } from './frame'

export interface ForwarderOptions {
  /** Sends JSON text as a callback. Throws UserError when there is nobody to send it to. */
  send(json: string): Promise<{ status?: number; reply?: string | undefined }>
  /** Keeps an event. May throw. */
  record: ((json: string) => void) | undefined
  tell(line: string): void
  /** LOG_HASH_KEY */
  hashKey: string | undefined
}

/** Passes an event on to the webhook and tells of it in a line, which names nobody; true when the webhook has taken it. */
export function createForwarder({ send, record, tell, hashKey }: ForwarderOptions): (frame: Frame) => Promise<boolean> {
  function keep(json: string): void {
    try {
      record?.(json)
    } catch (error) {
      tell(`an event could not be recorded: ${whereFrom(error)}`)
    }
  }

  async function outcome(json: string): Promise<{ isTaken: boolean; words: string }> {
    try {
      const { status, reply } = await send(json)
      // a webhook that has taken it says so in a reply that only it can write
      if (reply !== undefined) return { isTaken: true, words: '200' }
      if (status === 200) return { isTaken: false, words: '200 with a reply that DingTalk would not take' }
      return { isTaken: false, words: status === undefined ? 'the webhook does not answer' : String(status) }
    } catch (error) {
      return { isTaken: false, words: error instanceof UserError ? error.message : whereFrom(error) }
    }
  }

  return async (frame) => {
    const type = frame.headers['eventType'] ?? ''
    const json = nativeForm(frame)
    keep(json)
    const { isTaken, words } = await outcome(json)
    const body = jsonFields(json)
    const count = userIdsOf(body).length
    const whom = hashedUsers([body], hashKey) ?? (count === 1 ? '1 person' : `${count} people`)
    const what = isEventName(type) ? type : '(no event name)'
    tell([what, ...(count > 0 ? [whom] : []), isTaken ? words : `${words}; DingTalk sends it again`].join('  '))
    return isTaken
  }
}
