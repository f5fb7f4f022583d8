import { isRfc3339 } from '../../shared/isRfc3339'
import { isLosslessObject } from '../../shared/json'
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
  for (const { attribute, isOptional, holds, code, message } of attributeRules) {
    const value = event[attribute]
    const passes = value === undefined || value === null ? isOptional : typeof value === 'string' && holds(value)
    if (!passes) return { code, message }
  }
  return undefined
}

/** One thing that must hold of an attribute when it is there. The message states the rule and repeats no value. */
interface AttributeRule {
  attribute: string
  isOptional?: true
  holds(value: string): boolean
  code: string
  message: string
}

/** Characters that no URI reference holds; java.net.URI, which the twin puts `source` into, refuses them. */
const notInUri = /[\s<>"{}|\\^`]/

/**
 * Codes are those of the open-source twin (rocketmq-eventbridge, EventErrorCode), lengths those of
 * https://help.aliyun.com/en/eventbridge/product-overview/limits.
 */
const attributeRules: AttributeRule[] = [
  {
    attribute: 'specversion',
    holds: (value) => value === '1.0' || value === '0.3',
    code: 'EventSpecversionInvalid',
    message: 'The event specversion is invalid, it must be in [1.0,0.3].',
  },
  {
    attribute: 'id',
    holds: (value) => value !== '',
    code: 'EventIdEmpty',
    message: 'The event id is empty.',
  },
  {
    attribute: 'id',
    holds: (value) => /^[A-Za-z0-9][A-Za-z0-9-]{0,127}$/.test(value),
    code: 'EventInvalid',
    message: 'The event id is invalid, it must be 1 to 128 letters, digits and hyphens and not start with a hyphen.',
  },
  {
    attribute: 'source',
    holds: (value) => value !== '' && value.length <= 128 && !notInUri.test(value),
    code: 'EventSourceInvalid',
    message: 'The event source is invalid, it must be a URI reference of 1 to 128 characters.',
  },
  {
    attribute: 'type',
    holds: (value) => value !== '' && value.length <= 64,
    code: 'EventTypeInvalid',
    message: 'The event type is invalid, it must have 1 to 64 characters.',
  },
  {
    attribute: 'subject',
    isOptional: true,
    holds: (value) => value.length <= 512,
    code: 'EventSubjectInvalid',
    message: 'The event subject is invalid, it may have 512 characters.',
  },
  {
    attribute: 'time',
    isOptional: true,
    holds: isEventTime,
    code: 'EventInvalid',
    message:
      'The event time is invalid, it must be of RFC 3339, such as 2026-01-31T12:00:00+08:00, or end with the name of a time zone in place of an offset, such as 2026-01-31T12:00:00Asia/Shanghai.',
  },
  {
    attribute: 'datacontenttype',
    isOptional: true,
    holds: (value) => /^[\w.+-]+\/[\w.+-]+\s*(;.*)?$/.test(value),
    code: 'EventContentTypeInvalid',
    message: 'The event content type is invalid, it must be a media type, such as application/json.',
  },
  {
    attribute: 'dataschema',
    isOptional: true,
    holds: (value) => value !== '' && !notInUri.test(value),
    code: 'EventInvalid',
    message: 'The event dataschema is invalid, it must be a URI.',
  },
  {
    attribute: 'aliyuneventbusname',
    holds: (value) => value !== '',
    code: 'EventBusEmpty',
    message: 'The event bus is empty.',
  },
]

const ZONED = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?)([A-Z][\w+-]*(?:\/[\w+-]+)*)$/

/**
 * RFC 3339, and a name of a time zone in place of the offset: `2020-08-24T13:54:05.965Asia/Shanghai` is in the samples of
 * the service's own SDKs, and in the event that its page on event patterns shows as it is delivered. The text stays what
 * it is: no more is done with it here.
 */
function isEventTime(text: string): boolean {
  if (isRfc3339(text)) return true
  const [, local, zone] = ZONED.exec(text) ?? []
  return local !== undefined && zone !== undefined && isRfc3339(`${local}Z`) && isTimeZone(zone)
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
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
