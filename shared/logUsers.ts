import { createHmac } from 'node:crypto'
import * as z from 'zod/mini'

/** LOG_HASH_KEY: without it no log line says whom an event is about. */
export const logHashKeyVariable = z.optional(z.string().check(z.minLength(16, 'must have at least 16 characters')))

/**
 * A user id as logs may hold it: the same for the same person and key, and no way back without the key.
 * @param key LOG_HASH_KEY
 */
export function hashUserId(userId: string, key: string): string {
  return createHmac('sha256', key).update(userId).digest('hex').slice(0, 16)
}

/** The spellings in which DingTalk's events name employees; a list in native ones. */
const FIELDS = ['userId', 'userid', 'UserId']

/** The user ids that an event's body names, as text; none for a body that is no object. */
export function userIdsOf(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return []
  const { data, ...fields } = body as Record<string, unknown>
  const own = FIELDS.flatMap((name) => fields[name])
    .filter((id) => typeof id === 'string')
    .map((id) => id.trim())
  // an event of DingTalk Stream has its fields one level down
  return own.length === 0 && data !== undefined ? userIdsOf(data) : own
}
