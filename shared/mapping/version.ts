import { createHash } from 'node:crypto'

export const VERSION_BYTES = 8
const TIE_BITS = 21n
const WINS = 1n << 20n

/**
 * When, and by which event, a column was set: 43 bits of milliseconds (until the year 2248), one bit for an event that
 * wins over others of its millisecond, 20 bits of the event id's hash. Compared as bytes, the newer is the greater, and
 * of the same millisecond the same one on every path.
 */
export function versionOf(timeMs: number, wins: boolean, eventId: string): Buffer {
  const hash = createHash('sha256').update(eventId).digest().readUInt32BE(0) >>> 12
  const version = Buffer.alloc(VERSION_BYTES)
  version.writeBigUInt64BE((BigInt(timeMs) << TIE_BITS) | (wins ? WINS : 0n) | BigInt(hash))
  return version
}

/** The event time in a version, in milliseconds; undefined for a column that no event has set. */
export function timeOfVersion(version: Buffer): number | undefined {
  if (version.length < VERSION_BYTES) return undefined
  const time = Number(version.readBigUInt64BE() >> TIE_BITS)
  return time === 0 ? undefined : time
}

/** Whether it was this event that set a column: a version has a part of the event id's hash, enough to tell. */
export function isVersionOf(version: Buffer, eventId: string): boolean {
  const time = timeOfVersion(version)
  return time !== undefined && [true, false].some((wins) => versionOf(time, wins, eventId).equals(version))
}
