import fs from 'node:fs'
import path from 'node:path'
import Database from 'libsql'
import { errorCode, errorMessage } from '../../shared/errorCode'
import { rememberFiles } from '../../shared/rememberFiles'
import { UserError } from '../../shared/userError'
import { listen, type Origin } from '../gateway/origin'
import { LOCAL_ACCOUNT } from '../project/account'
import type { Settings } from '../project/settings'
import { removeEnvFile, writeEnvFile } from './envFile'
import { storeFile } from './localEventBridge'
import type { UndoSteps } from './undoSteps'

/** A folder and a port that are this process's alone. */
interface Ground {
  origin: Origin
  /** Writes LOCAL_DIR/env, by which others find what runs here: once it is ready. */
  announce(values: Readonly<Record<string, string>>): void
  /** why it cannot go on: its folder was taken from under it. Never rejects. */
  lost: Promise<string>
  /** Takes why, where another finds it. */
  lose(reason: string): void
}

const LOOK_EVERY_MS = 1_000

/**
 * @param command what takes it, for errors: `npm start`
 * @throws UserError when another process has the folder or the port
 */
export async function takeGround(command: string, settings: Settings, undo: UndoSteps): Promise<Ground> {
  undo.add(lockFolder(settings.localDir, command))
  // the lock is on a file: whoever removes the folder removes it, and a second stack could take the next one
  const lockIsLost = rememberFiles([path.join(settings.localDir, 'lock')])
  let end: (reason: string) => void = () => {}
  const lose = (reason: string) => end(`${reason} while this runs. Start it again: ${command}`)
  const envFile = path.join(settings.localDir, 'env')
  removeEnvFile(envFile)
  const origin = await listen(settings.port, settings.publicHost, command)
  undo.add(origin.close)
  return {
    origin,
    lost: new Promise((resolve) => {
      end = resolve
    }),
    lose,
    announce(values) {
      // once more: before all else, so that nobody meets what is being stopped
      undo.add(origin.close)
      writeEnvFile(envFile, {
        ORIGIN: origin.url,
        // the names that `s` knows: with these in the shell `s local` does not take a key of the cloud
        AccountID: LOCAL_ACCOUNT.accountId,
        AccessKeyID: LOCAL_ACCOUNT.credentials.accessKeyId,
        AccessKeySecret: LOCAL_ACCOUNT.credentials.accessKeySecret,
        ALIBABA_CLOUD_ACCESS_KEY_ID: LOCAL_ACCOUNT.credentials.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: LOCAL_ACCOUNT.credentials.accessKeySecret,
        FC_ACCOUNT_ID: LOCAL_ACCOUNT.accountId,
        FC_REGION_ID: LOCAL_ACCOUNT.region,
        ...values,
      })
      undo.add(() => lockIsLost() ?? removeEnvFile(envFile))
      const findLost = rememberFiles([path.join(settings.localDir, 'lock'), storeFile(settings)])
      const looking = setInterval(() => {
        const lost = findLost()
        if (lost !== undefined) lose(`${lost} was removed or replaced`)
      }, LOOK_EVERY_MS)
      undo.add(() => clearInterval(looking))
    },
  }
}

/**
 * Takes the folder for this process. The lock is the one that the kernel keeps on an SQLite file in an exclusive
 * transaction, so it ends with the process, however it ends: there is no stale lock to find out about.
 * @param command what takes it, for errors: `npm start`
 * @returns what releases it
 * @throws UserError when another stack holds the folder, or when it cannot be written to
 */
export function lockFolder(folder: string, command: string): () => void {
  try {
    return lock(folder, command)
  } catch (error) {
    if (error instanceof UserError) throw error
    // SQLite's errors have an empty code at times
    const reason = errorCode(error) || errorMessage(error)
    throw new UserError(`${folder} cannot be used (${reason}). Choose another folder: LOCAL_DIR=.local-2 ${command}`)
  }
}

function lock(folder: string, command: string): () => void {
  makeFolder(folder)
  const pidFile = path.join(folder, 'pid')
  const database = new Database(path.join(folder, 'lock'))
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (errorCode(error) !== 'SQLITE_BUSY') throw error
    const pid = fs.existsSync(pidFile) ? ` (process ${fs.readFileSync(pidFile, 'utf8').trim()})` : ''
    throw new UserError(
      `Another local stack${pid} runs in ${folder}. Stop it, or use another folder and port: LOCAL_DIR=.local-2 PORT=8081 ${command}`,
    )
  }
  fs.writeFileSync(pidFile, `${process.pid}\n`)
  const pidIsLost = rememberFiles([pidFile])
  return () => {
    // in a folder that was replaced they are another stack's; SQLite, too, would remove a file there
    if (pidIsLost() !== undefined) return
    fs.rmSync(pidFile, { force: true })
    database.close()
  }
}

/** Node's own recursive mkdir never returns where a folder that is there takes none, as /proc. */
function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return
  makeFolder(path.dirname(folder))
  try {
    fs.mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // another start made it at this moment
    if (errorCode(error) !== 'EEXIST') throw error
  }
}
