// The webhook as an average developer would write it: express, the official SDK, 200 once EventBridge has the event.
import { randomUUID } from 'node:crypto'
import EventBridge from '@alicloud/eventbridge'
import express from 'express'

const { default: Client, Config, CloudEvent } = EventBridge
const { EVENTBRIDGE_ENDPOINT, WEBHOOK_TOKEN, EVENT_BUS_NAME } = process.env

const client = new Client(
  new Config({
    accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    endpoint: EVENTBRIDGE_ENDPOINT,
    protocol: 'http',
  }),
)

const app = express()
app.use(express.json({ limit: '64kb' }))

app.post('/webhook/putEvents', async (req, res) => {
  if (req.get('authorization') !== `Bearer ${WEBHOOK_TOKEN}`) return res.status(401).json({ code: 'Unauthorized' })
  const { syncAction, userId } = req.body ?? {}
  if (typeof syncAction !== 'string' || typeof userId !== 'string') {
    return res.status(400).json({ code: 'InvalidEvent' })
  }
  const event = new CloudEvent({
    id: randomUUID(),
    source: 'my.dingtalk',
    specversion: '1.0',
    type: 'eventbridge:Events:HTTPEvent',
    datacontenttype: 'application/json',
    time: new Date().toISOString(),
    data: Buffer.from(JSON.stringify({ path: req.path, httpMethod: req.method, body: req.body })),
    extensions: { aliyuneventbusname: EVENT_BUS_NAME },
  })
  try {
    const answer = await client.putEvents([event])
    if (answer.failedEntryCount > 0) return res.status(503).json({ code: 'NotAccepted' })
    res.json({ requestId: answer.requestId })
  } catch {
    res.status(503).json({ code: 'ServiceUnavailable' })
  }
})

const server = app.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
