import { parseFaults } from '../../../../emulator/faults/faults'
import { withDeliveryFaults } from '../../../../emulator/faults/withFaults'
import type { DeliveryResult } from '../../../../emulator/targets/target'

const delivered: DeliveryResult = { answer: '{"stored":1}' }
const failed: DeliveryResult = { error: 'UnhandledInvocationError' }

test.each<[string, number[], DeliveryResult, DeliveryResult, string[]]>([
  ['above the share', [0.05], delivered, delivered, ['event']],
  ['below it, first half', [0.049, 0.49], delivered, { error: 'fault on demand: the target was not reached' }, []],
  [
    'below it, second half: the target has the event',
    [0.049, 0.5],
    delivered,
    { error: "fault on demand: the target's answer was lost" },
    ['event'],
  ],
  ['below it, second half, and the target fails by itself', [0.049, 0.5], failed, failed, ['event']],
])('deliver-fail=5%%, drawn %s', async (_, draws, answer, expected, taken) => {
  const received: string[] = []
  const target = () => {
    received.push('event')
    return Promise.resolve(answer)
  }
  const deliver = withDeliveryFaults(target, parseFaults('deliver-fail=5%'), () => draws.shift() ?? 1)
  expect(await deliver()).toEqual(expected)
  expect(received).toEqual(taken)
})
