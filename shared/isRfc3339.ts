const dateTime =
  /^(\d{4}-(?:0[1-9]|1[0-2])-\d{2})[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/** Whether a text is a date-time of RFC 3339, leap seconds aside, which the service's Java has no place for. */
export function isRfc3339(text: string): boolean {
  const date = dateTime.exec(text)?.[1]
  if (date === undefined) return false
  if (date.slice(8) >= '01' && date.slice(8) <= '28') return true
  // Date takes 02-30 for 03-01, and 02-32 for no date at all
  const midnight = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date)
}
