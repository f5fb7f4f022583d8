import * as z from 'zod/mini'
import { errorMessage } from '../../shared/errorCode'
import type { ScheduledParameters } from '../resources/definitions'
import { parseCron } from '../schedule/cron'
import { readRequest } from './readRequest'
import { ApiError } from './refusal'

const schema = z.strictObject({
  Schedule: z._default(z.string(), ''),
  TimeZone: z._default(z.string(), ''),
  // JSON text in the management API, an object in the model of the old SDK
  UserData: z.optional(z.union([z.string(), z.record(z.string(), z.unknown())], 'must be JSON text')),
})

/**
 * Reads SourceScheduledEventParameters.
 * @throws ApiError that says what is wrong with the schedule; its code is ours, the service's is not documented
 */
export function readScheduledParameters(input: unknown): ScheduledParameters {
  const { Schedule, TimeZone, UserData } = readRequest(schema, input)
  try {
    parseCron(Schedule, TimeZone)
  } catch (error) {
    const message = `The parameters of scheduled source is invalid. ${errorMessage(error)}`
    throw new ApiError(409, 'ScheduledSourceParametersInvalid', message)
  }
  const userData = typeof UserData === 'object' ? JSON.stringify(UserData) : UserData
  return { schedule: Schedule, timeZone: TimeZone, ...(userData && { userData }) }
}

/** As they are told again. */
export function describeScheduled({ schedule, timeZone, userData }: ScheduledParameters) {
  return { Schedule: schedule, TimeZone: timeZone, ...(userData !== undefined && { UserData: userData }) }
}
