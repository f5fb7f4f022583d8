import type { OutgoingEvent } from '../../eventbridge/cloudEvent'
import type { Directory } from './directory'
import { DingtalkError } from './errors'
import type { DirectoryEvents, Kind } from './events'

export interface Found {
  /** what DingTalk says, to be published */
  event: OutgoingEvent
  is: 'there' | 'gone' | 'outOfScope'
}

/**
 * Asks DingTalk about one person or one department, and makes an event of the answer: what it tells, that there is no such
 * one any more, or that the app may not see it.
 * @param askedFor the event because of which it is asked, if it is because of one
 * @throws DingtalkError for any other
 */
export async function lookUp(
  kind: Kind,
  id: string,
  { directory, events }: { directory: Directory; events: DirectoryEvents },
  askedFor?: string,
): Promise<Found> {
  try {
    const { value, askedAt } = await (kind === 'user' ? directory.user(id) : directory.department(id))
    return { is: 'there', event: events.snapshot(kind, id, value, askedAt, askedFor) }
  } catch (error) {
    if (!(error instanceof DingtalkError) || error.askedAt === undefined) throw error
    if (error.reaction === 'gone') return { is: 'gone', event: events.gone(kind, id, error.askedAt) }
    if (error.reaction !== 'outOfScope') throw error
    const errcode = Number(error.code)
    return { is: 'outOfScope', event: events.snapshot(kind, id, { errcode }, error.askedAt, askedFor) }
  }
}
