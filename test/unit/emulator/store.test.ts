import fs from 'node:fs'
import path from 'node:path'
import Database from 'libsql'
import { openStore } from '../../../emulator/store/store'
import { UserError } from '../../../shared/userError'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
const file = (name: string) => path.join(folder, name)

test.each<[string, (name: string) => void, RegExp]>([
  ['garbage', (name) => fs.writeFileSync(name, 'x'.repeat(5000)), /cannot be opened as the event store/],
  [
    'the file of a newer version',
    (name) => {
      const database = new Database(name)
      database.exec('PRAGMA user_version = 99')
      database.close()
    },
    /written by another version \(format 99/,
  ],
])('%s is refused, and left as it is', (title, make, message) => {
  const name = file(title)
  make(name)
  const before = fs.readFileSync(name)
  expect(() => openStore(name)).toThrow(UserError)
  expect(() => openStore(name)).toThrow(message)
  expect(fs.readFileSync(name).equals(before)).toBe(true)
})

test('the newest events come first, each with its deliveries', () => {
  const store = openStore(file('recent'))
  const event = { bus: 'b', source: 's', type: 't', traceId: 'x', receivedAt: 1, json: '{}' }
  store.accept([
    { ...event, id: 'a', deliveries: [] },
    {
      ...event,
      id: 'b',
      deliveries: [
        { rule: 'r', target: '1' },
        { rule: 'r', target: '2' },
      ],
    },
  ])
  expect(store.recent(1).map(({ id }) => id)).toEqual(['b'])
  expect(store.recent(10).map(({ id, deliveries }) => [id, deliveries.map(({ target }) => target)])).toEqual([
    ['b', ['1', '2']],
    ['a', []],
  ])
  store.close()
})
