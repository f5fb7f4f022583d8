// EventBridge's PutEvents that accepts everything, as cheap as it can be: what is measured is whoever calls it.
import { randomUUID } from 'node:crypto'
import http from 'node:http'

const server = http.createServer((req, res) => {
  const chunks = []
  req.on('data', (chunk) => chunks.push(chunk))
  req.on('end', () => {
    const events = JSON.parse(Buffer.concat(chunks).toString())
    const entries = events.map(() => ({ EventId: randomUUID(), TraceId: randomUUID() }))
    res.setHeader('content-type', 'application/json')
    res.end(JSON.stringify({ RequestId: randomUUID(), FailedEntryCount: 0, EntryList: entries }))
  })
})
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
