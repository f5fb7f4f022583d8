import { depthOf, parseJson } from '../../shared/json'
import { type CutFields, compileFields } from './fieldNames'
import { HttpError } from './httpError'
import { type Content, MAX_DEPTH, parseContent, textContent } from './readContent'
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
        const json = cutJson(content.json, fields)
        return json === content.json ? content : parseContent(json)
      }
      const text = String(content.value)
      if (content.kind === 'form') return textContent(cutForm(text, fields), 'form')
      if (text.trim() !== '' && (names.length > 0 || namesOne(text, fields))) throw unreadableText()
      return content
    },
    fromRequest: (request) => ({
      ...request,
      headers: withoutFields(request.headers, fields),
      query: withoutFields(request.query, fields),
    }),
  }
}

function withoutFields(values: Readonly<Record<string, string>>, fields: CutFields): Record<string, string> {
  const kept = Object.entries(values).filter(([name, value]) => !fields.has(name) && cutText(value, fields) === value)
  return Object.fromEntries(kept)
}

/** What is not dropped would lie on the bus, so the promise of DROP_FIELDS goes before the event. */
function unreadableText(): HttpError {
  const message = 'Send JSON or a form: in any other text fields that must not travel cannot be found.'
  return new HttpError(415, 'UnsupportedMediaType', message, { check: 'media_type' })
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+/g

/**
 * Cuts fields out of a JSON text, at any depth, and out of the JSON and the forms that its strings hold. It works on the
 * text, not on the parsed value: so all that stays is as it was sent, digits too, and nothing hides under a key that
 * comes twice. A text that holds none of the fields comes back as it is.
 * @param json valid, and nested no deeper than MAX_DEPTH
 */
export function cutJson(json: string, fields: CutFields): string {
  if (!fields.mayBeIn(json)) return json
  const tokens = json.match(TOKEN) ?? []
  let at = 0
  let hasCut = false
  const next = () => tokens[at++] ?? ''

  /** @returns undefined for a string that goes as a whole */
  const value = (): string | undefined => {
    const token = next()
    if (token === '{') return `{${listed('}', member)}}`
    if (token === '[') return `[${listed(']', () => value() ?? 'null')}]`
    return token.startsWith('"') ? string(token) : token
  }
  const listed = (close: string, item: () => string | undefined): string => {
    if (tokens[at] === close) return next() && ''
    const kept: string[] = []
    do {
      const text = item()
      if (text !== undefined) kept.push(text)
    } while (next() === ',')
    return kept.join(',')
  }
  const member = (): string | undefined => {
    const key = next()
    next()
    const text = value()
    if (!fields.has(JSON.parse(key))) return text === undefined ? undefined : `${key}:${text}`
    hasCut = true
    return undefined
  }
  const string = (token: string): string | undefined => {
    const text: string = JSON.parse(token)
    const kept = cutText(text, fields)
    if (kept === text) return token
    hasCut = true
    return kept === undefined ? undefined : JSON.stringify(kept)
  }

  const kept = value() ?? 'null'
  return hasCut ? kept : json
}

/**
 * Cuts fields out of a string that may be JSON or a form; any other comes back as it is.
 * @returns undefined when it is JSON or XML that cannot be taken apart, and names one of the fields: then all of it goes
 */
export function cutText(text: string, fields: CutFields): string | undefined {
  if (!fields.mayBeIn(text)) return text
  const trimmed = text.trim()
  if (/^["[{<]/.test(trimmed)) {
    if (parseJson(trimmed) === undefined) return namesOne(trimmed, fields) ? undefined : text
    if (depthOf(trimmed) > MAX_DEPTH) return undefined
    const kept = cutJson(trimmed, fields)
    return kept === trimmed ? text : kept
  }
  // what ends in = is Base64
  return /^[^\s&=]+=[^=]/.test(trimmed) ? cutForm(text, fields) : text
}

/** Cuts fields out of `name=value&…`, and out of the JSON and the forms that its values hold. */
export function cutForm(form: string, fields: CutFields): string {
  const pairs = form.split('&').map((pair) => {
    const [name = '', ...rest] = pair.split('=')
    const [sentName, value] = [decoded(name), decoded(rest.join('='))]
    if (fields.has(sentName) || cutText(sentName, fields) !== sentName) return undefined
    const kept = cutText(value, fields)
    return kept === value ? pair : kept === undefined ? undefined : `${name}=${encodeURIComponent(kept)}`
  })
  return pairs.filter((pair) => pair !== undefined).join('&')
}

/** Whether a text that is neither JSON nor a form has one of the fields in a key's place: `mobile:`, `mobile=`, `<mobile`. */
export function namesOne(text: string, fields: CutFields): boolean {
  const character = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))
  const unescaped = text
    .replace(/%(?:25)*([2-7][0-9a-f])/gi, character)
    .replace(/(?<!\\)\\+u([0-9a-f]{4})/gi, character)
  const keys = /<\/?(?:[\w-]+:)?([\p{L}\p{N}_-]+)|(?<![\p{L}\p{N}_-])([\p{L}\p{N}_-]+)[\\"'\]\s+]*[:=]/gu
  return [...unescaped.matchAll(keys)].some(([, tag, key]) => fields.has(tag ?? key ?? ''))
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    // not everything with a percent sign is encoded
    return spaced
  }
}
