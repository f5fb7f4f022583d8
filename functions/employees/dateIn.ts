const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * The date, yyyy-mm-dd, of a moment in a time zone.
 * @param zone IANA name; the build has checked it
 */
export function dateIn(zone: string, ms: number): string {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
  formats.set(zone, format)
  return format.format(ms)
}
