import { createHmac } from 'node:crypto'

/**
 * A user id as logs may hold it: the same for the same person and key, and no way back without the key.
 * @param key LOG_HASH_KEY
 */
export function hashUserId(userId: string, key: string): string {
  return createHmac('sha256', key).update(userId).digest('hex').slice(0, 16)
}
