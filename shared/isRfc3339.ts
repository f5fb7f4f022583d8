const dateTime =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/** Whether a text is a date-time of RFC 3339, leap seconds aside, which the service's Java has no place for. */
export function isRfc3339(text: string): boolean {
  const date = dateTime.exec(text)?.[1]
  if (date === undefined) return false
  // Date takes 02-30 for 03-01
  return date.slice(8) <= '28' || new Date(`${date}T00:00:00Z`).toISOString().startsWith(date)
}
