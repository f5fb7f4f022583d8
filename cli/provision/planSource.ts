import { differences, listing, sourceFields } from './fields'
import { readMark, withMark } from './mark'
import type { Call, Plan } from './plan'
import type { Source } from './state'

/** @param found undefined when there is no such source yet */
export function planSource(EventBusName: string, wanted: Source, found: Source | undefined): Plan {
  const what = nameOf(wanted)
  const fields = { Description: wanted.Description, ...sourceFields(wanted) }
  const body = { EventBusName, ...wanted, Description: withMark(wanted.Description) }
  const create = { operation: 'createEventSource', body }
  if (found === undefined) {
    return { changes: [{ kind: 'create', what, details: listing(fields), calls: [create] }], notes: [] }
  }
  const { text, isMade } = readMark(found.Description)
  const details = differences(fields, { Description: text, ...sourceFields(found) })
  if (details.length === 0) return { changes: [], notes: [] }
  if (isHosted(found) === isHosted(wanted)) {
    const update = { operation: 'updateEventSource', body: isMade ? body : { EventBusName, ...wanted } }
    return { changes: [{ kind: 'update', what, details, calls: [update] }], notes: [] }
  }
  // an update cannot take the URL of a source away; nothing that is published by the API misses it meanwhile
  if (isMade) {
    return { changes: [{ kind: 'update', what, details, calls: [remove(EventBusName, wanted), create] }], notes: [] }
  }
  const door = isHosted(found) ? 'is a hosted one, a second door that nothing of ours checks' : 'is no hosted one'
  return { changes: [], notes: [`left alone: ${what} ${door}, and provision did not make it`] }
}

/** A source that the file does not name; without changes when it is not provision's own. */
export function dropSource(EventBusName: string, source: Source): Plan {
  if (!readMark(source.Description).isMade) return { changes: [], notes: [] }
  const calls = [remove(EventBusName, source)]
  return { changes: [{ kind: 'delete', what: nameOf(source), details: [], calls }], notes: [] }
}

function remove(EventBusName: string, { EventSourceName }: Source): Call {
  return { operation: 'deleteEventSource', body: { EventBusName, EventSourceName } }
}

function isHosted({ SourceHttpEventParameters: http }: Source): boolean {
  return http !== undefined
}

function nameOf({ EventSourceName }: Source): string {
  return `event source ${EventSourceName}`
}
