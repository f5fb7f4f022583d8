import { QueryEventTracesRequest } from '@alicloud/eventbridge'
import { parseFaults } from '../../../emulator/faults/faults'
import { cloudEvent, emulators, type TestEmulator } from '../../support/emulator'
import { functionTarget } from '../../support/targetEntries'
import { waitFor } from '../../support/waitFor'

const startEmulator = emulators()

async function addRule(emulator: TestEmulator): Promise<void> {
  const rule = { EventBusName: 'my-bus', RuleName: 'all', FilterPattern: '{}' }
  await emulator.call('createRule', { ...rule, Targets: [functionTarget('f')] })
}

const traces = async (emulator: TestEmulator, eventId: string) => {
  const request = new QueryEventTracesRequest({ eventBusName: 'my-bus', eventId })
  return (await emulator.sdk().queryEventTraces(request)).eventTraceList ?? []
}

test('faults of requests', async () => {
  const emulator = await startEmulator({ faults: parseFaults('throttle=100%') })
  await expect(emulator.sdk().putEvents([cloudEvent('a')])).rejects.toMatchObject({ code: 'TooManyRequests' })
})

test('faults of deliveries', async () => {
  const emulator = await startEmulator({ faults: parseFaults('deliver-fail=100%') })
  await addRule(emulator)
  await emulator.sdk().putEvents([cloudEvent('a')])
  const statuses = async () => (await traces(emulator, 'a')).map(({ notifyStatus }) => notifyStatus)
  await waitFor(async () => (await statuses()).includes('fault on demand: the target was not reached'))
  expect(emulator.delivered).toEqual([])
})

test('how long finished events are kept', async () => {
  const emulator = await startEmulator({ retention: { maxAgeMs: 60_000, maxBytes: Number.MAX_SAFE_INTEGER } })
  emulator.eventBridge.deliver()
  await emulator.sdk().putEvents([cloudEvent('a')])
  expect(await traces(emulator, 'a')).not.toEqual([])
  await emulator.clock.advance(180_000)
  expect(await traces(emulator, 'a')).toEqual([])
})
