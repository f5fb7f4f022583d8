import { spawn } from 'node:child_process'
import fs from 'node:fs'
import mysql, { type Connection } from 'mysql2/promise'
import type { DatabaseAddress } from '../../local/database/database'
import { privateFiles, readPrivateSettings } from '../../local/database/privateFiles'
import { findOwnServer, hasEnded, stopOwnServer } from '../../local/database/serverProcess'
import { commandOf, commonArguments, loaderVariables, tryServer } from '../../local/database/serverProgram'
import { connectAsRoot, removeTestServer, startTestServer } from './mariadb'
import { waitFor } from './waitFor'

/** A server of a test's own, to be stopped, frozen, killed and started with other options; always on the same port. */
export interface ControlledServer {
  /** of an empty database, and of a user who may do everything there and nothing elsewhere */
  address: DatabaseAddress
  start(...options: string[]): Promise<void>
  stop(): Promise<void>
  /** SIGSTOP freezes it: it accepts connections and never says a word. SIGCONT lets it go on. */
  signal(name: NodeJS.Signals): Promise<void>
  /** as that user */
  connect(): Promise<Connection>
  /** the administrator, by the socket: let in when nobody else is */
  root(): Promise<Connection>
  remove(): Promise<void>
}

/** Threads stop one after the other: until the last has, one may still answer. */
function isFrozen(pid: number): boolean {
  const tasks = `/proc/${pid}/task`
  if (!fs.existsSync(tasks)) return true
  return fs.readdirSync(tasks).every((task) => /\) T /.test(fs.readFileSync(`${tasks}/${task}/stat`, 'utf8')))
}

const APPLICATION = { user: 'application', password: 'application', database: 'employees' }

export async function controlledServer(): Promise<ControlledServer> {
  const { folder, host, port } = await startTestServer()
  const files = privateFiles(folder)
  const settings = await readPrivateSettings(files)
  const program = settings && (await tryServer(settings.program))
  if (program === undefined) throw new Error('the server program is gone')

  const root = () => connectAsRoot(folder)
  const pid = () => findOwnServer(files)
  const administrator = await root()
  await administrator.query(`CREATE DATABASE ${APPLICATION.database} CHARACTER SET utf8mb4`)
  for (const from of ['127.0.0.1', 'localhost', '%']) {
    await administrator.query(`CREATE USER '${APPLICATION.user}'@'${from}' IDENTIFIED BY '${APPLICATION.password}'`)
    await administrator.query(`GRANT ALL ON ${APPLICATION.database}.* TO '${APPLICATION.user}'@'${from}'`)
  }
  await administrator.end()

  return {
    address: { host, port, ...APPLICATION },
    connect: () => mysql.createConnection({ host, port, ...APPLICATION }),
    root,

    async start(...options) {
      const [command, ...args] = commandOf(program)
      const server = spawn(
        command,
        [
          ...args,
          ...commonArguments(program, files.data),
          '--bind-address=127.0.0.1',
          `--port=${port}`,
          '--socket=server.sock',
          `--pid-file=${files.pid}`,
          '--skip-name-resolve',
          '--skip-log-bin',
          ...options,
        ],
        { stdio: 'ignore', env: loaderVariables(program) },
      )
      await waitFor(async () => {
        if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`)
        return await root().then(
          (connection) => connection.end().then(() => true),
          () => false,
        )
      })
    },

    async stop() {
      const running = await pid()
      if (running !== undefined) await stopOwnServer(running, files)
    },

    async signal(name) {
      const running = await pid()
      if (running === undefined) throw new Error('the server does not run')
      process.kill(running, name)
      if (name === 'SIGKILL') await waitFor(() => hasEnded(running, files))
      if (name === 'SIGSTOP') await waitFor(() => isFrozen(running))
    },

    remove: () => removeTestServer(folder),
  }
}
