import { EVENTS, FORMS } from '../../local/sender/events'
import { alignColumns } from '../../shared/alignColumns'
import type { Mapping } from '../../shared/mapping/mapping'
import { whatBecomes } from './whatBecomes'

/** A table of the events, the forms in which DingTalk sends each, and what the functions make of it. */
export function listEvents(mapping: Mapping): string {
  const rows = EVENTS.map((kind) => [
    kind.name,
    ...FORMS.map((form) => (kind.forms[0] === form ? 'default' : kind.forms.includes(form) ? 'yes' : '–')),
    whatBecomes(kind, mapping),
  ])
  return alignColumns([['event', ...FORMS, 'then'], ...rows]).join('\n')
}
