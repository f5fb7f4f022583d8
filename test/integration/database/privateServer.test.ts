import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import mysql, { type RowDataPacket } from 'mysql2/promise'
import type { Database, DatabaseAddress } from '../../../local/database/database'
import { privateFiles } from '../../../local/database/privateFiles'
import { hasEnded } from '../../../local/database/serverProcess'
import { startDatabase } from '../../../local/database/startDatabase'
import { databaseProcess } from '../../support/databaseProcess'
import { connectAsRoot, PACKAGES_DIR } from '../../support/mariadb'
import { story } from '../../support/story'
import { temporaryFolder } from '../../support/temporaryFolder'
import { waitFor } from '../../support/waitFor'

/** Longer than a socket's path may be, with a blank: projects lie in such places. */
const dataDir = path.join(temporaryFolder(), 'a project'.padEnd(120, '-'), '.local/database')
const files = privateFiles(dataDir)

const otherDir = path.join(temporaryFolder(), 'database')

const progress: string[] = []
const startIn = (folder: string) => {
  progress.length = 0
  return startDatabase({
    env: { PATH: process.env['PATH'], WEBHOOK_TOKEN: 'of-the-shell' },
    external: false,
    dataDir: folder,
    packagesDir: PACKAGES_DIR,
    report: (line) => progress.push(line),
  })
}
const start = () => startIn(dataDir)

const pidInFile = () => Number(fs.readFileSync(files.pid, 'utf8'))

async function query(address: DatabaseAddress, sql: string): Promise<RowDataPacket[]> {
  const { host, port, user, password, database } = address
  const connection = await mysql.createConnection({ host, port, user, password, database })
  const [rows] = await connection.query<RowDataPacket[]>(sql)
  await connection.end()
  return rows
}

