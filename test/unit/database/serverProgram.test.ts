import fs from 'node:fs'
import path from 'node:path'
import { installedServers } from '../../../local/database/findPrograms'
import { tryServer } from '../../../local/database/serverProgram'
import { fakeServer } from '../../support/fakeServer'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = fs.realpathSync(temporaryFolder())
const MARIADB = 'mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)'
const MYSQL = 'mysqld  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)'

const tryBinary = (binary: string) => tryServer({ binary, libraryDirs: [] })

function writeSql(file: string): string {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, '')
  return file
}

describe('a server program', () => {
  test.each([
    ['share/mysql/mysql_system_tables.sql', 'Debian 12'],
    ['share/mariadb/mariadb_system_tables.sql', 'since MariaDB 11'],
    ['share/mysql_system_tables.sql', "MariaDB's own archives"],
  ])('of MariaDB brings %s (%s)', async (name) => {
    const prefix = path.join(folder, name.replaceAll('/', '-'))
    const binary = fakeServer(path.join(prefix, 'sbin/mariadbd'), MARIADB)
    const systemTables = writeSql(path.join(prefix, name))
    expect(await tryBinary(binary)).toEqual({ binary, libraryDirs: [], flavour: 'MariaDB', systemTables })
  })

  test('of MySQL brings everything inside', async () => {
    const binary = fakeServer(path.join(folder, 'oracle/mysqld'), MYSQL)
    expect(await tryBinary(binary)).toEqual({ binary, libraryDirs: [], flavour: 'MySQL' })
  })

  test('that is a link is looked at where it lies', async () => {
    const binary = fakeServer(path.join(folder, 'cellar/bin/mariadbd'), MARIADB)
    const systemTables = writeSql(path.join(folder, 'cellar/share/mysql/mysql_system_tables.sql'))
    const link = path.join(folder, 'mysqld')
    fs.symlinkSync(binary, link)
    expect(await tryBinary(link)).toMatchObject({ binary, flavour: 'MariaDB', systemTables })
  })

  test.each<[string, (file: string) => unknown]>([
    ['is not there', () => {}],
    ['is MariaDB without its SQL files', (file) => fakeServer(file, MARIADB)],
    ['is half a file', (file) => fs.writeFileSync(file, 'half', { mode: 0o755 })],
    ['may not be executed', (file) => fs.writeFileSync(file, '', { mode: 0o644 })],
    ['ends with an error', (file) => fs.writeFileSync(file, '#!/bin/sh\nexit 127\n', { mode: 0o755 })],
  ])('that %s is none', async (_, make) => {
    const file = path.join(fs.mkdtempSync(path.join(folder, 'bad-')), 'mariadbd')
    make(file)
    expect(await tryBinary(file)).toBeUndefined()
  })
})

test("every place is searched for MariaDB before any is for MySQL, the PATH's first", async () => {
  const binaries = (await installedServers('/first:relative::/usr/sbin')).map(({ binary }) => binary)
  expect(binaries.slice(0, 2)).toEqual(['/first/mariadbd', '/usr/sbin/mariadbd'])
  expect(binaries.filter((binary) => binary === '/usr/sbin/mariadbd')).toHaveLength(1)
  expect(binaries.every((binary) => path.isAbsolute(binary))).toBe(true)
  const names = binaries.map((binary) => path.basename(binary))
  expect(names.lastIndexOf('mariadbd')).toBeLessThan(names.indexOf('mysqld'))
})
