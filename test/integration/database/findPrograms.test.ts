import fs from 'node:fs'
import path from 'node:path'
import { makeDataDirectory } from '../../../local/database/dataDirectory'
import { privateFiles } from '../../../local/database/privateFiles'
import { startDatabase } from '../../../local/database/startDatabase'
import { fakeServer } from '../../support/fakeServer'
import { PACKAGES_DIR } from '../../support/mariadb'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = fs.realpathSync(temporaryFolder())
/** MySQL under a name that is tried first; as on Ubuntu, where AppArmor lets it write in /var/lib/mysql only. */
const refusing = fakeServer(path.join(folder, 'bin/mariadbd'), 'mysqld  Ver 8.0.36 for Linux on x86_64')

const progress: string[] = []
const startIn = (dataDir: string) => {
  progress.length = 0
  return startDatabase({
    env: { PATH: `${path.dirname(refusing)}:${process.env['PATH']}` },
    external: false,
    dataDir,
    packagesDir: PACKAGES_DIR,
    report: (line) => progress.push(line),
  })
}

test('a program that cannot make a data directory is passed over, and not tried again at the next start', async () => {
  const dataDir = path.join(folder, 'passed-over')
  await (await startIn(dataDir)).stop()
  expect(progress).toContain(
    `${refusing} cannot make a data directory: 2026-11-24  3:00:00 0 [ERROR] mysqld: Permission denied.`,
  )

  await (await startIn(dataDir)).stop()
  expect(progress).toEqual([expect.stringMatching(/^starting /)])
})

test('when no program can, the error tells what each said', async () => {
  const files = privateFiles(fs.mkdtempSync(path.join(folder, 'none-')))
  async function* programs() {
    yield await Promise.resolve({ binary: refusing, libraryDirs: [], flavour: 'MySQL' as const })
  }
  await expect(makeDataDirectory(files, programs(), () => {})).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/bin\/mariadbd cannot make a data directory: .*Permission denied.*MYSQL_HOST/),
  })
})

test('data that the server refuses is an error with the log and its reason, and no process stays', async () => {
  const files = privateFiles(path.join(folder, 'damaged'))
  fs.mkdirSync(files.data, { recursive: true })
  fs.writeFileSync(path.join(files.data, 'aria_log_control'), 'damaged')
  const error: unknown = await startIn(files.folder).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'UserError', message: expect.stringMatching(/did not come up: .*ERROR/) })
  expect(String(error)).toContain(`(log: ${files.log})`)
  expect(fs.existsSync(files.pid) && fs.existsSync(`/proc/${fs.readFileSync(files.pid, 'utf8').trim()}`)).toBe(false)
})

test("MySQL's data is not given to MariaDB", async () => {
  const files = privateFiles(path.join(folder, 'oracle'))
  fs.mkdirSync(files.data, { recursive: true })
  fs.writeFileSync(path.join(files.data, 'mysql.ibd'), '')
  await expect(startIn(files.folder)).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringContaining(files.folder),
  })
  expect(fs.readdirSync(files.data)).toEqual(['mysql.ibd'])
})
