import { isRfc3339 } from '../../shared/isRfc3339'

/** One thing that must hold of an attribute when it is there. The message states the rule and repeats no value. */
export interface AttributeRule {
  attribute: string
  required: boolean
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
export const attributeRules: AttributeRule[] = [
  {
    attribute: 'specversion',
    required: true,
    holds: (value) => value === '1.0' || value === '0.3',
    code: 'EventSpecversionInvalid',
    message: 'The event specversion is invalid, it must be in [1.0,0.3].',
  },
  {
    attribute: 'id',
    required: true,
    holds: (value) => value !== '',
    code: 'EventIdEmpty',
    message: 'The event id is empty.',
  },
  {
    attribute: 'id',
    required: true,
    holds: (value) => /^[A-Za-z0-9][A-Za-z0-9-]{0,127}$/.test(value),
    code: 'EventInvalid',
    message: 'The event id is invalid, it must be 1 to 128 letters, digits and hyphens and not start with a hyphen.',
  },
  {
    attribute: 'source',
    required: true,
    holds: (value) => value !== '' && value.length <= 128 && !notInUri.test(value),
    code: 'EventSourceInvalid',
    message: 'The event source is invalid, it must be a URI reference of 1 to 128 characters.',
  },
  {
    attribute: 'type',
    required: true,
    holds: (value) => value !== '' && value.length <= 64,
    code: 'EventTypeInvalid',
    message: 'The event type is invalid, it must have 1 to 64 characters.',
  },
  {
    attribute: 'subject',
    required: false,
    holds: (value) => value.length <= 512,
    code: 'EventSubjectInvalid',
    message: 'The event subject is invalid, it may have 512 characters.',
  },
  {
    attribute: 'time',
    required: false,
    holds: isRfc3339,
    code: 'EventInvalid',
    message: 'The event time is invalid, it must be of RFC 3339, such as 2026-01-31T12:00:00+08:00.',
  },
  {
    attribute: 'datacontenttype',
    required: false,
    holds: (value) => /^[\w.+-]+\/[\w.+-]+\s*(;.*)?$/.test(value),
    code: 'EventContentTypeInvalid',
    message: 'The event content type is invalid, it must be a media type, such as application/json.',
  },
  {
    attribute: 'dataschema',
    required: false,
    holds: (value) => value !== '' && !notInUri.test(value),
    code: 'EventInvalid',
    message: 'The event dataschema is invalid, it must be a URI.',
  },
  {
    attribute: 'aliyuneventbusname',
    required: true,
    holds: (value) => value !== '',
    code: 'EventBusEmpty',
    message: 'The event bus is empty.',
  },
]
