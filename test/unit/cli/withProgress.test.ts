import { withProgress } from '../../../cli/progress'
import { manualClock } from '../../support/manualClock'

function setUp(isTTY: boolean, total?: number, columns = 40) {
  const clock = manualClock()
  const written: string[] = []
  const output = { isTTY, columns, write: (text: string) => written.push(text) }
  let report: (done: number, known?: { what?: string; total?: number }) => void = () => {}
  let end: (result: string) => void = () => {}
  let fail: (error: Error) => void = () => {}
  const result = withProgress('sending', { output, clock, ...(total !== undefined && { total }) }, (given) => {
    report = given
    return new Promise<string>((resolve, reject) => {
      end = resolve
      fail = reject
    })
  })
  return {
    clock,
    written,
    result,
    report: (...what: Parameters<typeof report>) => report(...what),
    end: () => end('done'),
    fail: () => fail(new Error('broken')),
  }
}

test.each([true, false])('what is quick says nothing, at a terminal: %s', async (isTTY) => {
  const { clock, written, result, report, end } = setUp(isTTY, 10)
  await clock.advance(1_000)
  report(10)
  end()
  expect(await result).toBe('done')
  await clock.advance(60_000)
  expect([written, clock.waiting()]).toEqual([[], 0])
})

test('without a terminal: a line every ten seconds, and none is taken back', async () => {
  const { clock, written, result, report, end } = setUp(false, 5_000)
  report(600)
  await clock.advance(3_000)
  report(2_600)
  await clock.advance(10_000)
  end()
  await result
  expect(written).toEqual(['sending: 600 of 5000, 200/s, 22 s left\n', 'sending: 2600 of 5000, 200/s, 12 s left\n'])
})

test('a total that grows, words that change, and a part of the work that begins anew at a pace of its own', async () => {
  const { clock, written, result, report, end } = setUp(false)
  report(10, { what: 'reading, 80 people', total: 40 })
  await clock.advance(3_000)
  report(65, { what: 'reading, 200 people', total: 130 })
  // the words stay
  report(66)
  await clock.advance(8_000)
  report(0, { what: 'asking', total: 40 })
  report(10, { what: 'asking', total: 40 })
  await clock.advance(2_000)
  await clock.advance(10_000)
  end()
  await result
  expect(written).toEqual([
    'reading, 80 people: 10 of 40, 3/s, 9 s left\n',
    'asking: 10 of 40, 5/s, 6 s left\n',
    'asking: 10 of 40, 1 s each, 36 s left\n',
  ])
})

test('at a terminal: one line that is rewritten, no wider than the terminal, and gone at the end', async () => {
  const { clock, written, result, report, end } = setUp(true, 5_000)
  report(600)
  await clock.advance(3_000)
  report(640)
  await clock.advance(200)
  end()
  await result
  expect(written).toEqual([
    '\r\x1b[Ksending: 600 of 5000, 200/s, 22 s left',
    '\r\x1b[Ksending: 640 of 5000, 200/s, 22 s left',
    '\r\x1b[K',
  ])
  expect(Math.max(...written.map((text) => text.length))).toBeLessThanOrEqual('\r\x1b[K'.length + 39)
})

test('a dumb terminal has no line that can be rewritten', async () => {
  const { TERM } = process.env
  process.env['TERM'] = 'dumb'
  const { clock, written, result, end } = setUp(true, 10)
  if (TERM === undefined) delete process.env['TERM']
  else process.env['TERM'] = TERM
  await clock.advance(3_000)
  end()
  await result
  expect(written).toEqual(['sending: 0 of 10, 3 s so far\n'])
})

test.each<[number, string]>([
  [20, 'sending: 600 of 50…'],
  [2, '…'],
  [1, '…'],
])(
  'a line that has no room in %d columns says so: a number that is cut would be another one',
  async (columns, line) => {
    const { clock, written, result, report, end } = setUp(true, 5_000, columns)
    report(600)
    await clock.advance(3_000)
    end()
    await result
    expect(written[0]).toBe(`\r\x1b[K${line}`)
  },
)

test.each<[string, number | undefined, number, number, string]>([
  ['nothing is done yet', 3, 0, 1, 'sending: 0 of 3, 13 s so far'],
  ['nobody knows how much there is', undefined, 0, 7, 'sending: 1 min 13 s so far'],
  ['so much is done of nobody knows how much', undefined, 735, 7, 'sending: 735, 10/s, 1 min 13 s so far'],
  ['one takes long', 3, 1, 6, 'sending: 1 of 3, 1 min 3 s each, 2 min 6 s left'],
  ['it takes hours', 1_000_000, 1_000, 6, 'sending: 1000 of 1000000, 16/s, 17 h 28 min left'],
  ['more came meanwhile', 10, 23, 1, 'sending: 23 of 23, 2/s, 0 s left'],
])('when %s', async (_, total, done, lines, line) => {
  const { clock, written, result, report, end } = setUp(false, total)
  report(done)
  // the first line, and then one every ten seconds
  await clock.advance(3_000 + lines * 10_000)
  end()
  await result
  expect(written.at(-1)).toBe(`${line}\n`)
})

test('a work that fails: its error, and no line is left', async () => {
  const { clock, written, result, fail } = setUp(true)
  await clock.advance(3_000)
  fail()
  await expect(result).rejects.toThrow('broken')
  expect([written.at(-1), clock.waiting()]).toEqual(['\r\x1b[K', 0])
})
