import { createHash, hash } from 'node:crypto'

/** When, and by which event, a column was set. */
export interface Moment {
  /** milliseconds since 1970 */
  time: number
  /** what goes before all times: of two stages the higher is the newer; 0 without it */
  stage?: number
  /** what tells the order of two changes of one time, where the sender says it: SyncHTTP's row id; 0 where it does not */
  sequence?: bigint
  /** of two events of one time and sequence the one with the greater rank is the newer: see RANKS */
  rank?: number
  eventId: string
  /** what the event says, as text: two events with one id that say different things are two */
  content?: string
}

/** 0 for most events; 1 for one that `wins`; 2 for one that `ends` what a row is about; 3 for a roster: see rosterVersion. */
export const RANKS = { wins: 1, ends: 2, absent: 3, seal: 255 } as const

export const VERSION_BYTES = 24
/** Milliseconds that a version holds, behind the 4 bits of its stage: till the year 2527. */
const STAGE_UNIT = 2 ** 44
const MAX_TIME_MS = STAGE_UNIT - 1
export const MAX_SEQUENCE = 2n ** 64n - 1n

const TIME_BYTES = 6
const SEQUENCE_AT = TIME_BYTES
/** within the sequence, in the version of a roster */
const HEARD_AT = 8
const RANK_AT = 14
const ID_AT = 15
const CONTENT_AT = 20

/**
 * A moment as 24 bytes that compare as the moments do: 6 of the stage and milliseconds, 8 of the sequence, 1 of the rank, 5
 * of the event id's hash, 4 of the content's. So any two events have an order, which is the same on every path.
 */
export function versionOf({ time, stage = 0, sequence = 0n, rank = 0, eventId, content = '' }: Moment): Buffer {
  // of node's pool; each of its bytes is written here
  const version = Buffer.allocUnsafe(VERSION_BYTES)
  version.writeUIntBE(stage * STAGE_UNIT + Math.min(time, MAX_TIME_MS), 0, SEQUENCE_AT)
  version.writeBigUInt64BE(sequence > MAX_SEQUENCE ? MAX_SEQUENCE : sequence, SEQUENCE_AT)
  version.writeUInt8(rank, RANK_AT)
  version.write(hashOf(eventId), ID_AT, CONTENT_AT - ID_AT, 'hex')
  version.write(hashOf(content), CONTENT_AT, VERSION_BYTES - CONTENT_AT, 'hex')
  return version
}

/** Above every sequence: of the events of its time a roster is the last. */
const LAST_SEQUENCE = 0xffffn << 48n

/**
 * The version of what a roster says of somebody whom it does not name, in two parts. In the column that says since when
 * they have left, 6 bytes stand between them, in place of 6 of the sequence: when they were last heard of. The roster has
 * written over some of the versions that tell it.
 */
export function rosterVersion(moment: Pick<Moment, 'time' | 'eventId' | 'content'>): [before: Buffer, after: Buffer] {
  const version = versionOf({ ...moment, sequence: LAST_SEQUENCE, rank: RANKS.absent })
  return [version.subarray(0, HEARD_AT), version.subarray(RANK_AT)]
}

/** A time as the first 6 bytes of a version. */
export function timeBytes(time: number): Buffer {
  return versionOf({ time, eventId: '' }).subarray(0, TIME_BYTES)
}

/** The event time in a version, in milliseconds; undefined for a column that no event has set. */
export function timeOfVersion(version: Buffer): number | undefined {
  if (version.length < VERSION_BYTES) return undefined
  const time = version.readUIntBE(0, SEQUENCE_AT) % STAGE_UNIT
  return time === 0 ? undefined : time
}

/** Whether it was this event that set a column: a version has a part of the event id's hash, enough to tell. */
export function isVersionOf(version: Buffer, eventId: string): boolean {
  const idHash = version.toString('hex', ID_AT, CONTENT_AT)
  return timeOfVersion(version) !== undefined && hashOf(eventId).startsWith(idHash)
}

/** The rank in a column's version, within a row's versions. */
export function rankOf(versions: Buffer, slot: number): number {
  return versions[slot * VERSION_BYTES + RANK_AT] ?? 0
}

/** The version of one column in a row's. @param row SQL for the whole of them; in a row of before the slot existed it is '' */
export function versionSql(row: string, slot: number): string {
  return `SUBSTR(${row}, ${slot * VERSION_BYTES + 1}, ${VERSION_BYTES})`
}

/** The rank in a column's version, as one byte. */
export function rankSql(row: string, slot: number): string {
  return `SUBSTR(${row}, ${slot * VERSION_BYTES + RANK_AT + 1}, 1)`
}

/** The time in a column's version, as 6 bytes: those of its stage before it, which is 0 where a table has a roster. */
export function timeSql(row: string, slot: number): string {
  return `SUBSTR(${row}, ${slot * VERSION_BYTES + 1}, ${TIME_BYTES})`
}

/** When somebody was last heard of, in the version of a roster that says since when they have left. */
export function heardSql(row: string, slot: number): string {
  return `SUBSTR(${row}, ${slot * VERSION_BYTES + HEARD_AT + 1}, ${TIME_BYTES})`
}

/** In one call takes a quarter of the time, of which there are two an event; node has that from 20.12 on, which a runtime may lack. */
function hashOf(text: string): string {
  return typeof hash === 'function' ? hash('sha256', text) : createHash('sha256').update(text).digest('hex')
}
