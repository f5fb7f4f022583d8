import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import Mns from '@alicloud/mns'
import { PROJECT, readDocument } from '../../support/documents'
import { accessKey, cloudEvent, emulators, type TestEmulator } from '../../support/emulator'
import { startServer, type TestServer } from '../../support/rawHttp'
import { endOf, startProcess } from '../../support/startProcess'
import { waitFor } from '../../support/waitFor'

// The rule of examples/, read with the official SDK of MNS.
const rule = fs.readFileSync(path.join(PROJECT, 'examples/queue.rules.yaml'), 'utf8')
const yaml = `EventBusName: my-bus\nRules:${rule}`.replaceAll('${region}', 'cn-hangzhou').replaceAll('${account}', '1')
const QUEUE = 'hr-events'
const start = emulators()
let emulator: TestEmulator
let server: TestServer
let sent = 0

const mns = (key: object = {}) => {
  const endpoint = `http://127.0.0.1:${server.port}`
  return new Mns('1', {
    accessKeyId: accessKey.accessKeyId,
    accessKeySecret: accessKey.accessKeySecret,
    endpoint,
    ...key,
  })
}

beforeEach(async () => {
  emulator = await start({ yaml })
  server = await startServer((req, res) => void emulator.eventBridge.queueApi(req, res))
  emulator.eventBridge.deliver()
})

afterEach(() => server.close())

/** Publishes them, one after the other, until each is in the queue. */
async function publish(...names: string[]): Promise<void> {
  for (const name of names) {
    const data = Buffer.from(JSON.stringify({ body: { syncAction: 'user_add_org', userId: `u${++sent}`, name } }))
    const id = `e${sent}`
    await emulator
      .sdk()
      .putEvents([cloudEvent(id, { source: 'my.dingtalk', type: 'eventbridge:Events:HTTPEvent', data })])
    await waitFor(async () => {
      const { EventTraceList } = await emulator.call('queryEventTraces', { EventBusName: 'my-bus', EventId: id })
      return (EventTraceList as { NotifyStatus?: string }[]).some(({ NotifyStatus }) => NotifyStatus !== undefined)
    })
  }
}

const nameIn = ({ MessageBody = '' }: Record<string, string>) => JSON.parse(MessageBody).data.body.name
const gone = { name: 'MNSMessageNotExistError' }

test('a message is the event, with what MNS says of it', async () => {
  await publish('O"Neill <&> 😀\u0007')
  const { code, body } = await mns().receiveMessage(QUEUE)
  expect([code, nameIn(body)]).toEqual([200, 'O"Neill <&> 😀\u0007'])
  expect(body).toMatchObject({
    MessageBodyMD5: createHash('md5')
      .update(body['MessageBody'] ?? '')
      .digest('hex')
      .toUpperCase(),
    DequeueCount: '1',
    EnqueueTime: String(emulator.clock.now()),
    FirstDequeueTime: String(emulator.clock.now()),
    NextVisibleTime: String(emulator.clock.now() + 30_000),
  })
})

test('received, it is hidden for 30 s; not deleted, it comes again; deleted, never', async () => {
  await publish('a')
  const first = (await mns().receiveMessage(QUEUE)).body
  await expect(mns().receiveMessage(QUEUE)).rejects.toMatchObject(gone)
  await expect(mns().peekMessage(QUEUE)).rejects.toMatchObject(gone)
  await emulator.clock.advance(30_000)
  const again = (await mns().receiveMessage(QUEUE)).body
  expect(again).toMatchObject({ MessageId: first['MessageId'], DequeueCount: '2' })
  // the receipt of before is nobody's any more
  await expect(mns().deleteMessage(QUEUE, String(first['ReceiptHandle']))).rejects.toMatchObject(gone)
  expect(await mns().deleteMessage(QUEUE, String(again['ReceiptHandle']))).toMatchObject({ code: 204 })
  await emulator.clock.advance(60_000)
  await expect(mns().receiveMessage(QUEUE)).rejects.toMatchObject(gone)
})

test('in order, up to 16 at a time, and deleted at a time', async () => {
  await publish('a', 'b', 'c')
  expect((await mns().batchPeekMessage(QUEUE, 2)).body.map(nameIn)).toEqual(['a', 'b'])
  const { body } = await mns().batchReceiveMessage(QUEUE, 16)
  expect(body.map(nameIn)).toEqual(['a', 'b', 'c'])
  const receipts = body.map(({ ReceiptHandle }) => String(ReceiptHandle))
  expect(await mns().batchDeleteMessage(QUEUE, receipts.slice(0, 2))).toMatchObject({ code: 204 })
  const { code, body: refused } = await mns().batchDeleteMessage(QUEUE, receipts)
  expect([code, refused?.map(({ ReceiptHandle }) => ReceiptHandle)]).toEqual([404, receipts.slice(0, 2)])
})

