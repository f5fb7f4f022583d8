import { StoreLost } from '../../../../emulator/store/groupCommit'
import { createStoreHealth } from '../../../../emulator/store/storeHealth'

const coded = (code: string, message: string) => Object.assign(new Error(message), { name: 'SqliteError', code })

test.each<[Error, file: string | undefined, advice: string]>([
  [coded('SQLITE_FULL', 'database or disk is full'), '/f/store.db', ' Free some space on the disk of /f.'],
  [coded('', 'database or disk is full'), '/f/store.db', ' Free some space on the disk of /f.'],
  [
    coded('SQLITE_READONLY', 'attempt to write a readonly database'),
    '/f/store.db',
    ' Make /f, and the files in it, writable for this user.',
  ],
  [
    coded('SQLITE_CANTOPEN', 'unable to open database file: 14'),
    '/f/store.db',
    ' Make /f, and the files in it, writable for this user.',
  ],
  [coded('SQLITE_IOERR', 'disk I/O error'), '/f/store.db', ' Look after the disk of /f.'],
  [
    coded('SQLITE_BUSY', 'database is locked'),
    '/f/store.db',
    ' Another process is writing to /f/store.db: end it, or wait for it.',
  ],
  [new StoreLost('/f/store.db was removed or replaced'), '/f/store.db', ''],
  [coded('SQLITE_FULL', 'database or disk is full'), undefined, ''],
])('%s: what to do about it is in the one line', (error, file, advice) => {
  const lines: string[] = []
  const health = createStoreHealth((line) => lines.push(line), file)
  health.failed(error)
  health.failed(error)
  expect(lines).toEqual([
    `The event store cannot be written (${error.message}).${advice} Until it can, events are refused and deliveries wait; it is tried every second.`,
  ])
  health.works()
  expect(lines[1]).toBe('The event store can be written again. Events are accepted, and deliveries go on.')
})
