import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import mysql from 'mysql2/promise'
import type { Database, DatabaseAddress } from '../../local/database/database'
import { makeDataDirectory } from '../../local/database/dataDirectory'
import {
  makePrivateSettings,
  type PrivateFiles,
  privateFiles,
  readPrivateSettings,
} from '../../local/database/privateFiles'
import { startPrivateServer } from '../../local/database/privateServer'
import { findOwnServer, hasEnded } from '../../local/database/serverProcess'
import type { ServerProgram } from '../../local/database/serverProgram'
import { unpackedMysql } from '../mysql/fetchMysql'
import { otherThreads } from './serverThreads'
import { waitFor } from './waitFor'

/** The server programs are shared with `npm start`: fetched once, if the machine has none. */
export const PACKAGES_DIR = path.join(__dirname, '../../.local/mariadb')

/** With the pid of the test run, so that a later run can clear away what a killed one left. */
const FOLDER_NAME = /^dt-test-(\d+)-/

export interface TestServer extends DatabaseAddress {
  folder: string
}

/**
 * A throw-away server in the temporary directory, on which the user may do everything: MariaDB, or under
 * `npm run test:mysql` the MySQL that it unpacked.
 */
export async function startTestServer(): Promise<TestServer> {
  await removeAbandonedServers()
  const folder = await makeFolder()
  const { host, port, user, password, database } = await startServer(folder)
  const root = await connectAsRoot(folder)
  await root.query("GRANT ALL ON *.* TO 'dingtalk'@'127.0.0.1' WITH GRANT OPTION")
  await root.end()
  return { host, port, user, password, database, folder }
}

async function startServer(dataDir: string): Promise<Database> {
  const program = mysqlProgram()
  if (program !== undefined) await prepareMysqlData(program, dataDir)
  return startPrivateServer({
    env: { PATH: process.env['PATH'] },
    dataDir,
    packagesDir: PACKAGES_DIR,
    report() {},
    ...(program && { programs: () => only(program) }),
  })
}

function mysqlProgram(): ServerProgram | undefined {
  const packagesDir = process.env['TEST_MYSQL_PACKAGES']
  return packagesDir ? unpackedMysql(packagesDir) : undefined
}

/** Under `npm run test:mysql`, a local stack finds data of MySQL's in its folder, and goes on with the program that made it. */
export async function prepareStackDatabase(localDir: string): Promise<void> {
  const program = mysqlProgram()
  const dataDir = path.join(localDir, 'database')
  if (program !== undefined && !existsSync(dataDir)) await prepareMysqlData(program, dataDir)
}

/** As a first start leaves it: it takes MySQL four seconds, so a whole test run has it made once and copies it. */
async function prepareMysqlData(program: ServerProgram, dataDir: string): Promise<void> {
  const files = privateFiles(dataDir)
  await mkdir(files.folder, { recursive: true, mode: 0o700 })
  const made = process.env['TEST_MYSQL_DATA_FOLDER']
  if (made) await cp(privateFiles(made).data, files.data, { recursive: true })
  else await makeMysqlData(program, files)
  await makePrivateSettings(files, program)
}

async function makeMysqlData(program: ServerProgram, files: PrivateFiles): Promise<void> {
  const { partial } = await makeDataDirectory(files, only(program), () => {})
  await rename(partial, files.data)
}

/** @returns a folder for TEST_MYSQL_DATA_FOLDER, to be removed after the run; undefined where its servers are MariaDB's */
export async function makeDataOfRun(): Promise<string | undefined> {
  const program = mysqlProgram()
  if (program === undefined) return undefined
  const folder = await makeFolder()
  await makeMysqlData(program, privateFiles(folder))
  return folder
}

async function* only(program: ServerProgram): AsyncGenerator<ServerProgram> {
  yield await Promise.resolve(program)
}

function makeFolder(): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), `dt-test-${process.pid}-`))
}

/** By force: its data go with it. */
export async function removeTestServer(folder: string): Promise<void> {
  const files = privateFiles(folder)
  const pid = await findOwnServer(files)
  if (pid !== undefined) {
    process.kill(pid, 'SIGKILL')
    await waitFor(() => hasEnded(pid, files))
  }
  await rm(folder, { recursive: true, force: true })
}

/** As the administrator of a private server, whom only the socket lets in. */
export async function connectAsRoot(folder: string): Promise<mysql.Connection> {
  const files = privateFiles(folder)
  const password = (await readPrivateSettings(files))?.rootPassword ?? ''
  return await mysql.createConnection({ socketPath: path.join(files.data, 'server.sock'), user: 'root', password })
}

/** The server of this test run: the one that jest's globalSetup started, or the one that TEST_MYSQL_* names. */
export function testServer(): DatabaseAddress {
  const { TEST_MYSQL_HOST, TEST_MYSQL_PORT, TEST_MYSQL_USER, TEST_MYSQL_PASSWORD } = process.env
  return {
    host: TEST_MYSQL_HOST ?? '127.0.0.1',
    port: Number(TEST_MYSQL_PORT ?? 3306),
    user: TEST_MYSQL_USER ?? 'root',
    password: TEST_MYSQL_PASSWORD ?? '',
    database: 'mysql',
  }
}

/** An empty database of a test file's own; `dropTestSchema` removes it afterwards. */
export async function createTestSchema(server = testServer()): Promise<DatabaseAddress> {
  const database = `test_${randomBytes(6).toString('hex')}`
  await onServer(server, (connection) => connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`))
  return { ...server, database }
}

export async function dropTestSchema(schema: DatabaseAddress): Promise<void> {
  await onServer(schema, async (connection) => {
    // of a test that failed: they would hold the database, and after it jest's process
    for (const { id, database } of await otherThreads(connection)) {
      // one may have ended in the meantime
      if (database === schema.database) await connection.query(`KILL ${id}`).catch(() => {})
    }
    await connection.query(`DROP DATABASE IF EXISTS ${schema.database}`)
  })
}

async function onServer(
  { host, port, user, password }: DatabaseAddress,
  work: (connection: mysql.Connection) => Promise<unknown>,
): Promise<void> {
  const connection = await mysql.createConnection({ host, port, user, password })
  try {
    await work(connection)
  } finally {
    await connection.end()
  }
}

/** jest ends at a Ctrl-C without its globalTeardown. */
async function removeAbandonedServers(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    const pid = FOLDER_NAME.exec(name)?.[1]
    if (pid === undefined || isRunning(Number(pid))) continue
    const folder = path.join(os.tmpdir(), name)
    if ((await stat(folder)).uid === process.getuid?.()) await removeTestServer(folder)
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
