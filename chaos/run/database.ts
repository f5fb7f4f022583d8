import { setTimeout as sleep } from 'node:timers/promises'
import mysql, { type Connection } from 'mysql2/promise'
import { privateFiles, readPrivateSettings } from '../../local/database/privateFiles'
import { findOwnServer } from '../../local/database/serverProcess'

const CONNECT_MS = 5_000
/** More than the server has been told to take. */
const HELD = 14

/** The stack's private server, as its administrator and its machine see it. */
export function databaseOf(folder: string) {
  const files = privateFiles(folder)

  async function pid(): Promise<number> {
    for (;;) {
      const found = await findOwnServer(files)
      if (found !== undefined) return found
      await sleep(50)
    }
  }

  async function connect(user: 'root' | 'dingtalk'): Promise<Connection> {
    const settings = await readPrivateSettings(files)
    const who =
      user === 'root'
        ? { socketPath: `${files.data}/server.sock`, user, password: settings?.rootPassword ?? '' }
        : {
            host: '127.0.0.1',
            port: settings?.port ?? 0,
            user,
            password: settings?.password ?? '',
            database: 'dingtalk',
          }
    return await mysql.createConnection({ ...who, connectTimeout: CONNECT_MS, dateStrings: true, timezone: 'Z' })
  }

  /** What it says as administrator, again and again until it is heard: the server may be about to come up. */
  async function asRoot(statements: readonly string[]): Promise<void> {
    for (;;) {
      try {
        const root = await connect('root')
        try {
          for (const statement of statements) await root.query(statement)
          return
        } finally {
          root.destroy()
        }
      } catch {
        await sleep(200)
      }
    }
  }

  return {
    pid,
    connect,
    asRoot,
    async signal(name: NodeJS.Signals): Promise<void> {
      try {
        process.kill(await pid(), name)
      } catch {
        // it has ended by itself
      }
    },
    /** Takes every connection that there is, after the functions' own are ended. @returns what gives them back */
    async exhaust(): Promise<() => Promise<void>> {
      await asRoot(['SET GLOBAL max_connections = 10'])
      const held = await hold()
      await endOthers(held.map(({ threadId }) => threadId))
      // what has become free is taken, too
      held.push(...(await hold()))
      return async () => {
        for (const one of held) one.destroy()
        await asRoot(['SET GLOBAL max_connections = 151'])
      }
    },
  }

  async function hold(): Promise<Connection[]> {
    const held: Connection[] = []
    for (let tries = 0; tries < HELD; tries++) {
      const one = await connect('dingtalk').catch(() => undefined)
      // whoever restarts the server ends it
      one?.on('error', () => {})
      if (one !== undefined) held.push(one)
    }
    return held
  }

  async function endOthers(mine: readonly (number | null)[]): Promise<void> {
    // there is one more connection for an administrator
    const root = await connect('root').catch(() => undefined)
    if (root === undefined) return
    const [rows] = await root.query("SELECT id FROM information_schema.processlist WHERE user = 'dingtalk'")
    for (const { id } of rows as { id: number }[]) {
      if (!mine.includes(id)) await root.query(`KILL ${id}`).catch(() => {})
    }
    root.destroy()
  }
}

export type ChaosDatabase = ReturnType<typeof databaseOf>
