import { validId } from '../../shared/eventbridge/cloudEvent'
import type { SetAside } from '../../shared/eventbridge/publish'
import { parseLossless, stringifyLossless } from '../../shared/json'
import { isAboutApp } from './appEvent'
import type { DropFields } from './dropFields'
import { type Content, openText, parseContent } from './readContent'
import { isSyncPush, syncRows } from './syncRows'

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
  const events: Events = { contents: [], setAside: [], isPush: false }
  for (const part of content === undefined ? [] : partsOf(content)) {
    const rows = syncRows(part)
    if (rows !== undefined) events.isPush = true
    else if (!isAppContent(part)) events.contents.push(dropFields.fromContent(part))
    for (const { eventId, json } of rows ?? []) {
      if (json === undefined) events.setAside.push({ id: validId(eventId), code: 'BizDataUnreadable' })
      else events.contents.push(dropFields.fromContent(parseContent(json)))
    }
  }
  return events
}

/** A list is one event, but without its items that are about the app, and the pushes among them are read as such. */
function partsOf(content: Content): Content[] {
  const items = Array.isArray(openText(content.value)) ? openText(parseLossless(content.json)) : undefined
  if (!Array.isArray(items)) return [content]
  const pushes = items.filter(isSyncPush)
  const others = items.filter((item) => !isSyncPush(item) && !isAboutApp(item))
  if (others.length === items.length) return [content]
  const parts: unknown[] = others.length === 0 ? pushes : [others, ...pushes]
  return parts.map((part) => parseContent(stringifyLossless(part)))
}

/** Of a form any value may hold the event, and so may all of it. */
function isAppContent({ kind, value }: Content): boolean {
  if (kind !== 'form') return isAboutApp(value)
  const fields = new URLSearchParams(String(value))
  return isAboutApp(Object.fromEntries(fields)) || [...fields].flat().some(isAboutApp)
}