describe('a private server', () => {
  const step = story()
  let database: Database
  afterAll(async () => {
    await (await start()).stop()
  })

  step('is made from nothing on an empty folder', async () => {
    database = await start()
    const [row] = await query(database, 'SELECT VERSION() AS version, DATABASE() AS db, @@time_zone AS zone')
    expect(row).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+/), db: 'dingtalk', zone: '+00:00' })
    expect(database).toMatchObject({ host: '127.0.0.1', user: 'dingtalk', database: 'dingtalk' })
    expect(database.password).toMatch(/^[\w-]{24}$/)
    expect(database.description).toBe(`${nameOf(row?.['version'])} (private, 127.0.0.1:${database.port})`)
    expect(progress.at(-1)).toMatch(/^starting (MariaDB|MySQL) …$/)
    await query(database, 'CREATE TABLE kept (name VARCHAR(20))')
    await query(database, "INSERT INTO kept VALUES ('王小明 😀')")
  })

  step('keeps its folder closed to others, and its passwords to itself', () => {
    expect(fs.statSync(dataDir).mode & 0o777).toBe(0o700)
    expect(fs.statSync(files.data).mode & 0o777).toBe(0o700)
    expect(fs.statSync(files.settings).mode & 0o777).toBe(0o600)
    expect(fs.existsSync(files.accounts)).toBe(false)
  })

  step('lets nobody in but dingtalk, and root by the socket', async () => {
    const folder = fs.mkdtempSync('/tmp/dt-')
    const short = path.join(folder, 'd')
    fs.symlinkSync(dataDir, short) // mysql2 needs a path that a socket may have
    const root = await connectAsRoot(short)
    const [users] = await root.query<RowDataPacket[]>('SELECT user, host FROM mysql.user ORDER BY user, host')
    const [schemas] = await root.query<RowDataPacket[]>('SHOW DATABASES')
    await root.end()
    fs.rmSync(folder, { recursive: true })
    const names = users.map((row) => `${row['user'] ?? row['User']}@${row['host'] ?? row['Host']}`)
    expect(names.filter((name) => !/^(mariadb|mysql)\./.test(name))).toEqual([
      'dingtalk@127.0.0.1',
      'dingtalk@localhost',
      'root@localhost',
    ])
    expect(schemas.map((row) => row['Database'])).not.toContain('test')
    await expect(query({ ...database, user: 'root', password: '' }, 'SELECT 1')).rejects.toThrow()
    await expect(query({ ...database, user: '', password: '' }, 'SELECT 1')).rejects.toThrow()
    await expect(query({ ...database, database: 'mysql' }, 'SELECT 1')).rejects.toThrow()
  })

  step('knows nothing of the shell and listens on loopback alone', async () => {
    const [row] = await query(database, 'SELECT @@bind_address AS address')
    expect(row).toEqual({ address: '127.0.0.1' })
    if (process.platform !== 'linux') return
    expect(fs.readFileSync(`/proc/${pidInFile()}/environ`, 'utf8')).not.toContain('of-the-shell')
  })

  step('is gone once stopped, however often, with its socket and its pid file', async () => {
    const pid = pidInFile()
    await Promise.all([database.stop(), database.stop()])
    await database.stop()
    expect(await hasEnded(pid, files)).toBe(true)
    expect(fs.existsSync(path.join(files.data, 'server.sock'))).toBe(false)
    expect(fs.existsSync(files.pid)).toBe(false)
    await expect(query(database, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  step('has its rows, its port and its password again at the next start', async () => {
    const before = database
    fs.chmodSync(dataDir, 0o755)
    database = await start()
    expect(progress).toEqual([expect.stringMatching(/^starting /)])
    expect(fs.statSync(dataDir).mode & 0o777).toBe(0o700)
    expect(database).toMatchObject({ port: before.port, password: before.password })
    expect(await query(database, 'SELECT * FROM kept')).toEqual([{ name: '王小明 😀' }])
  })

  step('takes another port when someone else has taken its own', async () => {
    const { port } = database
    await database.stop()
    const other = net.createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    database = await start()
    other.close()
    expect(database.port).not.toBe(port)
    expect(await query(database, 'SELECT * FROM kept')).toHaveLength(1)
  })

  step('makes its accounts anew when the file with its passwords is lost', async () => {
    await database.stop()
    fs.rmSync(files.settings)
    const before = database
    database = await start()
    expect(database.password).not.toBe(before.password)
    expect(await query(database, 'SELECT * FROM kept')).toHaveLength(1)
    await database.stop()
  })
})

describe('after a kill', () => {
  beforeAll(async () => {
    const database = await start()
    await query(database, 'CREATE TABLE committed (name VARCHAR(20))')
    await query(database, "INSERT INTO committed VALUES ('before')")
    await database.stop()
  })

  test.each<[string, (pid: number) => void]>([
    ['kill -9', (pid) => process.kill(pid, 'SIGKILL')],
    ['a signal to the whole process group, as of a terminal', (pid) => process.kill(-pid, 'SIGTERM')],
  ])('by %s, the server runs on and is adopted as it is', async (_, kill) => {
    const child = databaseProcess([dataDir, PACKAGES_DIR, 'stay'])
    await child.printed('ready: ')
    const pid = pidInFile()
    kill(child.process.pid ?? 0)
    await child.ended()

    const database = await start()
    expect(progress).toEqual([])
    expect(pidInFile()).toBe(pid)
    expect(await query(database, "SELECT * FROM committed WHERE name = 'before'")).toEqual([{ name: 'before' }])
    await database.stop()
    expect(await hasEnded(pid, files)).toBe(true)
  })

  test('of the server itself, the next start recovers what was committed', async () => {
    const database = await start()
    await query(database, "INSERT INTO committed VALUES ('and then')")
    const pid = pidInFile()
    process.kill(pid, 'SIGKILL')
    await waitFor(() => hasEnded(pid, files))
    await database.stop()

    const next = await start()
    expect(await query(next, 'SELECT * FROM committed')).toEqual([{ name: 'before' }, { name: 'and then' }])
    await next.stop()
  })

  test('a server that hangs is replaced', async () => {
    await start()
    const pid = pidInFile()
    process.kill(pid, 'SIGSTOP')

    const database = await start()
    expect(progress[0]).toMatch(/does not answer/)
    expect(pidInFile()).not.toBe(pid)
    expect(await hasEnded(pid, files)).toBe(true)
    expect(await query(database, 'SELECT * FROM committed')).toContainEqual({ name: 'before' })
    await database.stop()
  })

  test('a server that stops, and has removed its pid file, is waited for', async () => {
    await start()
    const pid = pidInFile()
    fs.rmSync(files.pid)

    const starting = start()
    await waitFor(() => fs.existsSync(files.pid) && pidInFile() > 0)
    process.kill(pid, 'SIGTERM')
    const database = await starting
    expect(pidInFile()).not.toBe(pid)
    expect(await query(database, 'SELECT * FROM committed')).toContainEqual({ name: 'before' })
    await database.stop()
  })

  test('that was launched, and has not noted its pid yet, is waited for', async () => {
    const database = await start()
    const pid = fs.readFileSync(files.pid)
    fs.writeFileSync(files.pid, 'launched\n')
    const leftover = path.join(dataDir, 'data.stale.partial')
    fs.mkdirSync(leftover)

    const starting = start()
    await waitFor(() => !fs.existsSync(leftover))
    fs.writeFileSync(files.pid, pid)
    expect(await starting).toMatchObject({ port: database.port })
    expect(pidInFile()).toBe(Number(pid))
    await database.stop()
  })

  test('a pid file that names an innocent process harms neither', async () => {
    const innocent = spawn('sleep', ['600'])
    try {
      fs.writeFileSync(files.pid, `${innocent.pid}\n`)
      const database = await start()
      expect(pidInFile()).not.toBe(innocent.pid)
      await database.stop()
      expect(innocent).toMatchObject({ exitCode: null, signalCode: null })
    } finally {
      innocent.kill()
    }
  })

  test('a pid file that names the server of another folder leaves that server alone', async () => {
    const other = await startIn(otherDir)
    fs.copyFileSync(privateFiles(otherDir).pid, files.pid)
    const database = await start()
    await database.stop()
    expect(await query(other, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await other.stop()
  })
})

describe('the first start, killed', () => {
  test.each([
    ['before it knows a server', ''],
    ['while the data directory is made', 'preparing a new data directory'],
    ['while the server starts', 'starting '],
  ])('%s, leaves nothing that hinders the next', async (_, progressLine) => {
    const folder = path.join(otherDir, progressLine.length.toString())
    const child = databaseProcess([folder, PACKAGES_DIR, 'stay'])
    await child.printed(progressLine)
    child.process.kill('SIGKILL')
    await child.ended()
    fs.mkdirSync(path.join(folder, 'data.stale.partial'), { recursive: true })
    const wasComplete = fs.existsSync(privateFiles(folder).data)

    const database = await startIn(folder)
    expect(await query(database, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await database.stop()
    await expect(query(database, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    // MySQL, which takes long, may still be at its own when we remove the rest
    const names = fs.readdirSync(folder).filter((name) => !/\.[\w-]{36}\.partial$/.test(name))
    expect(names.sort()).toEqual(['data', 'server.log', 'settings.json'])
    expect(wasComplete).toBe(progressLine === 'starting ')
  })
})

test('a running database does not keep its process from ending', async () => {
  const child = databaseProcess([dataDir, PACKAGES_DIR])
  try {
    await child.printed('ready: ')
    await waitFor(() => child.process.exitCode === 0)
  } finally {
    child.process.kill('SIGKILL')
  }
  const database = await start()
  expect(progress).toEqual([])
  await database.stop()
})

function nameOf(version: unknown): string {
  const [number] = String(version).split('-')
  return `${String(version).includes('MariaDB') ? 'MariaDB' : 'MySQL'} ${number}`
}
