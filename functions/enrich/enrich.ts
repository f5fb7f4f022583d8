import { DingtalkError } from '../../shared/dingtalk/directory/errors'
import type { Tools } from '../../shared/dingtalk/directory/instance'
import { lookUp } from '../../shared/dingtalk/directory/lookUp'
import { eachOf } from '../../shared/eachOf'
import type { Delivery } from '../../shared/eventbridge/parseCloudEvents'
import { readSubjects, restOf, type Subject } from './readSubjects'

/**
 * What DingTalk says of an id that is none. Any other code that is not known may be about the way to DingTalk, such as an
 * endpoint that is wrong or an app that is disabled, and would be the same for everybody.
 */
const NO_ID = ['400002', '40035']

/** How many calls that makes at a time is for the client to say. */
const SUBJECTS_AT_ONCE = 6

export interface EnrichDependencies extends Tools {
  /** whose directory it is */
  corpId: string
  /** whether what is not begun by now is for another invocation */
  isLate(): boolean
}

/** What became of a delivery: events that came, and of the people and departments that they name, how many … */
export interface EnrichSummary {
  received: number
  /** … DingTalk told of */
  found: number
  gone: number
  outOfScope: number
  /** … DingTalk refuses to be asked about, now and later */
  refused: number
  /** with which codes */
  code?: string
  /** … there was no time for: another event names them */
  later: number
}

/**
 * Asks DingTalk about those whom a delivery's events name and tell nothing of, and publishes what it says. The rows are made
 * of the same events by another target; here they are filled. An event may name more than there is time for: it is published
 * anew with those that are left, so that each delivery comes to an end, and needs no more than what it has found out so far.
 * @throws DingtalkError, EventBridgeUnavailable: what a later try can mend, so that EventBridge delivers again. What was read
 * by then is published.
 */
export async function enrich(
  { events: received, unreadable }: Delivery,
  { directory, events, publisher, corpId, isLate }: EnrichDependencies,
): Promise<EnrichSummary> {
  const subjects = received.flatMap((event) => readSubjects(event, corpId))
  const distinct = new Map(subjects.map((subject) => [nameOf(subject), subject]))
  const summary = {
    received: received.length + unreadable.length,
    found: 0,
    gone: 0,
    outOfScope: 0,
    refused: 0,
    later: 0,
  }
  const left = new Set<string>()
  const codes = new Set<string>()
  let failure: unknown
  try {
    await eachOf([...distinct.values()], SUBJECTS_AT_ONCE, async (subject) => {
      const { kind, id, askedFor } = subject
      if (isLate()) {
        summary.later++
        left.add(nameOf(subject))
        return
      }
      try {
        const { event, is } = await lookUp(kind, id, { directory, events }, askedFor)
        summary[is === 'there' ? 'found' : is]++
        await publisher.add([event])
      } catch (error) {
        if (!(error instanceof DingtalkError)) throw error
        if (NO_ID.includes(error.code)) {
          summary.refused++
          codes.add(error.code)
        }
        // one answer that nobody can read holds up no other
        else if (error.reaction === 'unreadable' || error.reaction === 'refused') {
          failure ??= error
          left.add(nameOf(subject))
        } else throw error
      }
    })
    // thrown, this event would come again with all that it names, and never come further
    if (summary.later > 0 && left.size < distinct.size) {
      failure = undefined
      await publisher.add(received.flatMap((event) => restOf(event, corpId, events, (one) => left.has(nameOf(one)))))
    }
  } finally {
    await publisher.flush()
  }
  if (failure !== undefined) throw failure
  return codes.size === 0 ? summary : { ...summary, code: [...codes].join(' ') }
}

function nameOf({ kind, id }: Pick<Subject, 'kind' | 'id'>): string {
  return `${kind} ${id}`
}
