import { createHash } from 'node:crypto'
import {
  heardSql,
  isVersionOf,
  type Moment,
  RANKS,
  rankOf,
  rankSql,
  rosterVersion,
  timeBytes,
  timeOfVersion,
  timeSql,
  VERSION_BYTES,
  versionOf,
  versionSql,
} from '../../../shared/mapping/version'

/** Each is newer than the one before it. */
const growing: [string, Moment][] = [
  ['a moment', { time: 1000, eventId: 'z', content: 'z' }],
  ['another rank', { time: 1000, rank: RANKS.wins, eventId: 'z' }],
  ['the rank of an end', { time: 1000, rank: RANKS.ends, eventId: 'a' }],
  ['that of a roster', { time: 1000, rank: RANKS.absent, eventId: 'a' }],
  ['a purge', { time: 1000, rank: RANKS.seal, eventId: 'purge' }],
  ['a sequence', { time: 1000, sequence: 1n, eventId: 'a' }],
  ['a greater one', { time: 1000, sequence: 2n, eventId: 'a' }],
  ['the greatest that there is', { time: 1000, sequence: 2n ** 64n - 1n, eventId: 'a' }],
  ['a millisecond later', { time: 1001, eventId: 'a' }],
  ['the year 2527', { time: 2 ** 44 - 1, eventId: 'a' }],
  ['a higher stage, whatever its time', { time: 0, stage: 1, eventId: 'a' }],
  ['in it a millisecond later', { time: 1, stage: 1, eventId: 'a' }],
  ['a higher rank in it', { time: 1, stage: 1, rank: RANKS.ends, eventId: 'a' }],
  ['the highest', { time: 1, stage: 15, eventId: 'a' }],
]

test.each(growing.slice(1).map(([name, moment], index) => [name, moment, growing[index]?.[1] as Moment] as const))(
  '%s is newer',
  (_, moment, before) => {
    expect(versionOf(moment).compare(versionOf(before))).toBe(1)
  },
)

test('two events of one moment have an order, by their ids and by what they say', () => {
  const at = (eventId: string, content = '') => versionOf({ time: 1, eventId, content }).toString('hex')
  expect(new Set([at('a'), at('b'), at('a', 'x'), at('a', 'y')]).size).toBe(4)
  expect(at('a', 'x')).toBe(at('a', 'x'))
})

/** They stand in tables: with fewer bits, two events of one moment would soon be the same, and with others, other ones. */
test('it has 40 bits of the hash of the event’s id, and 32 of that of what it says', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const version = versionOf({ time: 1, eventId: 'e', content: 'c' }).toString('hex')
  expect(version.slice(30)).toBe(sha256('e').slice(0, 10) + sha256('c').slice(0, 8))
  const unsaid = versionOf({ time: 1, eventId: 'e' }).toString('hex')
  expect(unsaid.slice(30)).toBe(sha256('e').slice(0, 10) + sha256('').slice(0, 8))
})

test('two thousand events of one moment are told apart, by their ids alone and by their contents alone', () => {
  const ids = Array.from({ length: 2_000 }, (_, at) => `event-${at}`)
  const moments = [
    ids.map((eventId) => versionOf({ time: 1, eventId })),
    ids.map((content) => versionOf({ time: 1, eventId: 'e', content })),
  ]
  for (const versions of moments) expect(new Set(versions.map((version) => version.toString('hex'))).size).toBe(2_000)
  const version = versionOf({ time: 1, eventId: 'event-0' })
  expect(ids.filter((eventId) => isVersionOf(version, eventId))).toEqual(['event-0'])
})

test('a time beyond what it holds counts as the last', () => {
  const at = (time: number, stage: number) => versionOf({ time, stage, eventId: '' })
  expect(at(253_402_300_799_999, 0)).toEqual(at(2 ** 44 - 1, 0))
  expect(at(253_402_300_799_999, 14).compare(at(0, 15))).toBe(-1)
})

