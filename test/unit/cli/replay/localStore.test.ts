import path from 'node:path'
import Database from 'libsql'
import { withLocalStore } from '../../../../cli/replay/fromStore'
import { openStore } from '../../../../emulator/store/store'
import { UserError } from '../../../../shared/userError'
import { temporaryFolder } from '../../../support/temporaryFolder'

const empty = temporaryFolder()
const localDir = temporaryFolder()
const file = path.join(localDir, 'eventbridge', 'store.db')

const damage = () => {
  const database = new Database(file)
  database.exec('DROP TABLE dead_letters')
  database.close()
}

test('no store', async () => {
  await expect(withLocalStore(empty, async () => {})).rejects.toThrow('The local stack has no events yet.')
})

test('an error that is not the store’s is left as it is', async () => {
  openStore(file).close()
  const error = new UserError('no')
  await expect(withLocalStore(localDir, () => Promise.reject(error))).rejects.toBe(error)
})

test('a store that cannot be read, and then not even opened, is named', async () => {
  openStore(file).close()
  const read = () =>
    withLocalStore(localDir, async (store) => {
      damage()
      store.deadLetters.list()
    })
  for (let round = 0; round < 2; round++) {
    const failure = await read().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(UserError)
    expect(String(failure)).toContain(`The event store ${file} cannot be used (SQLITE_`)
  }
})