test('a reader that needs longer hides it for longer, by another receipt', async () => {
  await publish('a')
  const { ReceiptHandle: first = '' } = (await mns().receiveMessage(QUEUE)).body
  const { ReceiptHandle: second = '', NextVisibleTime } = (await mns().changeMessageVisibility(QUEUE, first, 300)).body
  expect(NextVisibleTime).toBe(String(emulator.clock.now() + 300_000))
  await emulator.clock.advance(200_000)
  await expect(mns().receiveMessage(QUEUE)).rejects.toMatchObject(gone)
  await expect(mns().deleteMessage(QUEUE, first)).rejects.toMatchObject(gone)
  expect(await mns().deleteMessage(QUEUE, second)).toMatchObject({ code: 204 })
})

test('who waits gets what comes meanwhile', async () => {
  const waiting = mns().receiveMessage(QUEUE, 30)
  await publish('late')
  expect(nameIn((await waiting).body)).toBe('late')
})

/** Begins what waits in the emulator, and resolves once it does. */
async function begin<T>(ask: () => Promise<T>): Promise<{ answer: Promise<T> }> {
  const before = emulator.clock.waiting()
  const answer = ask()
  answer.catch(() => {})
  await waitFor(async () => emulator.clock.waiting() > before)
  return { answer }
}

test('who waits while it stops is told that there is none, at once, and nobody waits any more', async () => {
  const { answer } = await begin(() => mns().receiveMessage(QUEUE, 30))
  emulator.eventBridge.endStreams()
  await expect(answer).rejects.toMatchObject(gone)
  await expect(mns().receiveMessage(QUEUE, 30)).rejects.toMatchObject(gone)
})

test('who has gone while waiting takes nothing along', async () => {
  await publish('a')
  await mns().receiveMessage(QUEUE)
  await emulator.clock.advance(29_500)
  const { answer } = await begin(() => mns().receiveMessage(QUEUE, 30))
  const look = jest.spyOn(emulator.clock, 'now')
  // as it can be received again, and before it is looked for
  look.mockReturnValue(emulator.clock.now() + 900)
  await server.close()
  await expect(answer).rejects.toThrow()
  await emulator.clock.advance(0)
  look.mockRestore()
  server = await startServer((req, res) => void emulator.eventBridge.queueApi(req, res))
  await emulator.clock.advance(500)
  expect((await mns().receiveMessage(QUEUE)).body).toMatchObject({ DequeueCount: '2' })
})

test('messages outlive a restart, and go after four days', async () => {
  await publish('a')
  await emulator.restart(yaml)
  expect((await mns().peekMessage(QUEUE)).body).toMatchObject({ DequeueCount: '0' })
  expect((await mns().peekMessage(QUEUE)).body).not.toHaveProperty('ReceiptHandle')
  await emulator.clock.advance(4 * 86_400_000 + 120_000)
  await waitFor(async () => {
    const answer = await mns()
      .peekMessage(QUEUE)
      .catch((error: Error) => error.name)
    return answer === gone.name
  })
})

