import { awaitFates, type Fate, type Replayable } from '../../../../cli/replay/publish'

const nothing = async () => {}

/** An event whose fate is known after so many looks; never without a number. */
function event(id: string, looks?: number, fate: Fate = 'done'): Replayable {
  let left = looks ?? Number.POSITIVE_INFINITY
  return {
    source: 's',
    id,
    json: '{}',
    begin: nothing,
    giveUp: nothing,
    fate: async () => (--left < 0 ? fate : undefined),
  }
}

/** A clock that goes on while it is waited for. */
async function run(events: Replayable[], waitMs: number) {
  let time = 0
  const reports: number[] = []
  const fates = await awaitFates(events, {
    waitMs,
    report: (known) => reports.push(known),
    now: () => time,
    pause: async (ms) => {
      time += ms
    },
  })
  return { ...fates, open: fates.open.map(({ id }) => id), reports, time }
}

test.each<[string, Replayable[], number, object]>([
  ['none', [], 1_000, { done: 0, refused: 0, open: [], time: 0 }],
  ['known at the first look', [event('a', 0), event('b', 0, 'refused')], 0, { done: 1, refused: 1, open: [], time: 0 }],
  ['known a little later', [event('a', 0), event('b', 2)], 1_000, { done: 2, refused: 0, open: [], reports: [1, 2] }],
  ['never known', [event('a', 0), event('b')], 1_000, { done: 1, refused: 0, open: ['b'] }],
  ['nothing is waited for', [event('a', 1)], 0, { done: 0, refused: 0, open: ['a'], time: 0 }],
  ['the time begins anew with each', [event('a', 3), event('b', 6), event('c', 9)], 1_000, { done: 3, open: [] }],
])('%s', async (_, events, waitMs, expected) => {
  expect(await run(events, waitMs)).toMatchObject(expected)
})
