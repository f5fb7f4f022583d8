import { type Faults, parseFaults } from '../../../../emulator/faults/faults'
import { UserError } from '../../../../shared/userError'

const noRequests = { throttle: 0, error: 0, reset: 0, partial: 0, hang: 0 }
const noLatency = { minMs: 0, maxMs: 0 }

// how each of them is written: shared/faultText.test.ts
test.each<[string, Partial<Omit<Faults, 'requests'>> & { requests?: Partial<Faults['requests']> }]>([
  ['throttle=20%', { requests: { throttle: 0.2 } }],
  [
    'throttle=20%,latency=300ms,reset=1%,partial=5%,hang=1%',
    { requests: { throttle: 0.2, reset: 0.01, partial: 0.05, hang: 0.01 }, latency: { minMs: 300, maxMs: 300 } },
  ],
  [' error = 2.5% , deliver-fail = 100% ', { requests: { error: 0.025 }, deliverFail: 1 }],
  ['throttle=33%,error=56%,reset=11%', { requests: { throttle: 0.33, error: 0.56, reset: 0.11 } }],
])('--fail "%s"', (text, expected) => {
  const requests = { ...noRequests, ...expected.requests }
  expect(parseFaults(text)).toEqual({ latency: noLatency, deliverFail: 0, ...expected, requests })
})

test.each<[string, RegExp]>([
  ['throtle=20%', /--fail does not know "throtle=20%"\. It takes, .*throttle=5%.*deliver-fail=5%, latency=300ms/],
  ['deliver-fail=101%', /"deliver-fail=101%" must be a percentage/],
  ['throttle=60%,reset=40.1%', /throttle, error, reset, partial, hang together may be 100%/],
])('--fail "%s" is refused in one line', (text, message) => {
  expect(() => parseFaults(text)).toThrow(UserError)
  expect(() => parseFaults(text)).toThrow(message)
})
