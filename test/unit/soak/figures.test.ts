import { judge, tellFigures } from '../../../soak/figures'
import type { Sample } from '../../../soak/sample'

const MINUTE = 60_000
const held = { memoryMb: 200, files: 50, sockets: 20, threads: 18 }
const still: Omit<Sample, 'ms'> = {
  ...{ stack: held, database: held, storeMb: 10, databaseMb: 45, pending: 2, accepted: 0 },
}

/** A sample every two seconds, as it is by that minute. */
const samplesOf = (minutes: number, at: (minute: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: minutes * 30 }, (_, index) => ({ ...still, ms: index * 2_000, ...at(index / 30) }))

/** What is not flat. */
const found = (samples: readonly Sample[], warmUpMs = MINUTE) =>
  judge(samples, warmUpMs).flatMap(({ name, verdict }) => (verdict === 'flat' ? [] : [`${name} ${verdict}`]))

test.each<[string, (minute: number) => Partial<Sample>, string[]]>([
  ['nothing changes', () => ({}), []],
  ['all of it fills in the first minute', (at) => ({ stack: { ...held, files: Math.min(at, 1) * 500 } }), []],
  ['a file in two minutes', (at) => ({ stack: { ...held, files: 50 + at / 2 } }), []],
  ['a file a minute', (at) => ({ stack: { ...held, files: 50 + at } }), ['stack: open files grows']],
  ['sockets', (at) => ({ database: { ...held, sockets: 5 * at } }), ['database: sockets grows']],
  ['threads', (at) => ({ stack: { ...held, threads: 18 + at } }), ['stack: threads grows']],
  ['4 MB a minute', (at) => ({ stack: { ...held, memoryMb: 200 + 4 * at } }), ['stack: memory grows']],
  ['memory as a heap has it', (at) => ({ stack: { ...held, memoryMb: 200 + 90 * (at % 0.7) } }), []],
  ['what falls', (at) => ({ stack: { ...held, memoryMb: 400 - 10 * at } }), []],
  ['a store that is purged each minute', (at) => ({ storeMb: 8 + 50 * (at % 1) }), []],
  ['and one of which more stays', (at) => ({ storeMb: 8 + 50 * (at % 1) + at }), ['event store grows']],
  ['a backlog', (at) => ({ pending: 100 * at }), ['events not delivered grows']],
  ['rows', (at) => ({ databaseMb: 45 + 5 * at }), ['database: on disk grows']],
])('15 minutes: %s', (_, at, grown) => {
  expect(found(samplesOf(15, at))).toEqual(grown)
})

test('of a short run memory and what is purged each minute cannot be told; the rest can', () => {
  const samples = samplesOf(1, (at) => ({ stack: { ...held, files: 50 + 60 * at, memoryMb: 200 + 100 * at } }))
  expect(found(samples, MINUTE / 4)).toEqual([
    ...['stack: memory too short to tell', 'stack: open files grows', 'event store too short to tell'],
    ...['database: memory too short to tell', 'database: on disk too short to tell'],
  ])
})

test('the table has where the line begins and ends, and what is allowed', () => {
  const samples = samplesOf(15, (at) => ({ stack: { ...held, files: 50 + at } }))
  const line = tellFigures(judge(samples, MINUTE))
    .split('\n')
    .find((one) => one.includes('stack: open files'))
  expect(line?.trim().split(/ {2,}/)).toEqual([...['stack: open files', '51', '65', '14', '8', '51', '65', 'grows']])
})
