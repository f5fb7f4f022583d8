import fs from 'node:fs'
import path from 'node:path'
import Database from 'libsql'
import { FORMATS } from '../../../../emulator/store/formats'
import { openStore, type Store } from '../../../../emulator/store/store'
import { acceptedEvent, pendingDeliveries } from '../../../support/store'
import { temporaryFolder } from '../../../support/temporaryFolder'

const DAY = 86_400_000
const NOW = 100 * DAY
const unlimited = { maxAgeMs: 7 * DAY, maxBytes: Number.MAX_SAFE_INTEGER }
const folder = temporaryFolder()
let files = 0
let store: Store

beforeEach(() => {
  store = openStore(path.join(folder, `${++files}.db`))
})

afterEach(() => store.close())

/** How many rows the file has in each table that is about events. */
function rowsKept(): number[] {
  const database = new Database(path.join(folder, `${files}.db`))
  const count = (table: string) => database.prepare(`SELECT count(*) AS n FROM ${table}`).all() as { n: number }[]
  const counts = ['events', 'deliveries', 'attempts'].map((table) => count(table)[0]?.n ?? 0)
  database.close()
  return counts
}

const ids = () => store.traces.list({}, 10_000).map(({ id }) => id)

async function purgeAll(retention: typeof unlimited): Promise<number> {
  let all = 0
  for (let forgotten = -1; forgotten !== 0; ) {
    forgotten = await store.purge(retention, NOW)
    all += forgotten
  }
  return all
}

async function deliver(outcome: 'delivered' | 'set-aside' | 'dead-lettered' = 'delivered', deadAt = 0): Promise<void> {
  for (const delivery of pendingDeliveries(store)) {
    await store.record(delivery, { startedAt: deadAt, ms: 0 }, { state: outcome, queue: 'q' })
  }
}

test('a finished event goes when it is too old, with all that was kept of it; a younger one stays', async () => {
  await store.accept([
    acceptedEvent({ id: 'old', receivedAt: NOW - 8 * DAY }),
    acceptedEvent({ id: 'unmatched', receivedAt: NOW - 8 * DAY, deliveries: [] }),
    acceptedEvent({ id: 'young', receivedAt: NOW - 6 * DAY }),
  ])
  await deliver()
  expect(await purgeAll(unlimited)).toBe(2)
  expect(ids()).toEqual(['young'])
  expect(rowsKept()).toEqual([1, 1, 1])
})

test('one that its target set aside is finished, too; nor is it known any more whom it was about', async () => {
  const json = JSON.stringify({ id: 'e', data: { body: { userId: '42' } } })
  await store.accept([acceptedEvent({ id: 'aside', receivedAt: NOW - 8 * DAY, json })])
  await deliver('set-aside')
  expect(store.people.find('42')).toEqual(['42'])
  expect(await purgeAll(unlimited)).toBe(1)
  expect(store.people.find('42')).toEqual([])
})

test('an event that is still to be delivered stays, however old it is', async () => {
  await store.accept([acceptedEvent({ id: 'waiting', receivedAt: 0 })])
  expect(await purgeAll({ maxAgeMs: 0, maxBytes: 0 })).toBe(0)
  expect(ids()).toEqual(['waiting'])
})

test('a dead letter outlives its event until it is itself too old', async () => {
  await store.accept([acceptedEvent({ id: 'dead', receivedAt: NOW - 8 * DAY })])
  await deliver('dead-lettered', NOW - 6 * DAY)
  await purgeAll(unlimited)
  expect(ids()).toEqual([])
  expect(store.deadLetters.list().map(({ json }) => json)).toEqual(['{"id":"dead"}'])
  await store.purge(unlimited, NOW + 2 * DAY)
  expect(store.deadLetters.list()).toEqual([])
})

test('when the store is too large the oldest finished events go, until it is small enough', async () => {
  const json = JSON.stringify({ text: 'x'.repeat(10_000) })
  for (let batch = 0; batch < 20; batch++) {
    const events = Array.from({ length: 100 }, (_, index) =>
      acceptedEvent({ id: `e${batch}-${index}`, json, receivedAt: NOW, deliveries: [] }),
    )
    await store.accept(events)
  }
  const forgotten = await purgeAll({ ...unlimited, maxBytes: 10_000_000 })
  const left = ids()
  expect(left).toHaveLength(2_000 - forgotten)
  expect(left.length).toBeGreaterThan(300)
  expect(left.length).toBeLessThan(1_000)
  expect(left[0]).toBe('e19-99')
})

