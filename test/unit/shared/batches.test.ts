import { EVENTS_PER_BATCH, inBatches } from '../../../shared/eventbridge/batches'

const KB = 1024
/** An event whose text is so many bytes. */
const event = (bytes: number, character = 'x') => ({ json: character.repeat(bytes / Buffer.byteLength(character)) })
const sizesOf = (events: readonly { json: string }[]) => inBatches(events).map((batch) => batch.length)

test.each<[string, { json: string }[], number[]]>([
  ['none', [], []],
  ['one', [event(1)], [1]],
  ['as many as one takes', Array.from({ length: EVENTS_PER_BATCH }, () => event(1)), [16]],
  ['one more', Array.from({ length: EVENTS_PER_BATCH + 1 }, () => event(1)), [16, 1]],
  ['just as large as one takes', [event(128 * KB), event(128 * KB)], [2]],
  ['a byte larger', [event(128 * KB), event(128 * KB + 1)], [1, 1]],
  ['in bytes, not in characters', [event(129 * KB, '小'), event(129 * KB, '小')], [1, 1]],
  ['three of which two fit', [event(100 * KB), event(100 * KB), event(100 * KB)], [2, 1]],
  ['larger by itself than one takes', [event(1), event(300 * KB), event(1)], [1, 1, 1]],
  ['after a full one it begins anew', [event(200 * KB), event(200 * KB), event(50 * KB)], [1, 2]],
])('events go in batches: %s', (_, events, sizes) => {
  expect(sizesOf(events)).toEqual(sizes)
  expect(inBatches(events).flat()).toEqual(events)
})
