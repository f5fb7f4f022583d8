import { purgesOf } from '../../../functions/employees/maintenance/purge/purgeLeft'
import type { Mapping } from '../../../shared/mapping/mapping'
import { type Moment, RANKS, rosterVersion, versionOf } from '../../../shared/mapping/version'
import { shippedMapping } from '../../support/mapping'

const NOW = Date.UTC(2026, 10, 24)
const [people] = purgesOf([shippedMapping], 90, NOW)
const seals = people?.erase.values as readonly Buffer[]

test('each personal column gets the seal of the purge', () => {
  expect(seals).toHaveLength(shippedMapping.columns.filter(({ personal }) => personal).length)
  expect(new Set(seals.map((seal) => seal.toString('hex'))).size).toBe(1)
})

/** The id's hash decides between equals: among sixty-four some are above that of the seal. */
const ids = Array.from({ length: 64 }, (_, at) => `event-${at}`)

test.each<[string, Omit<Moment, 'eventId'>]>([
  ['any', { time: NOW }],
  ['one that wins', { time: NOW, rank: RANKS.wins }],
  ['one that ends', { time: NOW, rank: RANKS.ends }],
  ['one with a sequence', { time: NOW, sequence: 1n }],
  ['one with the greatest sequence, that ends', { time: NOW, sequence: 2n ** 64n - 1n, rank: RANKS.ends }],
])('the seal is above what an event of its millisecond says: %s', (_, moment) => {
  for (const eventId of ids) {
    const version = versionOf({ ...moment, eventId, content: eventId })
    for (const seal of seals) expect(seal.compare(version)).toBe(1)
  }
})

test('above an event of the highest stage of its table, where events have stages', () => {
  const [low, high] = [1, 2].map((stage) => ({ set: {}, wins: false, stage }))
  const events = { ...shippedMapping.events, first: low, last: high }
  const [staged] = purgesOf([{ ...shippedMapping, events } as Mapping], 90, NOW)
  expect(staged?.erase.values).toHaveLength(seals.length)
  for (const seal of (staged?.erase.values ?? []) as readonly Buffer[]) {
    for (const eventId of ids) expect(seal.compare(versionOf({ time: NOW, stage: 2, eventId }))).toBe(1)
    expect(seal.compare(versionOf({ time: NOW + 1, stage: 2, eventId: 'e' }))).toBe(-1)
  }
})

test('above a roster of its millisecond', () => {
  for (const eventId of ids) {
    const [before, after] = rosterVersion({ time: NOW, eventId })
    for (const seal of seals) expect(seal.compare(Buffer.concat([before, Buffer.alloc(6, 0xff), after]))).toBe(1)
  }
})

test('and below an event of a millisecond later: whoever comes back has their columns again', () => {
  for (const seal of seals) expect(seal.compare(versionOf({ time: NOW + 1, eventId: 'e' }))).toBe(-1)
})

test('of several tables with personal columns each part says whose it is', () => {
  const whats = (...tables: string[]) =>
    purgesOf(
      tables.map((table) => ({ ...shippedMapping, table })),
      90,
      NOW,
    ).map(({ what }) => what.split(' ').slice(0, 2))
  expect(whats('one')).toEqual([
    ['People', 'who'],
    ['Dead', 'letters'],
  ])
  expect(whats('one', 'two')).toEqual([
    ['one:', 'People'],
    ['two:', 'People'],
    ['Dead', 'letters'],
  ])
})
