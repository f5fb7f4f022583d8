import { hashUserId } from '../../../../shared/hashUserId'

/**
 * What to look for in the event trace, and the query of Simple Log Service for the functions' lines.
 * @param hashKey LOG_HASH_KEY of the functions, by which their lines name the employee
 */
export function showWhereToLook(userId: string, eventIds: readonly string[], hashKey: string | undefined): string {
  const ids = [...new Set(eventIds)]
  // words and no fields: something may stand before the JSON of a line (docs/operations.md)
  const terms = ids.map((id) => `"${id}"`)
  if (hashKey) terms.push(hashUserId(userId, hashKey))
  return [
    `in the event trace: ${ids.length === 0 ? 'no event id is known' : ids.join(', ')}`,
    ...(terms.length === 0 ? [] : [`in the log: ${terms.join(' or ')}`]),
    ...(hashKey ? [] : ['without LOG_HASH_KEY no log line says whom it is about: only event ids can be searched for']),
  ].join('\n')
}