test('dead letters go for the size, too, when no finished event is left, the oldest first', async () => {
  const json = JSON.stringify({ text: 'x'.repeat(10_000) })
  for (let batch = 0; batch < 10; batch++) {
    await store.accept(
      Array.from({ length: 100 }, (_, at) => acceptedEvent({ id: `e${batch}-${at}`, json, receivedAt: NOW })),
    )
    await deliver('dead-lettered', NOW)
  }
  await purgeAll({ ...unlimited, maxBytes: 8_000_000 })
  expect(ids()).toEqual([])
  const left = store.deadLetters.list()
  expect(left.length).toBeGreaterThan(300)
  expect(left.length).toBeLessThan(1_000)
  expect(left.at(-1)?.seq).toBe(1_000)
})

/** Of the store's file, or with `-wal` of the log beside it. */
const bytesOf = (end: '' | '-wal') => fs.statSync(path.join(folder, `${files}.db${end}`)).size

async function acceptMegabytes(megabytes: number): Promise<void> {
  const json = JSON.stringify({ text: 'x'.repeat(10_000) })
  for (let batch = 0; batch < megabytes; batch++) {
    await store.accept(
      Array.from({ length: 100 }, (_, at) =>
        acceptedEvent({ id: `e${batch}-${at}`, json, receivedAt: NOW, deliveries: [] }),
      ),
    )
  }
}

test('the disk gets back what is forgotten: the file is as large as the limit, and its log no larger than it ever may be', async () => {
  await acceptMegabytes(27)
  expect(bytesOf('')).toBeGreaterThan(25_000_000)
  await purgeAll({ ...unlimited, maxBytes: 5_000_000 })
  expect(bytesOf('')).toBeLessThan(5_100_000)
  // and no more goes than has to: events may be so large that few are too many
  expect(bytesOf('')).toBeGreaterThan(4_000_000)
  await store.accept([acceptedEvent({ id: 'next' })])
  expect(bytesOf('-wal')).toBeLessThanOrEqual(4 * 1024 * 1024)
})

test('messages that nobody reads push out neither events nor dead letters, and go by their age', async () => {
  await store.accept([
    acceptedEvent({ id: 'kept', receivedAt: NOW, deliveries: [] }),
    acceptedEvent({ id: 'dead', receivedAt: NOW }),
  ])
  await deliver('dead-lettered', NOW)
  await store.changeMessages(() => {
    for (let at = 0; at < 400; at++) store.messages.send('q', '小'.repeat(10_000), NOW)
  })
  expect(bytesOf('')).toBeGreaterThan(10_000_000)
  expect(await purgeAll({ ...unlimited, maxBytes: 5_000_000 })).toBe(0)
  expect([ids().toSorted(), store.deadLetters.list().length]).toEqual([['dead', 'kept'], 1])
  await store.purge(unlimited, NOW + 4 * DAY + 1)
  expect(store.messages.stock(NOW).filter(({ letters }) => letters === 0)).toEqual([])
})

test('a store of before, whose file could not shrink, is written anew when it is opened', async () => {
  const file = path.join(folder, 'before.db')
  const database = new Database(file)
  database.exec(`${FORMATS.slice(0, 3).join('')} PRAGMA user_version = 3; PRAGMA journal_mode = WAL`)
  const insert = database.prepare(
    "INSERT INTO events (bus, id, source, type, trace_id, received_at, json) VALUES ('b', ?, 's', 't', 'x', ?, ?)",
  )
  database.exec('BEGIN')
  for (let at = 0; at < 1_000; at++) insert.run(`e${at}`, NOW, 'x'.repeat(10_000))
  database.exec('COMMIT; DELETE FROM events WHERE seq > 100')
  database.close()

  const before = openStore(file)
  expect(before.traces.list({}, 10_000)).toHaveLength(100)
  await before.purge({ ...unlimited, maxBytes: 1_000_000 }, NOW)
  expect(fs.statSync(file).size).toBeLessThan(2_000_000)
  before.close()
})

test('another process that has the file open goes on writing after pages were given back', async () => {
  const name = path.join(folder, `${files}.db`)
  const json = JSON.stringify({ id: 'e', data: 'x'.repeat(100_000) })
  await store.accept(Array.from({ length: 30 }, (_, at) => acceptedEvent({ id: `old-${at}`, json })))
  await deliver()
  const checkpoint = () => {
    const database = new Database(name)
    database.pragma('wal_checkpoint(PASSIVE)')
    database.close()
  }
  checkpoint()
  const before = fs.statSync(name).size
  const other = openStore(name)
  await purgeAll(unlimited)
  await store.purge(unlimited, NOW)
  checkpoint()
  expect(fs.statSync(name).size).toBeLessThan(before)
  await other.accept([acceptedEvent({ id: 'after' })])
  expect(ids()).toEqual(['after'])
  other.close()
})
