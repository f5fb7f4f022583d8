import { createHmac } from 'node:crypto'
import * as z from 'zod/mini'
import { textVariable } from './config'
import { joined, MAX_ITEMS } from './logging'
import { openFields, readIds } from './mapping/readKeys'

/** LOG_HASH_KEY: without it no log line says whom an event is about. */
export const logHashKeyVariable = z.optional(
  textVariable((key) => key.length >= 16, 'must have at least 16 characters'),
)

/**
 * A user id as logs may hold it: the same for the same person and key, and no way back without the key.
 * @param key LOG_HASH_KEY
 */
export function hashUserId(userId: string, key: string): string {
  return createHmac('sha256', key).update(userId).digest('hex').slice(0, 16)
}

/** Whom events name in these bodies, as keyed hashes; nobody without a key. */
export function hashedUsers(bodies: readonly unknown[], key: string | undefined): string | undefined {
  if (key === undefined) return undefined
  const users = bodies.flatMap(userIdsOf).slice(0, MAX_ITEMS)
  return joined(users.map((userId) => hashUserId(userId, key)))
}

/** Where an event has its fields, and in which spellings they name employees, as in mapping.yaml. */
const PLACES = [['body'], ['body', 'data']]
const FIELDS = ['userId', 'userid', 'UserId'].map((name) => ['body', name])

/** The user ids that an event's body names, read as those of rows are; none for a body that is no object. */
export function userIdsOf(body: unknown): string[] {
  const event = openFields(PLACES, { body })
  // a row of SyncHTTP may name its user there alone; one of another type has its department's id there, or the like
  const isOfUser = [undefined, '13'].includes(readIds([['body', 'biz_type']], event)[0])
  const paths = isOfUser ? [...FIELDS, ['body', 'biz_id']] : FIELDS
  return [...new Set(readIds(paths, event).filter((id) => id !== undefined))]
}
