import fs from 'node:fs'
import path from 'node:path'
import Database from 'libsql'
import { withLocalStore } from '../../../../cli/replay/fromStore'
import { openStore } from '../../../../emulator/store/store'
import { UserError } from '../../../../shared/userError'
import { temporaryFolder } from '../../../support/temporaryFolder'

const empty = temporaryFolder()
const folder = temporaryFolder()

/** The folder of a local stack that has received nothing yet. */
function stackFolder(): { localDir: string; file: string } {
  const localDir = fs.mkdtempSync(path.join(folder, 'stack-'))
  const file = path.join(localDir, 'eventbridge', 'store.db')
  openStore(file).close()
  return { localDir, file }
}

const damage = (file: string) => {
  const database = new Database(file)
  database.exec('DROP TABLE dead_letters')
  database.close()
}

test('no store', async () => {
  await expect(withLocalStore(empty, async () => {})).rejects.toThrow('The local stack has no events yet.')
})

test('an error that is not the store’s is left as it is', async () => {
  const { localDir } = stackFolder()
  const error = new UserError('no')
  await expect(withLocalStore(localDir, () => Promise.reject(error))).rejects.toBe(error)
})

test('a store that cannot be read, and then not even opened, is named', async () => {
  const { localDir, file } = stackFolder()
  const read = () =>
    withLocalStore(localDir, async (store) => {
      damage(file)
      store.deadLetters.list()
    })
  for (let round = 0; round < 2; round++) {
    const failure = await read().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(UserError)
    expect(String(failure)).toContain(`The event store ${file} cannot be used (SQLITE_`)
  }
})
