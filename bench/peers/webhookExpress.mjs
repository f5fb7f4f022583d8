// The webhook with express and the official SDK: checks the connector's signature, makes the event and publishes it.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import EventBridge, { CloudEvent, Config } from '@alicloud/eventbridge'
import express from 'express'

const { EVENTBRIDGE_ENDPOINT, EVENT_BUS_NAME, CONNECTOR_API_SECRET, ALIBABA_CLOUD_ACCESS_KEY_ID } = process.env
const client = new EventBridge.default(
  new Config({
    endpoint: new URL(EVENTBRIDGE_ENDPOINT).host,
    accessKeyId: ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
  }),
)

const app = express()
app.use(express.json())
app.post('/webhook/putEvents', async (req, res) => {
  if (!isSigned(req)) return res.status(401).json({ code: 'Unauthorized' })
  if (typeof req.body?.syncAction !== 'string') return res.status(400).json({ code: 'InvalidArgument' })
  const event = new CloudEvent({
    id: randomUUID(),
    source: 'my.dingtalk',
    specversion: '1.0',
    type: 'eventbridge:Events:HTTPEvent',
    datacontenttype: 'application/json',
    time: new Date().toISOString(),
    extensions: { aliyuneventbusname: EVENT_BUS_NAME },
    data: Buffer.from(JSON.stringify({ headers: req.headers, path: req.path, body: req.body, httpMethod: req.method })),
  })
  const answer = await client.putEvents([event])
  if (answer.failedEntryCount > 0) return res.status(503).json({ code: 'ServiceUnavailable' })
  res.json({ eventId: event.id })
})

function isSigned(req) {
  const timestamp = req.get('x-ddpaas-signature-timestamp') ?? ''
  const given = Buffer.from(req.get('x-ddpaas-signature') ?? '', 'base64')
  const right = createHmac('sha256', CONNECTOR_API_SECRET).update(timestamp).digest()
  return (
    Math.abs(Date.now() - Number(timestamp)) < 3_600_000 &&
    given.length === right.length &&
    timingSafeEqual(given, right)
  )
}

const server = app.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
