import { parse, stringify } from 'lossless-json'
import type { Content } from './readContent'

/**
 * Removes fields by name, at any depth, before anything of ours keeps the event: the bus, its trace and its dead
 * letters never hold them. Numbers keep their digits.
 */
export function dropFields(content: Content, names: ReadonlySet<string>): Content {
  if (!holdsAny(content.value, names)) return content
  const kept = parse(content.json, null, { onDuplicateKey: ({ newValue }) => newValue })
  cut(kept, names)
  const json = stringify(kept) ?? 'null'
  return { json, value: JSON.parse(json) }
}

function holdsAny(value: unknown, names: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some((item) => holdsAny(item, names))
  return Object.entries(value).some(([key, item]) => names.has(key) || holdsAny(item, names))
}

function cut(value: unknown, names: ReadonlySet<string>): void {
  if (typeof value !== 'object' || value === null) return
  const fields = value as Record<string, unknown>
  for (const key of Object.keys(fields)) {
    if (!Array.isArray(value) && names.has(key)) delete fields[key]
    else cut(fields[key], names)
  }
}
