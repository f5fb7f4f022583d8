// What is least of all an event bus: an event is taken over HTTP and is on disk when that is answered, those of one turn of the
// event loop in one transaction. No signature is checked, no event is looked at, none goes anywhere.
import http from 'node:http'
import Database from 'libsql'

const [file, port = '0'] = process.argv.slice(2)
const database = new Database(file)
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec('CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, id TEXT, json TEXT)')
const insert = database.prepare('INSERT INTO events (id, json) VALUES (?, ?)')
let waiting = []

const server = http.createServer((req, res) => {
  const chunks = []
  req.on('data', (chunk) => chunks.push(chunk))
  req.on('end', () => {
    const events = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    if (waiting.length === 0) setImmediate(commit)
    waiting.push({ events, res })
  })
})
server.listen(Number(port), '127.0.0.1', () => console.log(`Ready: http://127.0.0.1:${server.address().port}`))
process.on('SIGTERM', () => process.exit(0))

function commit() {
  const group = waiting
  waiting = []
  database.exec('BEGIN IMMEDIATE')
  for (const { events } of group) for (const event of events) insert.run(event.id, JSON.stringify(event))
  database.exec('COMMIT')
  for (const { events, res } of group) {
    const answer = JSON.stringify({ FailedEntryCount: 0, EntryList: events.map(({ id }) => ({ EventId: id })) })
    res.writeHead(200, { 'content-type': 'application/json' }).end(answer)
  }
}