test('without a stage it is as it always was', () => {
  const time = 1_700_000_000_000
  expect(versionOf({ time, eventId: 'e' }).readUIntBE(0, 6)).toBe(time)
})

test.each([0, 1, 15])('in stage %i it tells its time', (stage) => {
  const version = versionOf({ time: 1_700_000_000_000, stage, eventId: 'e' })
  expect(timeOfVersion(version)).toBe(1_700_000_000_000)
  expect(isVersionOf(version, 'e')).toBe(true)
})

test('a sequence that is too great counts as the greatest', () => {
  const [beyond, greatest] = [2n ** 70n, 2n ** 64n - 1n].map((sequence) =>
    versionOf({ time: 1, sequence, eventId: '' }),
  )
  expect(beyond).toEqual(greatest)
})

test('a version tells its time and whether it is an event’s, whatever that says', () => {
  const version = versionOf({ time: 1_700_000_000_000, rank: RANKS.ends, eventId: 'e', content: 'c' })
  expect(timeOfVersion(version)).toBe(1_700_000_000_000)
  expect(isVersionOf(version, 'e')).toBe(true)
  expect(isVersionOf(version, 'f')).toBe(false)
  expect(timeOfVersion(Buffer.alloc(24))).toBeUndefined()
  expect(timeOfVersion(Buffer.alloc(8, 1))).toBeUndefined()
})

test('of no version it is no event’s, of whatever length', () => {
  for (const length of [0, 8, 23, 24]) expect(isVersionOf(Buffer.alloc(length), 'e')).toBe(false)
})

test('it is the same on a runtime whose crypto has no hash()', () => {
  const moment = { time: 1, eventId: 'event-0', content: '小明' }
  jest.isolateModules(() => {
    jest.doMock('node:crypto', () => ({ ...jest.requireActual('node:crypto'), hash: undefined }))
    const older: typeof import('../../../shared/mapping/version') = require('../../../shared/mapping/version')
    expect(older.versionOf(moment)).toEqual(versionOf(moment))
  })
  jest.dontMock('node:crypto')
})

const TIME = 1_700_000_000_000

test('a roster’s version has room for when somebody was last heard of, and is above the events of its time', () => {
  const [before, after] = rosterVersion({ time: TIME, eventId: 'roster' })
  expect([before.length, after.length]).toEqual([8, 10])
  const version = Buffer.concat([before, timeBytes(TIME - 1), after])
  expect(timeOfVersion(version)).toBe(TIME)
  expect(isVersionOf(version, 'roster')).toBe(true)
  expect(rankOf(version, 0)).toBe(RANKS.absent)
  for (const sequence of [0n, 1n, 0xfffen << 48n]) {
    expect(version.compare(versionOf({ time: TIME, sequence, rank: RANKS.ends, eventId: 'e' }))).toBe(1)
  }
})

test('the parts of a version are where SQL looks for them, whichever column it is of', () => {
  const [before, after] = rosterVersion({ time: TIME, eventId: 'roster' })
  const version = Buffer.concat([before, timeBytes(TIME - 1), after])
  const row = Buffer.concat([Buffer.alloc(2 * VERSION_BYTES), version, Buffer.alloc(VERSION_BYTES)])
  /** As a server reads `SUBSTR(v, 49, 6)`. */
  const read = (sql: string) => {
    const [, from, length] = /^SUBSTR\(v, (\d+), (\d+)\)$/.exec(sql) ?? []
    return row.subarray(Number(from) - 1, Number(from) - 1 + Number(length)).toString('hex')
  }
  expect(read(versionSql('v', 2))).toBe(version.toString('hex'))
  expect(read(rankSql('v', 2))).toBe('03')
  expect(read(timeSql('v', 2))).toBe(timeBytes(TIME).toString('hex'))
  expect(read(heardSql('v', 2))).toBe(timeBytes(TIME - 1).toString('hex'))
  expect([rankOf(row, 0), rankOf(row, 2), rankOf(row, 9)]).toEqual([0, RANKS.absent, 0])
})
