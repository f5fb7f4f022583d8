import { drawFault, drawLatency, type FaultText, parseFaultText } from '../../../shared/faultText'
import { UserError } from '../../../shared/userError'

type Kind = 'lost' | 'slow' | 'late' | 'twice'
const KINDS: readonly Kind[] = ['lost', 'slow', 'late', 'twice']
const read = (text: string) => parseFaultText('--fail', text, KINDS, ['lost', 'slow', 'late'])

const shares = (given: Partial<Record<Kind, number>>) => ({ shares: { lost: 0, slow: 0, late: 0, twice: 0, ...given } })
const latency = (minMs: number, maxMs = minMs) => ({ latency: { minMs, maxMs } })

test.each<[string, Partial<FaultText<Kind>>]>([
  ['lost=20%', shares({ lost: 0.2 })],
  ['lost=20%,latency=300ms,twice=1%', { ...shares({ lost: 0.2, twice: 0.01 }), ...latency(300) }],
  [' slow = 2.5% , twice = 100% ', shares({ slow: 0.025, twice: 1 })],
  ['lost=0%', {}],
  ['lost=100%,twice=100%', shares({ lost: 1, twice: 1 })],
  ['lost=0.07%', shares({ lost: 0.07 / 100 })],
  ['latency=2s', latency(2_000)],
  ['latency=1.25s', latency(1_250)],
  ['latency=100ms-2s', latency(100, 2_000)],
  ['latency=0s - 10 ms', latency(0, 10)],
  ['latency=600s', latency(600_000)],
  // as fractions of 2 these add up to a little more than 1
  ['lost=33%,slow=56%,late=11%', shares({ lost: 0.33, slow: 0.56, late: 0.11 })],
])('--fail "%s"', (text, expected) => {
  expect(read(text)).toEqual({ ...shares({}), ...latency(0), ...expected })
})

const KNOWN = 'It takes, separated by commas: lost=5%, slow=5%, late=5%, twice=5%, latency=300ms or latency=100ms-2s'
const noShare = (given: string, kind: string) =>
  `: "${given}" must be a percentage from 0% to 100%, such as ${kind}=2.5%`
const noTime = (given: string) =>
  `: "latency=${given}" must be a time of up to 600s or a range of such, the shorter first: latency=300ms, latency=1.5s, latency=100ms-2s`

test.each([
  ['', ` does not know "". ${KNOWN}`],
  ['loost=20%', ` does not know "loost=20%". ${KNOWN}`],
  ['lost=20%, x ', ` does not know "x". ${KNOWN}`],
  ['lost=20%,', ` does not know "". ${KNOWN}`],
  ['lost=20%=5', ` does not know "lost=20%=5". ${KNOWN}`],
  ['constructor=1%', ` does not know "constructor=1%". ${KNOWN}`],
  ['lost', noShare('lost=', 'lost')],
  ['lost=20', noShare('lost=20', 'lost')],
  ['lost=-1%', noShare('lost=-1%', 'lost')],
  ['lost=100.1%', noShare('lost=100.1%', 'lost')],
  ['twice=101%', noShare('twice=101%', 'twice')],
  ['lost=1e1%', noShare('lost=1e1%', 'lost')],
  ['lost=20%x', noShare('lost=20%x', 'lost')],
  ['twice=1%,twice=2%', ' names twice twice.'],
  ['latency=1s,latency=1s', ' names latency twice.'],
  ['lost=60%,slow=40.1%', ': lost, slow, late together may be 100%: one at most happens to a request.'],
  ['latency', noTime('')],
  ['latency=300', noTime('300')],
  ['latency=5%', noTime('5%')],
  ['latency=2s-100ms', noTime('2s-100ms')],
  ['latency=100ms-', noTime('100ms-')],
  ['latency=100ms-x', noTime('100ms-x')],
  ['latency=1s-2s-3s', noTime('1s-2s-3s')],
  ['latency=-5ms', noTime('-5ms')],
  ['latency=x5ms', noTime('x5ms')],
  ['latency=5msx', noTime('5msx')],
  ['latency=1s-601s', noTime('1s-601s')],
])('--fail "%s" is refused in one line', (text, message) => {
  expect(() => read(text)).toThrow(new UserError(`--fail${message}`))
})

test.each<[number, Kind | undefined]>([
  [0, 'lost'],
  [0.24, 'lost'],
  [0.25, 'twice'],
  [0.74, 'twice'],
  [0.75, undefined],
])('of lost=25%%,twice=50%%, %d stands for %s', (number, kind) => {
  expect(drawFault(KINDS, read('lost=25%,twice=50%').shares, number)).toBe(kind)
})

test.each([
  ['100ms-300ms', 0, 100],
  ['100ms-300ms', 0.25, 150],
  ['0s', 0.5, 0],
])('of latency=%s, %d stands for %d ms', (text, number, ms) => {
  expect(drawLatency(read(`latency=${text}`).latency, () => number)).toBe(ms)
})

test('of one latency nothing is drawn', () => {
  const random = jest.fn(() => 0.5)
  expect(drawLatency({ minMs: 100, maxMs: 100 }, random)).toBe(100)
  expect(random).not.toHaveBeenCalled()
})
