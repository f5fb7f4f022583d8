import { emulators, type TestEmulator } from '../../../support/emulator'
import { type Call, openApiClient, popCore } from '../../../support/popClients'

const startEmulator = emulators()
let emulator: TestEmulator

beforeEach(async () => {
  emulator = await startEmulator()
})

const clients: [string, (emulator: TestEmulator) => Call][] = [
  ['pop-core', popCore],
  ['openapi-client', openApiClient],
]
const methods = ['GET', 'POST']
const each = clients.flatMap(([name, client]) => methods.map((method) => [name, method, client] as const))

describe.each(each)('%s by %s', (_name, method, client) => {
  const call: Call = (action, parameters) => client(emulator)(action, parameters, { method })
  const ok = { Code: 'Success', Message: 'success', Success: true, RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/) }

  test('makes, finds and lists buses', async () => {
    const arn = 'acs:eventbridge:cn-hangzhou:123456789012:eventbus/orders'
    const Description = "a b*c~d'(é)!+&=%/ 总线"
    expect(await call('CreateEventBus', { EventBusName: 'orders', Description })).toEqual({
      ...ok,
      Data: { EventBusARN: arn },
    })
    const bus = {
      EventBusName: 'orders',
      EventBusARN: arn,
      Description,
      CreateTimestamp: Date.parse('2026-01-01T00:00:00Z'),
    }
    expect(await call('GetEventBus', { EventBusName: 'orders' })).toEqual({ ...ok, Data: bus })
    expect(await call('ListEventBuses', { NamePrefix: 'ord', Limit: 10, NextToken: '0' })).toEqual({
      ...ok,
      Data: { EventBuses: [bus], Total: 1 },
    })
    expect(await call('ListEventBuses', { NamePrefix: 'x' })).toMatchObject({ Data: { EventBuses: [], Total: 0 } })
  })
})
