import { type CutFields, compileFields } from '../../shared/dropFields/fieldNames'
import { applyCuts, findCuts, isCutName, namesOne } from '../../shared/dropFields/findCuts'
import { HttpError } from './httpError'
import { type Content, parseContent, textContent } from './readContent'
import type { WebhookRequest } from './readRequest'

/** Removes fields before anything of ours keeps the event: the bus, its trace and its dead letters never hold them. */
export interface DropFields {
  /** @throws HttpError 415 for text in which no field can be found, neither JSON nor a form */
  fromContent(content: Content): Content
  /** a request without the headers and query values that hold one */
  fromRequest(request: WebhookRequest): WebhookRequest
}

/**
 * Removes the fields of DROP_FIELDS and the app's secrets by name, in any spelling and at any depth: of JSON, of forms, of
 * JSON and forms that are text within these, of headers and of the query.
 */
export function compileDropFields(names: readonly string[]): DropFields {
  const fields = compileFields(names)
  return {
    fromContent(content) {
      if (content.kind === 'json') {
        const cuts = findCuts(content.json, fields)
        return cuts.length === 0 ? content : parseContent(applyCuts(content.json, cuts) ?? 'null')
      }
      const text = String(content.value)
      if (content.kind === 'form') {
        const kept = applyCuts(text, findCuts(text, fields))
        if (kept === undefined) throw unreadableText()
        return textContent(kept, 'form')
      }
      if (text.trim() !== '' && (names.length > 0 || namesOne(text, fields))) throw unreadableText()
      return content
    },
    fromRequest: (request) =>
      Object.assign({}, request, {
        headers: withoutFields(request.headers, fields),
        query: withoutFields(request.query, fields),
      }),
  }
}

function withoutFields(values: Readonly<Record<string, string>>, fields: CutFields): Record<string, string> {
  const kept = Object.entries(values).filter(
    ([name, value]) => !isCutName(name, fields) && findCuts(value, fields).length === 0,
  )
  return Object.fromEntries(kept)
}

/** What is not dropped would lie on the bus, so the promise of DROP_FIELDS goes before the event. */
function unreadableText(): HttpError {
  const message = 'Send JSON or a form: in any other text fields that must not travel cannot be found.'
  return new HttpError(415, 'UnsupportedMediaType', message, { check: 'media_type' })
}
