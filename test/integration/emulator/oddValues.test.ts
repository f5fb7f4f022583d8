import { emulators, type TestEmulator } from '../../support/emulator'
import { openApiClient } from '../../support/popClients'

const start = emulators()

/** JSON that no `String()` takes. */
const ODD = { toString: null, valueOf: 1, toJSON: 2, length: -1 }
const rule = { EventBusName: 'my-bus', RuleName: 'r1' }

const target = (more: object) => ({
  ...{ Id: 't1', Type: 'acs.fc.function', Endpoint: 'acs:fc:cn-hangzhou:1:functions/f' },
  ...more,
})

test.each<[string, (emulator: TestEmulator) => Promise<unknown>]>([
  ['the id of an event', ({ eventBridge }) => eventBridge.publish([{ id: ODD, aliyuneventbusname: 'my-bus' }])],
  ['the id of a target', ({ call }) => call('createTargets', { ...rule, Targets: [target({ Id: ODD })] })],
  [
    'the key of a parameter',
    ({ call }) =>
      call('createTargets', { ...rule, Targets: [{ Id: 'a', Type: 'http', ParamList: [{ ResourceKey: ODD }] }] }),
  ],
  [
    'what a source says of itself',
    (emulator) =>
      openApiClient(emulator)('CreateEventSource', {
        ...{ EventBusName: 'my-bus', EventSourceName: 's1', SourceRocketMQParameters: { InstanceType: ODD } },
      }),
  ],
])(
  '%s that is an object with a toString of the sender’s is refused or taken, and no fault of ours',
  async (_, send) => {
    const emulator = await start()
    await emulator.call('createRule', { ...rule, FilterPattern: '{}' }).catch(() => {})
    const answer = await send(emulator).catch((error: Error) => error.message)
    expect(JSON.stringify(answer)).not.toMatch(/InternalError|Cannot convert/)
    expect(emulator.logged).toEqual([])
  },
)
