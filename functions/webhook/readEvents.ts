import { isAboutApp } from './appEvent'
import type { DropFields } from './dropFields'
import { type Content, parseContent } from './readContent'
import { syncRows } from './syncRows'
import { validId } from './toCloudEvent'

/** An event of a push that cannot be published, now or later. */
export interface SetAside {
  id: string
  code: string
}

/** What a request is published as. */
export interface Events {
  /** one an event, without the fields that are dropped; none when it is about the app itself */
  contents: Content[]
  setAside: SetAside[]
  /** whether these are rows of a push, of which none may hold up another */
  isPush: boolean
}

/** @throws HttpError 415 for text in which fields cannot be found; a row of a push that cannot be read is set aside */
export function readEvents(content: Content | undefined, dropFields: DropFields): Events {
  if (content === undefined) return { contents: [], setAside: [], isPush: false }
  const rows = syncRows(content)
  if (rows === undefined) {
    const isPublished = !isAboutApp(eventOf(content))
    return { contents: isPublished ? [dropFields.fromContent(content)] : [], setAside: [], isPush: false }
  }
  const events: Events = { contents: [], setAside: [], isPush: true }
  for (const { eventId, json } of rows) {
    if (json === undefined) events.setAside.push({ id: validId(eventId), code: 'BizDataUnreadable' })
    else events.contents.push(dropFields.fromContent(parseContent(json)))
  }
  return events
}

function eventOf({ kind, value }: Content): unknown {
  return kind === 'form' ? Object.fromEntries(new URLSearchParams(String(value))) : value
}
