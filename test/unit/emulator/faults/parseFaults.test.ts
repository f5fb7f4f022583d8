import { type Faults, parseFaults } from '../../../../emulator/faults/faults'
import { UserError } from '../../../../shared/userError'

const noRequests = { throttle: 0, error: 0, reset: 0, partial: 0, hang: 0 }
const noLatency = { minMs: 0, maxMs: 0 }
const latency = (minMs: number, maxMs = minMs) => ({ latency: { minMs, maxMs } })

test.each<[string, Partial<Omit<Faults, 'requests'>> & { requests?: Partial<Faults['requests']> }]>([
  ['throttle=20%', { requests: { throttle: 0.2 } }],
  [
    'throttle=20%,latency=300ms,reset=1%,partial=5%,hang=1%',
    { requests: { throttle: 0.2, reset: 0.01, partial: 0.05, hang: 0.01 }, ...latency(300) },
  ],
  [' error = 2.5% , deliver-fail = 100% ', { requests: { error: 0.025 }, deliverFail: 1 }],
  ['hang=0%', {}],
  ['throttle=0.07%', { requests: { throttle: 0.07 / 100 } }],
  ['latency=2s', latency(2_000)],
  ['latency=1.5s', latency(1_500)],
  ['latency=100ms-2s', latency(100, 2_000)],
  ['latency=0s - 10 ms', latency(0, 10)],
  ['latency=600s', latency(600_000)],
  // as fractions of 2 these add up to a little more than 1
  ['throttle=33%,error=56%,reset=11%', { requests: { throttle: 0.33, error: 0.56, reset: 0.11 } }],
])('--fail "%s"', (text, expected) => {
  const requests = { ...noRequests, ...expected.requests }
  expect(parseFaults(text)).toEqual({ latency: noLatency, deliverFail: 0, ...expected, requests })
})

test.each<[string, RegExp]>([
  ['', /does not know ""\. It takes, .*throttle=5%.*latency=100ms-2s/],
  ['throtle=20%', /does not know "throtle=20%"/],
  ['throttle=20%,', /does not know ""/],
  ['throttle=20%=5', /does not know "throttle=20%=5"/],
  ['constructor=1%', /does not know "constructor=1%"/],
  ['throttle', /"throttle=" must be a percentage/],
  ['throttle=20', /"throttle=20" must be a percentage from 0% to 100%, such as throttle=2.5%/],
  ['throttle=0.2', /must be a percentage/],
  ['throttle=-1%', /must be a percentage/],
  ['throttle=100.1%', /must be a percentage/],
  ['deliver-fail=101%', /"deliver-fail=101%" must be a percentage/],
  ['throttle=1e1%', /must be a percentage/],
  ['throttle=300ms', /must be a percentage/],
  ['hang=1%,hang=2%', /names hang twice/],
  ['throttle=60%,reset=40.1%', /throttle, error, reset, partial, hang together may be 100%/],
  ['latency', /"latency=" must be a time/],
  ['latency=300', /"latency=300" must be a time .* latency=300ms, latency=1.5s, latency=100ms-2s/],
  ['latency=5%', /must be a time/],
  ['latency=2s-100ms', /the shorter first/],
  ['latency=100ms-', /must be a time/],
  ['latency=1s-2s-3s', /must be a time/],
  ['latency=-5ms', /must be a time/],
  ['latency=601s', /up to 600s/],
  ['latency=1m', /must be a time/],
])('--fail "%s" is refused in one line', (text, message) => {
  expect(() => parseFaults(text)).toThrow(UserError)
  expect(() => parseFaults(text)).toThrow(message)
})
