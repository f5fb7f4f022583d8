import { parseLossless, stringifyLossless } from '../../shared/losslessJson'
import type { Content } from './readContent'

/**
 * Removes fields of a JSON body by name, at any depth, before anything of ours keeps the event: the bus, its trace and
 * its dead letters never hold them. Numbers keep their digits. A body that holds none of them goes on as it was sent.
 */
export function dropFields(content: Content, names: ReadonlySet<string>): Content {
  if (!mayHold(content.json, names)) return content
  const kept = parseLossless(content.json)
  cut(kept, names)
  const json = stringifyLossless(kept)
  return { json, value: JSON.parse(json) }
}

/**
 * Looks at the text, not at the parsed value: a field may hide in an object whose key comes twice, and the text is what
 * goes on. A name may be written with escapes.
 */
function mayHold(json: string, names: ReadonlySet<string>): boolean {
  return json.includes('\\u') || [...names].some((name) => json.includes(`"${name}"`))
}

function cut(value: unknown, names: ReadonlySet<string>): void {
  if (typeof value !== 'object' || value === null) return
  const fields = value as Record<string, unknown>
  for (const key of Object.keys(fields)) {
    if (!Array.isArray(value) && names.has(key)) delete fields[key]
    else cut(fields[key], names)
  }
}
