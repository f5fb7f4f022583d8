import * as z from 'zod/mini'
import { isObject } from '../../shared/isObject'
import { parseJson } from '../../shared/parseJson'
import { ApiError } from './apiError'
import { readPattern } from './readPattern'
import { readRequest } from './readRequest'

const request = z.strictObject({ Event: z._default(z.string(), ''), EventPattern: z._default(z.string(), '') })

/** Whether an event, the JSON text of a CloudEvent or of a part of one, matches a pattern. */
export function testEventPattern(given: unknown) {
  const { Event, EventPattern } = readRequest(request, given)
  const pattern = readPattern(EventPattern)
  return { Result: pattern.matches(readEvent(Event)) }
}

function readEvent(text: string): Record<string, unknown> {
  const event = parseJson(text)
  if (isObject(event)) return event
  throw new ApiError(409, 'JsonAttributeInvalid', 'The Json attribute is invalid. Event: must be a JSON object')
}
