import { isObject } from '../../shared/isObject'
import { stringifyLossless } from '../../shared/losslessJson'

/**
 * DingTalk's maps by department, as JSON text: `"{1:false}"` looks like JSON with unquoted keys; newer interfaces send a
 * list, `[{"dept_id":1,"leader":false}]`. Keys and values stay as they are written: an order has up to 18 digits.
 * Undefined when it is neither.
 */
export function readDepartmentMap(value: unknown): string | undefined {
  if (typeof value === 'string') return fromText(value)
  if (Array.isArray(value)) return fromList(value)
  return isObject(value) ? stringifyLossless(value) : undefined
}

function fromText(text: string): string | undefined {
  const inside = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1]
  if (inside === undefined) return undefined
  const entries = inside
    .split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair) => /^\s*"?(-?\d+)"?\s*:\s*"?(true|false|-?\d+)"?\s*$/.exec(pair))
  if (entries.includes(null)) return undefined
  return `{${entries.map((entry) => `"${entry?.[1]}":${entry?.[2]}`).join(',')}}`
}

function fromList(list: readonly unknown[]): string | undefined {
  const entries = list.map((item) => {
    if (typeof item !== 'object' || item === null) return undefined
    const { dept_id: id, leader } = item as Record<string, unknown>
    return Number.isSafeInteger(id) && typeof leader === 'boolean' ? ([id, leader] as const) : undefined
  })
  return entries.includes(undefined)
    ? undefined
    : JSON.stringify(Object.fromEntries(entries.filter((entry) => entry !== undefined)))
}