describe('a dead-letter queue', () => {
  const failing = `EventBusName: my-bus
Rules:
  - RuleName: down
    FilterPattern: {source: [my.dingtalk]}
    Targets:
      - Id: nobody
        Type: http
        Endpoint: http://127.0.0.1:9/
        PushRetryStrategy: BACKOFF_RETRY
        DeadLetterQueue: { Arn: 'acs:mns:cn-hangzhou:1:/queues/dead' }
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }]
`
  const DEAD = 'dead'
  /** Until so many letters are in the queue. */
  const dies = async (id: string) => {
    await waitFor(async () => {
      await emulator.clock.advance(20_000)
      const found = await mns()
        .batchPeekMessage(DEAD, 16)
        .catch(() => ({ body: [] }))
      return found.body.some(({ MessageBody = '' }) => JSON.parse(MessageBody).id === id)
    })
  }

  beforeEach(async () => {
    await emulator.restart(failing)
  })

  async function bury(...ids: string[]): Promise<void> {
    for (const id of ids) {
      const data = Buffer.from('{"body":{"userId":"42"}}')
      await emulator.sdk().putEvents([cloudEvent(id, { source: 'my.dingtalk', data })])
      await dies(id)
    }
  }

  test('that nothing lies in is empty, and one that no rule has is not there', async () => {
    await expect(mns().receiveMessage(DEAD)).rejects.toMatchObject(gone)
    await expect(mns().receiveMessage('deadly')).rejects.toMatchObject({ name: 'MNSQueueNotExistError' })
  })

  test('is read as any queue: the raw event is peeked at, received, hidden, and deleted for good', async () => {
    await bury('a', 'b')
    const { body } = await mns().receiveMessage(DEAD)
    expect(JSON.parse(body['MessageBody'] ?? '')).toMatchObject({ id: 'a', source: 'my.dingtalk' })
    expect(
      (await mns().batchReceiveMessage(DEAD, 16)).body.map(({ MessageBody = '' }) => JSON.parse(MessageBody).id),
    ).toEqual(['b'])
    const longer = (await mns().changeMessageVisibility(DEAD, body['ReceiptHandle'] ?? '', 300)).body
    await emulator.clock.advance(30_000)
    expect(
      (await mns().batchPeekMessage(DEAD, 16)).body.map(({ MessageBody = '' }) => JSON.parse(MessageBody).id),
    ).toEqual(['b'])
    expect(await mns().deleteMessage(DEAD, longer['ReceiptHandle'] ?? '')).toMatchObject({ code: 204 })
    const { eventBridge } = emulator
    const letters = await lettersOf(eventBridge)
    expect(letters.map(({ body: text }) => JSON.parse(text).id)).toEqual(['b'])
  })

  test('what the page deletes, a consumer finds no more', async () => {
    await bury('a', 'b')
    const [first] = await lettersOf(emulator.eventBridge)
    await pagePost(emulator.eventBridge, '/trace/queues', { queue: DEAD, do: 'delete', seqs: [first?.seq] })
    expect(
      (await mns().batchPeekMessage(DEAD, 16)).body.map(({ MessageBody = '' }) => JSON.parse(MessageBody).id),
    ).toEqual(['b'])
  })

  test('published again from the page, a letter leaves once its target has the event', async () => {
    await bury('a')
    const taken: string[] = []
    const target = await startServer((req, res) => {
      req.resume()
      taken.push(req.url ?? '')
      res.end()
    })
    await emulator.restart(failing.replace(':9/', `:${target.port}/`))
    const answer = await pagePost(emulator.eventBridge, '/trace/queues', { queue: DEAD, do: 'publish', through: 1_000 })
    expect(answer).toEqual({ published: 1 })
    await waitFor(async () => taken.length === 1 && (await lettersOf(emulator.eventBridge)).length === 0)
    await target.close()
  })
})

/** The messages of the dead-letter queue, as the page has them. */
async function lettersOf(eventBridge: TestEmulator['eventBridge']): Promise<{ seq: number; body: string }[]> {
  const page = await startServer((req, res) => void eventBridge.tracePage(req, res))
  const answer = await fetch(`http://127.0.0.1:${page.port}/trace/messages?queue=dead&reveal=1`)
  const { messages } = (await answer.json()) as { messages: { seq: number; body: string }[] }
  await page.close()
  return messages
}

async function pagePost(eventBridge: TestEmulator['eventBridge'], path: string, body: object): Promise<unknown> {
  const page = await startServer((req, res) => void eventBridge.tracePage(req, res))
  const headers = { 'x-trace-page': '1' }
  const answer = await fetch(`http://127.0.0.1:${page.port}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const value: unknown = await answer.json()
  await page.close()
  return value
}

test('what the document has one write', async () => {
  await publish('小明')
  const { blocks } = readDocument('docs/embedded-eventbridge.md')
  const snippet = blocks.find(({ language, text }) => language === 'js' && text.includes('@alicloud/mns'))?.text ?? ''
  const { output } = await endOf(
    startProcess([process.execPath, '-e', snippet], {
      FC_ACCOUNT_ID: '1',
      EVENTBRIDGE_ENDPOINT: `http://127.0.0.1:${server.port}`,
      ALIBABA_CLOUD_ACCESS_KEY_ID: accessKey.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKey.accessKeySecret,
    }),
  )
  expect(output).toContain("name: '小明'")
  await expect(mns().peekMessage(QUEUE)).rejects.toMatchObject(gone)
  await emulator.clock.advance(60_000)
  await expect(mns().peekMessage(QUEUE)).rejects.toMatchObject(gone)
})

test.each<[string, () => Promise<unknown>, string]>([
  ['another secret', () => mns({ accessKeySecret: 'other' }).receiveMessage(QUEUE), 'MNSSignatureDoesNotMatchError'],
  ['another key', () => mns({ accessKeyId: 'other' }).receiveMessage(QUEUE), 'MNSInvalidAccessKeyIdError'],
  ['a queue that no rule has', () => mns().receiveMessage('other'), 'MNSQueueNotExistError'],
  ['more than 16', () => mns().batchReceiveMessage(QUEUE, 17), 'MNSInvalidArgumentError'],
  ['deleting more than 16', () => mns().batchDeleteMessage(QUEUE, Array(17).fill('r')), 'MNSInvalidArgumentError'],
  ['sending', () => mns().sendMessage(QUEUE, { MessageBody: 'a' }), 'MNSInvalidRequestURLError'],
])('%s is refused', async (_, ask, name) => {
  await expect(ask()).rejects.toMatchObject({ name })
})
