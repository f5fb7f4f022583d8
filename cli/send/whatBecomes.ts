import { EVENTS, type EventKind, FORMS, isAboutEmployees } from '../../local/sender/events'
import { alignColumns } from '../../shared/alignColumns'
import type { Mapping } from '../../shared/mapping/mapping'
import { actionIn } from '../../shared/mapping/ruleOf'
import type { Sending } from './planSending'

/** What the functions make of an event, by the project's mapping. */
function whatBecomes({ name, about }: EventKind, mappings: readonly Mapping[]): string {
  if (about === 'url') return 'answered, not published'
  const tables = mappings.filter((mapping) => isTaken(name, mapping)).map(({ table }) => table)
  return tables.length > 0 ? `upserts into ${tables.join(', ')}` : 'ignored: not in mapping.yaml'
}

/** Of the type that the webhook publishes. */
function isTaken(name: string, { events }: Mapping): boolean {
  return Object.entries(events).some(
    ([event, { type }]) => actionIn(event) === name && [undefined, 'eventbridge:Events:HTTPEvent'].includes(type),
  )
}

/** A line that says where to look after something was sent to the local stack; undefined when there is nothing to see. */
export function whereToLook(
  { kind, pushes }: Sending,
  mappings: readonly Mapping[],
  origin: string,
): string | undefined {
  if (kind.about === 'url') return undefined
  const trace = `event trace: ${origin}/`
  const userId = pushes[0]?.[0]?.userId
  const isStored = isAboutEmployees(kind) && mappings.some((mapping) => isTaken(kind.name, mapping))
  if (!isStored || userId === undefined) return `${whatBecomes(kind, mappings)}  ${trace}`
  return `npm run explain -- ${quoted(userId)}  ${trace}`
}

function quoted(word: string): string {
  return /^[\w.@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** A table of the events, the forms in which DingTalk sends each, and what the functions make of it. */
export function listEvents(mappings: readonly Mapping[]): string {
  const rows = EVENTS.map((kind) => [
    kind.name,
    ...FORMS.map((form) => (kind.forms[0] === form ? 'default' : kind.forms.includes(form) ? 'yes' : '–')),
    whatBecomes(kind, mappings),
  ])
  return alignColumns([['event', ...FORMS, 'then'], ...rows]).join('\n')
}
