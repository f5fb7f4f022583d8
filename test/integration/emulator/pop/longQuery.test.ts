import { serve } from '../../../../emulator/standalone/server'
import { emulators } from '../../../support/emulator'
import { openApiClient } from '../../../support/popClients'

const startEmulator = emulators()

test('five targets with the longest templates go in the query, as the SDKs send them', async () => {
  const emulator = await startEmulator()
  const served = await serve(emulator.eventBridge, { port: 0 })
  try {
    const call = openApiClient(served)
    const rule = { EventBusName: 'my-bus', RuleName: 'r' }
    await call('CreateRule', { ...rule, FilterPattern: '{}' })
    const Template = '"'.repeat(10_240)
    const Targets = ['a', 'b', 'c', 'd', 'e'].map((Id) => ({
      ...{ Id, Type: 'http', Endpoint: 'http://127.0.0.1:1/' },
      ParamList: [{ ResourceKey: 'Body', Form: 'TEMPLATE', Value: '{}', Template }],
    }))
    expect(await call('PutTargets', { ...rule, Targets }, { method: 'GET' })).toMatchObject({
      Data: { ErrorEntriesCount: 0 },
    })
    expect(await call('GetRule', rule)).toMatchObject({ Data: { Targets } })
  } finally {
    await served.close()
  }
})
