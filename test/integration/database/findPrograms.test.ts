import fs from 'node:fs'
import path from 'node:path'
import { makeDataDirectory } from '../../../local/database/dataDirectory'
import { findPrograms } from '../../../local/database/findPrograms'
import { privateFiles } from '../../../local/database/privateFiles'
import { startDatabase } from '../../../local/database/startDatabase'
import { fakeServer } from '../../support/fakeServer'
import { PACKAGES_DIR } from '../../support/mariadb'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = fs.realpathSync(temporaryFolder())
/** As where AppArmor lets the installed server write in its own folder only; the first of all, being on the PATH. */
const refusing = fakeServer(path.join(folder, 'bin/mariadbd'), 'mariadbd  Ver 10.11.19-MariaDB for Linux on x86_64')
fs.mkdirSync(path.join(folder, 'share'))
fs.writeFileSync(path.join(folder, 'share/mysql_system_tables.sql'), '')

const progress: string[] = []
const optionsFor = (dataDir: string, PATH = process.env['PATH']) => {
  progress.length = 0
  const report = (line: string) => progress.push(line)
  return { env: { PATH }, external: false, dataDir, packagesDir: PACKAGES_DIR, report }
}

test('a program that cannot make a data directory is passed over, and not tried again at the next start', async () => {
  const dataDir = path.join(folder, 'passed-over')
  const PATH = `${path.dirname(refusing)}:${process.env['PATH']}`
  await (await startDatabase(optionsFor(dataDir, PATH))).stop()
  expect(progress).toContain(
    `${refusing} cannot make a data directory: 2026-11-24  3:00:00 0 [ERROR] mysqld: Permission denied.`,
  )

  await (await startDatabase(optionsFor(dataDir, PATH))).stop()
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

test('data that the server refuses is an error with the log and its reason', async () => {
  const files = privateFiles(path.join(folder, 'damaged'))
  fs.mkdirSync(files.data, { recursive: true })
  fs.writeFileSync(path.join(files.data, 'aria_log_control'), 'damaged')
  const error: unknown = await startDatabase(optionsFor(files.folder)).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'UserError', message: expect.stringMatching(/did not come up: .*ERROR/) })
  expect(String(error)).toContain(`(log: ${files.log}). Move ${files.folder} away to begin with an empty one, or`)
})

test("MySQL's data is given to no MariaDB, though one is here", async () => {
  for await (const program of findPrograms(optionsFor(folder), { flavour: 'MySQL' })) {
    expect(program.flavour).toBe('MySQL')
  }
  const files = privateFiles(path.join(folder, 'oracle'))
  fs.mkdirSync(files.data, { recursive: true })
  fs.writeFileSync(path.join(files.data, 'mysql.ibd'), '')
  const starting = startDatabase(optionsFor(files.folder))
  await expect(starting).rejects.toThrow(/was made by MySQL, which is not here any more|mysqld did not come up/)
})
