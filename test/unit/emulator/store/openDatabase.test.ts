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
])('%s is refused, and left as it is', async (title, make, message) => {
  const name = file(title)
  await make(name)
  const before = fs.readFileSync(name)
  expect(() => openStore(name)).toThrow(UserError)
  expect(() => openStore(name)).toThrow(message)
  expect(fs.readFileSync(name).equals(before)).toBe(true)
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
