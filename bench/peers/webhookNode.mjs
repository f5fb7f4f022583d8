// The floor: node:http alone, which passes the body on in a POST of its own and answers once that is answered.
import http from 'node:http'

const agent = new http.Agent({ keepAlive: true })
const target = new URL('/openapi/putEvents', `http://${process.env.EVENTBRIDGE_ENDPOINT}`)

const server = http.createServer((req, res) => {
  const chunks = []
  req.on('data', (chunk) => chunks.push(chunk))
  req.on('end', () => {
    const body = `[{"id":"1","data":${Buffer.concat(chunks)}}]`
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const request = http.request(target, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.on('end', () => res.writeHead(answer.statusCode, { 'content-length': 0 }).end())
    })
    request.on('error', () => res.writeHead(503).end())
    request.end(body)
  })
})
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
