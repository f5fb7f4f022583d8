// The floor of the chain: the same way as through npm start, and nothing done on it. A request goes to an instance of the
// webhook, a thread that takes one at a time; it posts the event to a bus, which has it on disk before it answers; then an
// instance of employees stores it by a plain upsert, and the bus writes down that it is delivered. Nothing is checked,
// signed, matched, mapped, logged or traced.
import http from 'node:http'
import os from 'node:os'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import Database from 'libsql'
import mysql from 'mysql2/promise'

const COLUMNS = [
  ...['corpId', 'userId', 'name', 'dingId', 'active', 'isAdmin', 'isBoss'],
  ...['isSenior', 'isHide', 'orderInDepts', 'isLeaderInDepts', 'department', 'eventTime'],
]
const UPSERT = `INSERT INTO bare_users (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  ON DUPLICATE KEY UPDATE ${COLUMNS.map((column) => `${column} = VALUES(${column})`).join(', ')}`

if (isMainThread) host()
else if (workerData.bus) webhook(new URL(workerData.bus))
else employees()

function host() {
  const [file] = process.argv.slice(2)
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec('CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, id TEXT, json TEXT, delivered INTEGER)')
  const insert = database.prepare('INSERT INTO events (id, json, delivered) VALUES (?, ?, 0)')
  const deliver = database.prepare('UPDATE events SET delivered = 1 WHERE seq = ?')
  let work = []

  /** What comes in one turn of the event loop is one transaction. */
  function commit(step, done) {
    if (work.length === 0) setImmediate(commitAll)
    work.push({ step, done })
  }

  function commitAll() {
    const group = work
    work = []
    database.exec('BEGIN IMMEDIATE')
    const results = group.map(({ step }) => step())
    database.exec('COMMIT')
    for (const [index, { done }] of group.entries()) done(results[index])
  }

  const bus = http.createServer((req, res) =>
    read(req, (json) => {
      const step = () => insert.run('id', json).lastInsertRowid
      commit(step, (seq) => {
        res.writeHead(200).end()
        targets.call(json, () =>
          commit(
            () => deliver.run(seq),
            () => {},
          ),
        )
      })
    }),
  )
  const gateway = http.createServer((req, res) =>
    read(req, (json) => sources.call(json, () => res.writeHead(200).end())),
  )
  let sources
  const targets = pool(1, {})
  bus.listen(0, '127.0.0.1', () => {
    sources = pool(os.availableParallelism(), { bus: `http://127.0.0.1:${bus.address().port}` })
    gateway.listen(0, '127.0.0.1', () => console.log(`ready on ${gateway.address().port}`))
  })
}

/** Threads, each of which does one thing at a time. */
function pool(size, data) {
  const idle = []
  const waiting = []
  for (let n = 0; n < size; n++) {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: data })
    worker.on('message', () => {
      const { done } = worker
      const next = waiting.shift()
      if (next) give(worker, next)
      else idle.push(worker)
      done()
    })
    idle.push(worker)
  }
  function give(worker, { json, done }) {
    worker.done = done
    worker.postMessage(json)
  }
  return {
    call(json, done) {
      const worker = idle.pop()
      if (worker) give(worker, { json, done })
      else waiting.push({ json, done })
    },
  }
}

function webhook(target) {
  const agent = new http.Agent({ keepAlive: true })
  parentPort.on('message', (json) => {
    const headers = { 'content-length': Buffer.byteLength(json) }
    const request = http.request(target, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.on('end', () => parentPort.postMessage(null))
    })
    request.end(json)
  })
}

function employees() {
  const {
    MYSQL_HOST: host,
    MYSQL_PORT: port,
    MYSQL_USER: user,
    MYSQL_PASSWORD: password,
    MYSQL_DATABASE: database,
  } = process.env
  const pool = mysql.createPool({ host, port: Number(port), user, password, database, connectionLimit: 1 })
  parentPort.on('message', async (json) => {
    const event = JSON.parse(json)
    await pool.execute(UPSERT, [
      ...[
        event.CorpId,
        event.userId,
        event.name,
        event.dingId,
        event.active,
        event.isAdmin,
        event.isBoss,
        event.isSenior,
      ],
      ...[event.isHide, event.orderInDepts, event.isLeaderInDepts, JSON.stringify(event.department), new Date()],
    ])
    parentPort.postMessage(null)
  })
}

function read(req, done) {
  const chunks = []
  req.on('data', (chunk) => chunks.push(chunk))
  req.on('end', () => done(Buffer.concat(chunks).toString('utf8')))
}
