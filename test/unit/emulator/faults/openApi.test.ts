import { parseFaults } from '../../../../emulator/faults/faults'
import { withFaults } from '../../../../emulator/faults/withFaults'
import type { PutEventsAnswer } from '../../../../shared/eventbridge/putEventsAnswer'
import { cloudEvent, emulators, type TestEmulator } from '../../../support/emulator'
import { startServer, type TestServer } from '../../../support/rawHttp'
import { signedPost } from '../../../support/signedPost'
import { waitFor } from '../../../support/waitFor'

const yaml = `
EventBusName: my-bus
Rules:
  - RuleName: all
    FilterPattern: {}
    Targets:
      - Id: function
        Type: acs.fc.function
        Endpoint: acs:fc:cn-hangzhou:123456789012:functions/any
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }]
`
const startEmulator = emulators()
let emulator: TestEmulator
let server: TestServer

afterEach(() => server.close())

/** The embedded EventBridge itself behind the faults. */
async function start(fail: string, ...draws: number[]): Promise<void> {
  emulator = await startEmulator({ yaml })
  const { clock, eventBridge } = emulator
  const random = () => draws.shift() ?? 0.999_999
  const openApi = withFaults(eventBridge.openApi, parseFaults(fail), { random, clock, log: () => {} })
  server = await startServer((req, res) => void openApi(req, res))
}

/** One try, which our client would make again. */
async function put(...ids: string[]) {
  const events = ids.map((id) => {
    const { extensions, data, ...attributes } = cloudEvent(id)
    return JSON.stringify({ specversion: '1.0', ...attributes, ...extensions, data: JSON.parse(String(data)) })
  })
  const headers = { 'content-type': 'application/cloudevents-batch+json' }
  const response = await signedPost(server.port, '/openapi/putEvents', headers, `[${events.join(',')}]`)
  return (await response.json()) as PutEventsAnswer
}

const deliveredIds = () => emulator.delivered.map(({ id }) => String(id)).toSorted()

test('partial: refused entries are not there, and the rest is delivered', async () => {
  await start('partial=100%', 0, 0, 0.9, 0)
  const answer = await put('a', 'b', 'c')
  expect([answer.FailedEntryCount, answer.EntryList.map(({ ErrorCode }) => ErrorCode)]).toEqual([
    2,
    ['InternalError', undefined, 'InternalError'],
  ])
  await waitFor(() => emulator.delivered.length === 1)
  expect(deliveredIds()).toEqual(['b'])
})

test('reset after: the sender sees a failure, and the event is delivered', async () => {
  await start('reset=100%', 0, 0.9)
  await expect(put('a')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
  await waitFor(() => emulator.delivered.length === 1)
  expect(deliveredIds()).toEqual(['a'])
})

test('latency: the event is delivered before its sender has the answer', async () => {
  await start('latency=1s')
  const answer = put('a')
  await waitFor(() => emulator.delivered.length === 1)
  await emulator.clock.advance(1_000)
  expect(await answer).toMatchObject({ FailedEntryCount: 0 })
})
