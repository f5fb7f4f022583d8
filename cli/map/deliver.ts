import { compileDropFields } from '../../functions/webhook/dropFields'
import type { Content } from '../../functions/webhook/readContent'
import { type Events, readEvents } from '../../functions/webhook/readEvents'
import { type CutFields, compileFields } from '../../shared/dropFields/fieldNames'
import { findCuts } from '../../shared/dropFields/findCuts'
import type { EventSource } from '../../shared/eventbridge/cloudEvent'
import { parseCloudEvents, type ReceivedEvent } from '../../shared/eventbridge/parseCloudEvents'
import { publishedEvent } from '../webhookEvent'
import type { Input } from './readInput'

/** An event as a rule's target gets it. */
export interface Delivered {
  event: ReceivedEvent
  /** with the fields that DROP_FIELDS removes, where it removes any */
  undropped?: ReceivedEvent | undefined
  /** their names, as they are written */
  dropped: string[]
}

interface Deliveries {
  delivered: Delivered[]
  /** what becomes of what is no event */
  notes: string[]
}

interface Door {
  source: EventSource
  /** DROP_FIELDS */
  dropFields: readonly string[]
}

/** What the webhook publishes of what is posted to it; what is a CloudEvent already has been there. */
export function deliver({ posted, delivered: texts }: Input, { source, dropFields }: Door, now: number): Deliveries {
  const read = texts.map((text) => parseCloudEvents(Buffer.from(text)))
  const notes = read.flatMap(({ unreadable }) => unreadable.map(({ reason }) => `an item cannot be read: ${reason}`))
  const delivered: Delivered[] = read.flatMap(({ events }) => events.map((event) => ({ event, dropped: [] })))
  const [atDoor, nothing, fields] = [compileDropFields(dropFields), compileDropFields([]), compileFields(dropFields)]
  for (const content of posted) {
    const names = droppedIn(content, fields, dropFields)
    const events = readEvents(content, atDoor)
    const whole = names.length === 0 ? undefined : readEvents(content, nothing)
    notes.push(...notesOn(events))
    for (const [at, one] of events.contents.entries()) {
      const other = whole?.contents[at]
      const undropped = other && receivedEvent(other, source, now)
      delivered.push({ event: receivedEvent(one, source, now), undropped, dropped: names })
    }
  }
  return { delivered, notes }
}

function notesOn({ contents, setAside, isPush }: Events): string[] {
  const unreadable = setAside.map(() => 'a row of the push is set aside: its biz_data cannot be read')
  if (contents.length + setAside.length > 0) return unreadable
  return [
    isPush
      ? 'no row of the push is about the organisation: it is answered and not published'
      : 'it is about the app itself: it is answered and not published',
  ]
}

/** With what EventBridge adds on its way to a target. */
function receivedEvent(content: Content, source: EventSource, now: number): ReceivedEvent {
  const { json } = publishedEvent(content, source, new Date(now))
  const added = JSON.stringify({
    aliyunaccountid: source.accountId,
    aliyunregionid: source.region,
    aliyunpublishtime: new Date(now).toISOString(),
  })
  const [event] = parseCloudEvents(Buffer.from(`${json.slice(0, -1)},${added.slice(1)}`)).events
  if (event === undefined) throw new Error('the webhook makes no CloudEvent of it')
  return event
}

/** Their names as they are written, each once. */
function droppedIn({ json }: Content, fields: CutFields, dropFields: readonly string[]): string[] {
  const cuts = findCuts(json, fields)
  if (cuts === 'all') return [...dropFields]
  const names = cuts.map(({ from, to }) => {
    const words = json.slice(from, to).match(/[\p{L}\p{N}_-]+/gu)
    // of a query in a text what goes may begin with something else
    return words?.find((word) => fields.has(word)) ?? words?.[0]
  })
  return [...new Set(names.filter((name) => name !== undefined))]
}
