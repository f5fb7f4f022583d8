import { EVENTS, type EventKind, FORMS, isAboutEmployees } from '../../local/sender/events'
import { alignColumns } from '../../shared/alignColumns'
import type { Mapping } from '../../shared/mapping/mapping'
import type { Sending } from './planSending'

/** What the functions make of an event, by the project's mapping. */
function whatBecomes({ name, about }: EventKind, mapping: Mapping): string {
  if (about === 'url') return 'answered, not published'
  return isTaken(name, mapping) ? `upserts into ${mapping.table}` : 'ignored: not in mapping.yaml'
}

/** Of the type that the webhook publishes. */
function isTaken(name: string, { events }: Mapping): boolean {
  const rule = Object.hasOwn(events, name) ? events[name] : undefined
  return rule !== undefined && [undefined, 'eventbridge:Events:HTTPEvent'].includes(rule.type)
}

/** A line that says where to look after something was sent to the local stack; undefined when there is nothing to see. */
export function whereToLook({ kind, pushes }: Sending, mapping: Mapping, origin: string): string | undefined {
  if (kind.about === 'url') return undefined
  const trace = `event trace: ${origin}/`
  const userId = pushes[0]?.[0]?.userId
  const isStored = isAboutEmployees(kind) && isTaken(kind.name, mapping)
  if (!isStored || userId === undefined) return `${whatBecomes(kind, mapping)}  ${trace}`
  return `npm run explain -- ${quoted(userId)}  ${trace}`
}

function quoted(word: string): string {
  return /^[\w.@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** A table of the events, the forms in which DingTalk sends each, and what the functions make of it. */
export function listEvents(mapping: Mapping): string {
  const rows = EVENTS.map((kind) => [
    kind.name,
    ...FORMS.map((form) => (kind.forms[0] === form ? 'default' : kind.forms.includes(form) ? 'yes' : '–')),
    whatBecomes(kind, mapping),
  ])
  return alignColumns([['event', ...FORMS, 'then'], ...rows]).join('\n')
}
