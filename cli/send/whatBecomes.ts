import { EVENTS, type EventKind, FORMS, isAboutEmployees } from '../../local/sender/events'
import { messagesFor } from '../../local/sender/messages'
import { alignColumns } from '../../shared/alignColumns'
import type { Mapping } from '../../shared/mapping/mapping'
import { mapEvent } from '../map/mapEvent'
import type { Sending } from './planSending'

/** What the functions make of an event as it is sent where nobody names a form, by the project's mapping. */
function whatBecomes(kind: EventKind, mappings: readonly Mapping[]): string {
  if (kind.about === 'url') return 'answered, not published'
  const tables = tablesOf(kind, mappings)
  return tables.length > 0 ? `upserts into ${tables.join(', ')}` : 'ignored: not in mapping.yaml'
}

const SOURCE = { name: 'my.dingtalk', busName: 'dingtalk', region: '', accountId: '' }

/** The tables that take it. */
function tablesOf(kind: EventKind, mappings: readonly Mapping[]): string[] {
  const [form = 'native'] = kind.forms
  const [now, corpId] = [Date.now(), 'dingcorp']
  const [message] = messagesFor(kind, form, { people: [{ userId: '0042', name: '小明' }], corpId, now })
  const project = { mappings, source: SOURCE, dropFields: [], aesKeys: [], defaults: { DINGTALK_CORP_ID: corpId } }
  const { events } = mapEvent(JSON.stringify(message), project, [], now)
  const taking = events.flatMap(({ tables }) => tables.filter(({ why }) => why === undefined))
  return [...new Set(taking.map(({ table }) => table))]
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
  const isStored = isAboutEmployees(kind) && tablesOf(kind, mappings).length > 0
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
