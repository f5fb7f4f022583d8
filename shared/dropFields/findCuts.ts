import { depthOf, parseJson } from '../json'
import { type DecodedText, decodeEscapes, decodePercent } from './encodedText'
import { type CutFields, isWord } from './fieldNames'

/** DingTalk's events have five levels. */
export const MAX_DEPTH = 64

/** A part of a text that goes, and what is put in its place. */
interface Cut {
  from: number
  to: number
  put: '' | 'null'
}

/** The parts that go, in their order; `all` for a text that goes as a whole. Its length is 0 when nothing goes. */
export type Cuts = readonly Cut[] | 'all'

/** Text in text in text: DingTalk's events have three levels. Each is looked through once, so this bounds the time. */
const MAX_LEVELS = 8

/**
 * Finds the fields in a text that may be JSON or a form, and in the JSON and the forms that its strings and values hold.
 * They are places in the text as it was sent, so all that stays is as it was: digits, blanks, and how it is encoded.
 * @returns `all` for what cannot be taken apart, or is nested too deep, and has one of the fields in a key's place
 */
export function findCuts(text: string, fields: CutFields, level = 0): Cuts {
  if (!fields.mayBeIn(text)) return []
  const trimmed = text.trim()
  if (level > MAX_LEVELS) return namesOne(trimmed, fields) ? 'all' : []
  if (/^["[{<]/.test(trimmed)) {
    if (parseJson(trimmed) === undefined) return namesOne(trimmed, fields) ? 'all' : []
    return depthOf(trimmed) > MAX_DEPTH ? 'all' : jsonCuts(text, fields, level)
  }
  // Base64, or a name with nothing behind it
  if (/^[^\s&=%]+={1,2}$/.test(trimmed)) return []
  if (text.includes('=')) return formCuts(text, fields, level)
  const decoded = decodePercent(text)
  if (decoded.text !== text) return cutsInSource(findCuts(decoded.text, fields, level + 1), decoded, 0)
  // within an event, `send the mobile: by post` is a sentence
  const keys = level === 0 ? text : text.replace(/(?<=[\p{L}\p{N}] )[\p{L}\p{N}_-]+[:：]/gu, '')
  return namesOne(keys, fields) ? 'all' : []
}

/** What is left of a text; undefined when it goes as a whole. */
export function applyCuts(text: string, cuts: Cuts): string | undefined {
  if (cuts === 'all') return undefined
  let end = 0
  const kept = cuts.map(({ from, to, put }) => {
    const part = text.slice(end, from) + put
    end = to
    return part
  })
  return kept.join('') + text.slice(end)
}

/** A JSON text without the fields; `null` where they cannot be taken apart from the rest. */
export function cutFields(json: string, fields: CutFields): string {
  return applyCuts(json, findCuts(json, fields)) ?? 'null'
}

/** Whether a name is that of a field, or holds one: JSON can be a key, and so can a form. */
export function isCutName(name: string, fields: CutFields, level = 0): boolean {
  return fields.has(name) || (!isWord(name) && findCuts(name, fields, level).length > 0)
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+/g

interface Part {
  from: number
  to: number
  cuts: Cuts
}

/**
 * It works on the text, not on the parsed value: nothing hides under a key that comes twice.
 * @param json valid, and nested no deeper than MAX_DEPTH
 */
function jsonCuts(json: string, fields: CutFields, level: number): Cuts {
  const tokens = [...json.matchAll(TOKEN)]
  let at = 0
  const next = () => {
    const token = tokens[at++]
    return { token: token?.[0] ?? '', from: token?.index ?? json.length }
  }
  const end = () => {
    const last = tokens[at - 1]
    return last === undefined ? 0 : last.index + last[0].length
  }

  const value = (): Part => {
    const { token, from } = next()
    let cuts: Cuts = []
    if (token === '{') cuts = cutsOfList(listed('}', member))
    else if (token === '[') cuts = listed(']', value).flatMap(orNull)
    else if (token.startsWith('"')) cuts = string(token, from)
    return { from, to: end(), cuts }
  }
  const listed = (close: string, part: () => Part): Part[] => {
    const parts: Part[] = []
    if (tokens[at]?.[0] === close) next()
    else
      do parts.push(part())
      while (next().token === ',')
    return parts
  }
  const member = (): Part => {
    const { token: key, from } = next()
    next()
    const { to, cuts } = value()
    return { from, to, cuts: isCutName(JSON.parse(key), fields, level + 1) ? 'all' : cuts }
  }
  const string = (token: string, from: number): Cuts => {
    const source = token.slice(1, -1)
    if (isWord(source) || !fields.mayBeIn(source)) return []
    const decoded = decodeEscapes(source)
    return cutsInSource(findCuts(decoded.text, fields, level + 1), decoded, from + 1)
  }
  return value().cuts
}

/** An item of a list leaves its place, so that the others keep theirs. */
function orNull({ from, to, cuts }: Part): readonly Cut[] {
  return cuts === 'all' ? [{ from, to, put: 'null' }] : cuts
}

function formCuts(form: string, fields: CutFields, level: number): Cuts {
  const parts: Part[] = []
  let from = 0
  for (const pair of form.split('&')) {
    const to = from + pair.length
    const cuts = fields.mayBeIn(pair) ? pairCuts(pair, from, fields, level) : []
    // in JSON or XML that is not encoded, what follows an & may be the rest of the value
    if (cuts === 'all' && to < form.length && isTorn(pair)) return 'all'
    parts.push({ from, to, cuts })
    from = to + 1
  }
  return cutsOfList(parts)
}

function pairCuts(pair: string, from: number, fields: CutFields, level: number): Cuts {
  const valueAt = pair.indexOf('=') + 1
  const name = decodePercent(pair.slice(0, Math.max(0, valueAt - 1)))
  if (isCutName(name.text, fields, level + 1)) return 'all'
  const value = decodePercent(pair.slice(valueAt))
  return cutsInSource(findCuts(value.text, fields, level + 1), value, from + valueAt)
}

/** Whether a pair has a piece of JSON or XML in it, and not a whole one for its value. */
function isTorn(pair: string): boolean {
  const valueAt = pair.indexOf('=') + 1
  const value = pair.slice(valueAt)
  return /["{<]/.test(pair.slice(0, valueAt)) || (/["{<]/.test(value) && parseJson(value) === undefined)
}

/** With a part goes what divides it from its neighbour. */
function cutsOfList(parts: readonly Part[]): readonly Cut[] {
  let hasKept = false
  return parts.flatMap(({ from, to, cuts }, at): readonly Cut[] => {
    if (cuts === 'all' && hasKept) return [{ from: parts[at - 1]?.to ?? from, to, put: '' }]
    if (cuts === 'all') return [{ from, to: parts[at + 1]?.from ?? to, put: '' }]
    hasKept = true
    return cuts
  })
}

function cutsInSource(cuts: Cuts, { starts }: DecodedText, offset: number): Cuts {
  if (cuts === 'all') return cuts
  const at = (position: number) => offset + (starts[position] ?? 0)
  return cuts.map(({ from, to, put }) => ({ from: at(from), to: at(to), put }))
}

/** Whether a text has one of the fields in a key's place: `mobile:`, `mobile=`, `<mobile`, however it is escaped. */
export function namesOne(text: string, fields: CutFields): boolean {
  let plain = text
  for (let level = 0; level < MAX_LEVELS; level++) {
    const once = unescaped(plain)
    if (once === plain) {
      const keys = /<\/?(?:[\w-]+:)?([\p{L}\p{N}_-]+)|(?<![\p{L}\p{N}_-])([\p{L}\p{N}_-]+)[\\"'\]\s+]*[:=：＝]/gu
      return [...plain.matchAll(keys)].some(([, tag, key = '']) => fields.has(tag ?? key))
    }
    plain = once
  }
  // nobody escapes that often who has nothing to hide
  return true
}

function unescaped(text: string): string {
  const character = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))
  return text.replace(/%(?:25)*([2-7][0-9a-f])/gi, character).replace(/(?<!\\)\\+u([0-9a-f]{4})/gi, character)
}
