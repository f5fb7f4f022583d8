import { randomBytes, randomInt } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import type { Candidate } from './serverProgram'

/** The files of a private server. */
export interface PrivateFiles {
  folder: string
  /** the server's own data directory; it is there only when it is complete */
  data: string
  pid: string
  log: string
  settings: string
  /** SQL that makes the accounts, there until a server has run it */
  accounts: string
}

/** The files of the private server whose folder is this one. */
export function privateFiles(dataDir: string): PrivateFiles {
  const folder = path.resolve(dataDir)
  return {
    folder,
    data: path.join(folder, 'data'),
    pid: path.join(folder, 'server.pid'),
    log: path.join(folder, 'server.log'),
    settings: path.join(folder, 'settings.json'),
    accounts: path.join(folder, 'accounts.sql'),
  }
}

/** What a private server keeps from run to run besides its data. */
export interface PrivateSettings {
  port: number
  password: string
  rootPassword: string
  /** the program that made the data directory */
  program: Candidate
}

/** The settings of an earlier run, if they can be read. */
export async function readPrivateSettings(files: PrivateFiles): Promise<PrivateSettings | undefined> {
  return await readFile(files.settings, 'utf8')
    .then((text) => JSON.parse(text) as PrivateSettings)
    .catch(() => undefined)
}

/** The accounts of the private server. root is `localhost` alone, which with --skip-name-resolve is the socket alone. */
const ACCOUNTS = [
  { user: "'dingtalk'@'127.0.0.1'", password: 'password', on: 'dingtalk.*', option: '' },
  { user: "'dingtalk'@'localhost'", password: 'password', on: 'dingtalk.*', option: '' },
  { user: "'root'@'localhost'", password: 'rootPassword', on: '*.*', option: ' WITH GRANT OPTION' },
] as const

/**
 * New passwords. The SQL that sets them is written first and stays until a server has run it, so that a kill at any
 * moment leaves no server with other passwords than those we keep.
 */
export async function makePrivateSettings(files: PrivateFiles, program: Candidate): Promise<PrivateSettings> {
  const makePassword = () => randomBytes(18).toString('base64url') // needs no escape in SQL, a shell or a URL
  const settings = {
    port: await chooseFreePort(),
    password: makePassword(),
    rootPassword: makePassword(),
    program: {
      binary: program.binary,
      libraryDirs: program.libraryDirs,
      ...(program.loader !== undefined && { loader: program.loader }),
    },
  }
  const statements = ACCOUNTS.flatMap(({ user, password, on, option }) => [
    `CREATE USER IF NOT EXISTS ${user} IDENTIFIED BY '${settings[password]}';`,
    `ALTER USER ${user} IDENTIFIED BY '${settings[password]}';`,
    `GRANT ALL ON ${on} TO ${user}${option};`,
  ])
  await writeFile(files.accounts, `${statements.join('\n')}\n`, { mode: 0o600 })
  await saveSettings(files, settings)
  return settings
}

/** The port of the earlier runs while nobody else has taken it. */
export async function keepFreePort(files: PrivateFiles, settings: PrivateSettings): Promise<PrivateSettings> {
  if (await isFree(settings.port)) return settings
  const moved = { ...settings, port: await chooseFreePort() }
  await saveSettings(files, moved)
  return moved
}

async function saveSettings(files: PrivateFiles, settings: PrivateSettings): Promise<void> {
  const partial = `${files.settings}.partial`
  await writeFile(partial, JSON.stringify(settings), { mode: 0o600 })
  await rename(partial, files.settings)
}

/** Below the ports that Linux (32768 and up) and macOS (49152 and up) give to outgoing connections. */
async function chooseFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
