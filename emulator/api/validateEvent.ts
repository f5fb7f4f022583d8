import { isLosslessObject } from '../../shared/losslessJson'
import { attributeRules } from './attributeRules'
import type { Limits } from './limits'

/** One entry of PutEvents' answer that failed. */
export interface EntryError {
  code: string
  message: string
}

/**
 * The checks that PutEvents makes of each event; undefined when it passes. Whether the bus exists is for the caller to
 * check.
 *
 * What the official SDK lets through, and what becomes of it here:
 * - no `data`, `"data": ""`, `data_base64`: accepted. CloudEvents makes data optional, and the SDK sends data_base64
 *   for whatever is not plain JSON. The twin has a code EventDataEmpty; where it would raise it was not found.
 * - any media type: accepted if it has the form of one.
 * - extensions that are numbers, booleans or objects: accepted, as in the twin.
 * - an extension's name with other characters than a-z and 0-9, such as `Data`: refused, by CloudEvents' naming rule,
 *   which the Java SDK under the twin enforces.
 * - an id that `extensions: {id: …}` overwrote with something else than letters, digits and hyphens: refused.
 *
 * @param event a value of parseLossless
 * @param eventBytes the length of its JSON text
 */
export function validateEvent(event: unknown, eventBytes: number, limits: Limits): EntryError | undefined {
  if (!isLosslessObject(event)) return { code: 'EventInvalid', message: 'The event must be a JSON object.' }
  if (eventBytes > limits.eventBytes) {
    const message = `The single event entry size[${eventBytes}] exceed the limit [${limits.eventBytes}]!`
    return { code: 'EventSizeExceed', message }
  }
  return checkAttributes(event) ?? checkData(event) ?? checkExtensionNames(event)
}

/** An attribute that is null counts as absent: the JSON format of CloudEvents says so. */
function checkAttributes(event: Record<string, unknown>): EntryError | undefined {
  for (const { attribute, required, holds, code, message } of attributeRules) {
    const value = event[attribute]
    const passes = value === undefined || value === null ? !required : typeof value === 'string' && holds(value)
    if (!passes) return { code, message }
  }
  return undefined
}

function checkData({ data, data_base64: base64 }: Record<string, unknown>): EntryError | undefined {
  if (base64 === undefined || base64 === null) return undefined
  if (data !== undefined) return { code: 'EventInvalid', message: 'The event has both data and data_base64.' }
  const isBase64 = typeof base64 === 'string' && Buffer.from(base64, 'base64').toString('base64') === base64
  return isBase64
    ? undefined
    : { code: 'EventInvalid', message: 'The event data_base64 is invalid, it must be Base64.' }
}

const notExtensions = new Set(['data_base64', ...attributeRules.map((rule) => rule.attribute)])

function checkExtensionNames(event: Record<string, unknown>): EntryError | undefined {
  const valid = Object.keys(event).every((name) => notExtensions.has(name) || /^[a-z0-9]+$/.test(name))
  if (valid) return undefined
  const message = 'The extensions attribute is invalid, its name may hold only lower-case letters and digits.'
  return { code: 'EventExtensionsAttributeInvalid', message }
}
