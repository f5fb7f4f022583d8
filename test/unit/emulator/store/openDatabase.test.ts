import fs from 'node:fs'
import path from 'node:path'
import Database from 'libsql'
import { FORMATS } from '../../../../emulator/store/formats'
import { openStore, type Store } from '../../../../emulator/store/store'
import { UserError } from '../../../../shared/userError'
import { endOf, startProcess } from '../../../support/startProcess'
import { acceptedEvent, pendingDeliveries } from '../../../support/store'
import { temporaryFolder } from '../../../support/temporaryFolder'

const folder = temporaryFolder()
const file = (name: string) => path.join(folder, name)

test.each<[string, (name: string) => Promise<void> | void, RegExp]>([
  ['garbage', (name) => fs.writeFileSync(name, 'x'.repeat(5000)), /cannot be opened as the event store/],
  [
    'the file of a newer version',
    (name) => {
      const database = new Database(name)
      database.exec('PRAGMA user_version = 99')
      database.close()
    },
    /written by a newer version \(format 99/,
  ],
  ['a file with a page overwritten', damaged, /cannot be opened as the event store/],
  ['a file that is empty', (name) => fs.writeFileSync(name, ''), /is empty: the events .* are gone/],
  ['a file that was cut short', cutShort, /cannot be opened as the event store .* Move it away/],
  ['a file cut within its first page', (name) => cutShort(name, 100), /cannot be opened as the event store/],
  [
    "another program's database",
    (name) => {
      const database = new Database(name)
      database.exec('CREATE TABLE theirs (n INTEGER)')
      database.close()
    },
    /\(it is no event store\)/,
  ],
])('%s is refused, and left as it is', async (title, make, message) => {
  const name = file(title)
  await make(name)
  const before = fs.readFileSync(name)
  expect(() => openStore(name)).toThrow(UserError)
  expect(() => openStore(name)).toThrow(message)
  expect(fs.readFileSync(name).equals(before)).toBe(true)
})

async function cutShort(name: string, bytes = 8192): Promise<void> {
  await damaged(name)
  fs.truncateSync(name, bytes)
}

test('an empty file is refused with its log beside it, which SQLite would throw away', async () => {
  const name = file('emptied')
  const store = openStore(name)
  await store.accept([acceptedEvent({ id: 'in the log' })])
  const log = fs.readFileSync(`${name}-wal`)
  const copy = file('emptied copy')
  fs.writeFileSync(copy, '')
  fs.writeFileSync(`${copy}-wal`, log)
  store.close()
  expect(() => openStore(copy)).toThrow(/is empty/)
  expect(fs.readFileSync(`${copy}-wal`).equals(log)).toBe(true)
})

test('a store that was removed without its log begins empty, and whole', async () => {
  const name = file('removed')
  const store = openStore(name)
  await store.accept([acceptedEvent({ id: 'before' })])
  const log = fs.readFileSync(`${name}-wal`)
  store.close()
  fs.rmSync(name)
  fs.writeFileSync(`${name}-wal`, log)
  const again = openStore(name)
  expect(again.traces.list({}, 10)).toEqual([])
  await again.accept([acceptedEvent({ id: 'after' })])
  again.close()
  const [found] = listed(name)
  expect(found).toMatchObject({ id: 'after' })
})

test('what a kill left of the making of a store is made anew', () => {
  const name = file('half made')
  fs.writeFileSync(`${name}.new`, 'half')
  openStore(name).close()
  expect(fs.readdirSync(folder).filter((entry) => entry.startsWith('half made.'))).toEqual([])
})

function listed(name: string) {
  const store = openStore(name)
  const traces = store.traces.list({}, 10)
  store.close()
  return traces
}

test.each<[string, string, (place: string) => void, RegExp]>([
  ['a folder', 'folder', (place) => fs.mkdirSync(place), /It must be a file/],
  ['a folder that takes none', '/proc/store.db', () => {}, /It must be a file/],
  ['a file below a file', 'lies/below', (place) => fs.writeFileSync(path.dirname(place), ''), /It must be a file/],
])('where the store cannot be a file, %s, a sentence says so', (_, name, make, message) => {
  const place = path.resolve(folder, name)
  make(place)
  expect(() => openStore(place)).toThrow(UserError)
  expect(() => openStore(place)).toThrow(message)
})

test('a file that this user may not write to is refused at once, and not called damaged', async () => {
  const name = file('read only')
  openStore(name).close()
  for (const left of ['-wal', '-shm']) fs.rmSync(`${name}${left}`, { force: true })
  fs.chmodSync(name, 0o444)
  fs.chmodSync(folder, 0o755)
  // root may write to anything
  const script = `
    if (process.getuid() === 0) process.setuid(65534)
    try { require('./emulator/store/store').openStore(process.argv[1]) } catch (error) { console.log(error.message) }`
  const { output } = await endOf(startProcess([process.execPath, '--import', 'tsx', '-e', script, name], {}))
  expect(output).toContain('It must be a file, in a folder, that this user may read and write.')
})

test.each<[string, (name: string) => void]>([
  ['removed', (name) => fs.rmSync(name)],
  ['moved away', (name) => fs.renameSync(name, `${name}.old`)],
  [
    'replaced by a copy',
    (name) => {
      fs.copyFileSync(name, `${name}.copy`)
      fs.renameSync(`${name}.copy`, name)
    },
  ],
  ['emptied', (name) => fs.truncateSync(name, 0)],
  ['cut off', (name) => fs.truncateSync(name, 8192)],
  ['bereft of what its log holds', (name) => fs.truncateSync(`${name}-wal`)],
  ['bereft of its log', (name) => fs.rmSync(`${name}-wal`)],
  ['moved with its folder', (name) => fs.renameSync(path.dirname(name), `${path.dirname(name)}.old`)],
])('once the file is %s, nothing is acknowledged any more', async (title, lose) => {
  const name = path.join(folder, 'lost', title, 'store.db')
  const store = openStore(name)
  await store.accept([acceptedEvent({ id: 'before' })])
  lose(name)
  await expect(store.accept([acceptedEvent({ id: 'after' })])).rejects.toThrow(/was (removed or replaced|cut off)$/)
  store.close()
})

async function damaged(name: string): Promise<void> {
  const store = openStore(name)
  await store.accept(Array.from({ length: 200 }, (_, index) => acceptedEvent({ id: `e${index}` })))
  store.close()
  const [bytes, page] = [fs.readFileSync(name), 4096]
  for (let at = 2 * page; at < bytes.length; at += 3 * page) bytes.fill(0xff, at, at + page)
  fs.writeFileSync(name, bytes)
}

test('another process may open, change and close it meanwhile, as npm run replay does', async () => {
  const name = file('shared')
  const store = openStore(name)
  const script = `
    const { openStore } = require('./emulator/store/store')
    for (let times = 0; times < 4; times++) {
      const store = openStore(process.argv[1])
      store.deadLetters.remove(times)
      store.close()
    }`
  const other = startProcess([process.execPath, '--import', 'tsx', '-e', script, name], {})
  let accepted = 0
  while (!other.isOver()) {
    await store.accept([acceptedEvent({ id: `e${accepted++}` })])
    await store.record(
      ...([pendingDeliveries(store)[0], { startedAt: 0, ms: 0 }, { state: 'delivered' }] as Parameters<
        Store['record']
      >),
    )
  }
  expect(await endOf(other)).toEqual({ code: 0, output: '' })
  expect(accepted).toBeGreaterThan(10)
  store.close()
})

test('a store that was closed is whole in its one file', async () => {
  const name = file('closed')
  const store = openStore(name)
  await store.accept([acceptedEvent({ id: 'kept' })])
  store.close()
  const copy = file('copied')
  fs.copyFileSync(name, copy)
  const copied = openStore(copy)
  expect(copied.traces.list({}, 10)).toMatchObject([{ id: 'kept' }])
  copied.close()
})

test('a store of the first format is upgraded, with its events and what became of them', () => {
  const name = file('format 1')
  const database = new Database(name)
  database.exec(`${FORMATS[0]}
    INSERT INTO events VALUES (1, 'b', 'waiting', 's', 't', 'x', 1, '{}'), (2, 'b', 'over', 's', 't', 'x', 2, '{}'),
      (3, 'b', 'given up', 's', 't', 'x', 3, '{}'), (4, 'b', 'unwanted', 's', 't', 'x', 4, '{}');
    INSERT INTO deliveries VALUES (1, 1, 'r', 't', 'pending', 1, 9, 'down'), (2, 2, 'r', 't', 'delivered', 1, 0, NULL),
      (3, 3, 'r', 't', 'dead', 4, 0, 'down');
    INSERT INTO attempts VALUES (1, 1, 5, 7, 'down');
    PRAGMA user_version = 1`)
  database.close()

  const store = openStore(name)
  expect(store.traces.list({}, 10).map(({ id, state }) => [id, state])).toEqual([
    ['unwanted', 'unmatched'],
    ['given up', 'dead'],
    ['over', 'delivered'],
    ['waiting', 'retrying'],
  ])
  expect(store.traces.find(1)?.deliveries[0]?.tries).toEqual([
    { number: 1, startedAt: 5, ms: 7, error: 'down', answer: null },
  ])
  expect(pendingDeliveries(store)).toMatchObject([
    { seq: 1, attempts: 1, nextAttemptAt: 9, bus: 'b', rule: 'r', target: 't' },
  ])
  store.close()
  // and is then one of this format
  openStore(name).close()
})

test('of a store of the third format it is found out whom its events are about, and which were set aside', () => {
  const name = file('format 3')
  const database = new Database(name)
  const insert = `INSERT INTO events (seq, bus, id, source, type, trace_id, received_at, state, json) VALUES`
  database.exec(`${FORMATS.slice(0, 3).join('')}
    ${insert} (1, 'b', 'aside', 's', 't', 'x', 1, 'delivered', '{"data":{"body":{"userId":"42","name":"小明"}}}'),
      (2, 'b', 'stored', 's', 't', 'x', 2, 'delivered', '{"data":{"body":{"UserId":["42","43"]}}}'),
      (3, 'b', 'waiting', 's', 't', 'x', 3, 'pending', 'no JSON'),
      (4, 'b', 'other', 's', 't', 'x', 4, 'delivered', '{}');
    INSERT INTO deliveries (seq, event_seq, bus, rule, target, state, next_attempt_at) VALUES
      (1, 1, 'b', 'r', 't', 'delivered', 0), (2, 2, 'b', 'r', 't', 'delivered', 0), (3, 3, 'b', 'r', 't', 'pending', 9),
      (4, 3, 'b', 'r', 'u', 'delivered', 0), (5, 4, 'b', 'r', 't', 'delivered', 0);
    INSERT INTO attempts VALUES (1, 1, 5, 7, NULL, '{"stored":0,"deadLettered":1}'),
      (2, 1, 5, 7, NULL, '{"stored":1,"deadLettered":0}'), (4, 1, 5, 7, NULL, '{"deadLettered":2}'),
      (5, 1, 5, 7, NULL, 'done: "deadLettered":1');
    PRAGMA user_version = 3`)
  database.close()

  const store = openStore(name)
  expect(store.traces.list({}, 10).map(({ id, state }) => [id, state])).toEqual([
    ['other', 'delivered'],
    ['waiting', 'pending'],
    ['stored', 'delivered'],
    ['aside', 'set-aside'],
  ])
  expect(store.traces.find(3)?.deliveries.map(({ state }) => state)).toEqual(['pending', 'set-aside'])
  expect(store.people.find('小明')).toEqual(['42'])
  expect(store.traces.list({ people: ['42'] }, 10).map(({ id }) => id)).toEqual(['stored', 'aside'])
  store.close()
})

test('the dead letters of a store of the sixth format become messages of their queues, in their order', async () => {
  const name = file('format 6')
  const database = new Database(name)
  for (const step of FORMATS.slice(0, 6)) typeof step === 'string' ? database.exec(step) : step(database)
  const [mns, topic] = ['acs:mns:cn-hangzhou:1:/queues/dead', 'acs:mq:cn-hangzhou:1:/instances/i/topic/dead']
  database.exec(`
    INSERT INTO events (seq, bus, id, source, type, trace_id, received_at, json) VALUES (1, 'b', 'e', 's', 't', 'x', 1, '{}');
    INSERT INTO deliveries (seq, event_seq, bus, rule, target, state, next_attempt_at)
      VALUES (8, 1, 'b', 'r', 't', 'dead-lettered', 0);
    INSERT INTO messages (queue, id, body, enqueued_at, visible_at) VALUES ('hr', 'm', 'plain', 5, 5);
    INSERT INTO dead_letters (seq, queue, event_seq, delivery_seq, dead_at, error, json) VALUES
      (7, '${mns}', 1, 8, 70, 'down', '{"n":1}'), (3, '${topic}', 99, 98, 30, 'gone', '{"n":2}');
    PRAGMA user_version = 6`)
  database.close()

  const store = openStore(name)
  expect(store.deadLetters.list()).toMatchObject([
    { queue: topic, eventSeq: 99, rule: null, target: null, deadAt: 30, error: 'gone', json: '{"n":2}' },
    { queue: mns, eventSeq: 1, rule: 'r', target: 't', deadAt: 70, error: 'down', json: '{"n":1}' },
  ])
  expect(store.messages.stock(100)).toEqual([
    { queue: topic, visible: 1, hidden: 0, letters: 1 },
    { queue: 'dead', visible: 1, hidden: 0, letters: 1 },
    { queue: 'hr', visible: 1, hidden: 0, letters: 0 },
  ])
  expect(store.traces.find(1)?.deadLetters).toEqual([{ queue: mns, deadAt: 70 }])
  // of one that does not know its target, all of the event's must have it
  const [unknown] = store.deadLetters.list()
  const deliveries = ['r', 's'].map((rule) => ({ rule, target: 't' }))
  await store.accept([{ ...acceptedEvent({ id: 'again', deliveries }), ...(unknown && { ofLetter: unknown.seq }) }])
  const left: number[] = []
  for (const delivery of pendingDeliveries(store)) {
    await store.record(delivery, { startedAt: 200, ms: 1 }, { state: 'delivered' })
    left.push(store.deadLetters.list().length)
  }
  expect(left).toEqual([2, 1])
  // a receipt begins with the message's id
  const [received] = store.messages.receive('dead', 1, 300, 10)
  expect(store.messages.hide('dead', received?.receipt ?? '', 300, 50)).toMatchObject({ id: received?.id })
  store.close()
})
