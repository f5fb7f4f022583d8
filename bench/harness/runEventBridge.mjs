// An EventBridge that takes every event and keeps none: what whoever publishes is measured against, in a process of its own.
import http from 'node:http'

const server = http.createServer((req, res) => {
  const chunks = []
  req.on('data', (chunk) => chunks.push(chunk))
  req.on('end', () => {
    const events = JSON.parse(Buffer.concat(chunks))
    const body = JSON.stringify({
      RequestId: '5F8A1C3E-0000-4000-8000-000000000000',
      ResourceOwnerAccountId: '1234567890123456',
      FailedEntryCount: 0,
      EntryList: events.map(({ id }) => ({ EventId: id })),
    })
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    res.end(body)
  })
})
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
