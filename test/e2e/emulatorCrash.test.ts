import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { createEventBridgeClient } from '../../shared/eventbridge/client'
import { freePort } from '../../shared/freePort'
import { type EventBridgeProcess, eventBridgeProcesses } from '../support/eventBridgeProcess'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const start = eventBridgeProcesses()
const folder = temporaryFolder()
const config = path.join(folder, 'eventbridge.yaml')
const localDir = path.join(folder, 'local')
/** how many acknowledged events a round lives to see */
const ROUNDS = [1, 7, 40, 3, 100, 15, 60, 2, 25, 80]

/** What the target was given: how often, by event id. Every third event fails the first time. */
const delivered = new Map<string, number>()
let target: http.Server
let port: number

beforeAll(async () => {
  target = http.createServer(takeDelivery)
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
  port = await freePort()
  fs.writeFileSync(
    config,
    `EventBusName: crash
Rules:
  - RuleName: everything
    FilterPattern: {}
    Targets:
      - Id: function
        Type: acs.fc.function
        Endpoint: acs:fc:\${region}:\${account}:functions/sink
        PushRetryStrategy: EXPONENTIAL_DECAY_RETRY
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }]
`,
  )
})

afterAll(() => {
  target.closeAllConnections()
  target.close()
})

async function takeDelivery(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch {
    // the emulator was killed in the middle of its request
    return
  }
  const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: string }
  const times = (delivered.get(id) ?? 0) + 1
  delivered.set(id, times)
  const fails = times === 1 && Number(id.split('-')[1]) % 3 === 0
  if (fails) res.setHeader('x-fc-error-type', 'HandledInvocationError')
  res.end('{}')
}

function startEmulator(): Promise<EventBridgeProcess> {
  const sink = `sink=http://127.0.0.1:${(target.address() as AddressInfo).port}`
  return start(localDir, ['--config', config, '--function', sink], { PORT: String(port) })
}

/** Four publishers at once, until so many events are acknowledged; then the emulator is killed, whatever it is at. */
async function publishUntilKilled(round: number, emulator: EventBridgeProcess, limit: number): Promise<string[]> {
  const { env } = emulator
  const credentials = {
    accessKeyId: env['ALIBABA_CLOUD_ACCESS_KEY_ID'] ?? '',
    accessKeySecret: env['ALIBABA_CLOUD_ACCESS_KEY_SECRET'] ?? '',
  }
  const acknowledged: string[] = []
  let next = 0
  const publisher = async () => {
    const client = createEventBridgeClient(new URL(env['EVENTBRIDGE_ENDPOINT'] ?? ''))
    try {
      for (;;) {
        const ids = [`r${round}-${next++}`, `r${round}-${next++}`]
        const { EntryList } = await client.putEvents(ids.map(eventText), {
          credentials,
          deadline: performance.now() + 20_000,
        })
        acknowledged.push(...EntryList.map(({ EventId = '' }) => EventId))
        if (acknowledged.length >= limit) emulator.kill('SIGKILL')
      }
    } catch {
      // killed: what was not acknowledged may or may not have been accepted
    } finally {
      client.close()
    }
  }
  await Promise.all([publisher(), publisher(), publisher(), publisher()])
  await emulator.ended()
  return acknowledged
}

function eventText(id: string): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: 'crash',
    type: 't',
    aliyuneventbusname: 'crash',
    data: { id },
  })
}

test('killed over and over while publishing: what was acknowledged is delivered, and nothing else', async () => {
  const acknowledged: string[] = []
  for (const [round, limit] of ROUNDS.entries()) {
    const emulator = await startEmulator()
    const ids = await publishUntilKilled(round, emulator, limit)
    expect(ids.length).toBeGreaterThanOrEqual(limit)
    acknowledged.push(...ids)
  }

  const emulator = await startEmulator()
  const isDone = (id: string) => (delivered.get(id) ?? 0) > (Number(id.split('-')[1]) % 3 === 0 ? 1 : 0)
  await waitFor(
    () => acknowledged.every(isDone),
    () => `never delivered: ${acknowledged.filter((id) => !isDone(id)).join(' ')}`,
    120_000,
  )
  emulator.kill('SIGTERM')
  expect(await emulator.ended()).toBe(0)

  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  // beyond those: at most what the publishers had under way, unanswered, when a round ended
  const unanswered = [...delivered.keys()].filter((id) => !acknowledged.includes(id))
  expect(unanswered.length).toBeLessThanOrEqual(ROUNDS.length * 4 * 2)
})
