import { StoreLost } from '../../../../emulator/store/groupCommit'
import { createStoreHealth } from '../../../../emulator/store/storeHealth'

const FILE = '/f/store.db'
const WRITABLE = ' Make /f, and the files in it, writable for this user.'

test.each<[message: string, code: string, advice: string, file: string | undefined]>([
  ['database or disk is full', 'SQLITE_FULL', ' Free some space on the disk of /f.', FILE],
  ['database or disk is full', '', ' Free some space on the disk of /f.', FILE],
  ['attempt to write a readonly database', 'SQLITE_READONLY', WRITABLE, FILE],
  ['unable to open database file: 14', 'SQLITE_CANTOPEN', WRITABLE, FILE],
  ['disk I/O error', 'SQLITE_IOERR', ' Look after the disk of /f.', FILE],
  ['database is locked', 'SQLITE_BUSY', ' Another process is writing to /f/store.db: end it, or wait for it.', FILE],
  ['/f/store.db was removed or replaced', 'lost', '', FILE],
  ['database or disk is full', 'SQLITE_FULL', '', undefined],
])('%s (%s): what to do about it is in the one line', (message, code, advice, file) => {
  const error = code === 'lost' ? new StoreLost(message) : Object.assign(new Error(message), { code })
  const lines: string[] = []
  const health = createStoreHealth((line) => lines.push(line), file)
  health.failed(error)
  health.failed(error)
  expect(lines).toEqual([
    `The event store cannot be written (${message}).${advice} Until it can, events are refused and deliveries wait; it is tried every second.`,
  ])
  health.works()
  expect(lines[1]).toBe('The event store can be written again. Events are accepted, and deliveries go on.')
})
