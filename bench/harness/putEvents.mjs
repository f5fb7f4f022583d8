// Publishes as many events as asked for over keep-alive connections, so many a request; prints what came of it. The signature,
// which is not of the body, is made once.
import { createHmac } from 'node:crypto'
import autocannon from 'autocannon'

const [url, bus, amount, connections, batch] = process.argv.slice(2)
const contentType = 'application/cloudevents-batch+json; charset=utf-8'
const date = new Date().toUTCString()
const text = `POST\n\n${contentType}\n${date}\n/openapi/putEvents`
const signature = createHmac('sha1', 'local-is-not-a-secret').update(text).digest('base64')
let number = 0
let first
let last

const requests = Math.ceil(Number(amount) / Number(batch))
const { latency, non2xx, errors } = await autocannon({
  url,
  amount: requests,
  connections: Math.min(Number(connections), requests),
  timeout: 120,
  method: 'POST',
  headers: { 'content-type': contentType, date, authorization: `acs:local:${signature}` },
  requests: [
    {
      setupRequest(request) {
        first ??= performance.now()
        return { ...request, body: nextBody() }
      },
      // it ends by whole seconds
      onResponse: () => (last = performance.now()),
    },
  ],
})
const seconds = (last - first) / 1000
console.log(
  JSON.stringify({ events: requests * batch, seconds, p50: latency.p50, p99: latency.p99, failed: non2xx + errors }),
)

function nextBody() {
  return `[${Array.from({ length: Number(batch) }, nextEvent).join()}]`
}

/** What the webhook makes of a connector's request: some 700 bytes. */
function nextEvent() {
  number++
  const userId = `1411463790012${String(number).padStart(6, '0')}`
  const body = {
    ...{
      syncAction: 'user_add_org',
      CorpId: 'ding1',
      userId,
      name: `李雷 ${number}`,
      active: true,
      isAdmin: number % 2 === 0,
    },
    ...{ dingId: `$:LWCP_v1:$${userId}==`, orderInDepts: `{1:${number}}`, isLeaderInDepts: '{1:false}', isBoss: false },
    ...{ isSenior: false, isHide: number % 3 === 0, avatar: '', department: [1, number % 100] },
  }
  return JSON.stringify({
    ...{
      id: `event-${process.pid}-${number}`,
      source: 'my.dingtalk',
      specversion: '1.0',
      type: 'dingtalk:Events:HTTPEvent',
    },
    ...{ datacontenttype: 'application/json', time: '2026-01-31T12:00:00+08:00', aliyuneventbusname: bus },
    data: { headers: {}, path: '/webhook/putEvents', body, httpMethod: 'POST', queryString: {} },
  })
}
