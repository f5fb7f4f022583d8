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
