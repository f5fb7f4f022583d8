import { createRateLimit } from '../../../../emulator/targets/dingtalkTarget'

test.each<[string, [now: number, from: number | undefined][]]>([
  [
    'so many at once, the next when the first is a span ago',
    [
      [0, undefined],
      [0, undefined],
      [0, 100],
      [99, 100],
      [100, undefined],
    ],
  ],
  [
    'spread out, each has its own span',
    [
      [0, undefined],
      [60, undefined],
      [70, 100],
      [100, undefined],
      [101, 160],
      [160, undefined],
    ],
  ],
  [
    'who only asks takes no turn',
    [
      [0, undefined],
      [0, undefined],
      [1, 100],
      [2, 100],
      [100, undefined],
      [100, undefined],
      [100, 200],
    ],
  ],
  [
    'a clock that was set back has nobody wait longer than the span',
    [
      [1_000, undefined],
      [1_000, undefined],
      [10, 110],
      [110, undefined],
    ],
  ],
  [
    'after a rest all are free again',
    [
      [0, undefined],
      [0, undefined],
      [500, undefined],
      [500, undefined],
      [500, 600],
    ],
  ],
])('two in 100 ms: %s', (_, asked) => {
  const takeTurn = createRateLimit(2, 100)
  expect(asked.map(([now]) => [now, takeTurn(now)])).toEqual(asked)
})
