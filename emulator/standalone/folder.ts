import fs from 'node:fs'
import path from 'node:path'
import Database from 'libsql'
import { writeEnvFile } from '../../shared/envFile'
import { errorCode, errorMessage } from '../../shared/errorCode'
import { LOCAL } from '../../shared/localAccount'
import { rememberFiles } from '../../shared/rememberFiles'
import type { UndoSteps } from '../../shared/undoSteps'
import { UserError } from '../../shared/userError'
import { storeFileIn } from '../store/storeFile'

/** How the command that runs is typed once more, in another folder and on another port where that is asked for. */
export type Retype = (other?: { folder?: boolean; port?: number }) => string

/** A folder that is this process's alone. */
export interface TakenFolder {
  /**
   * Writes its env file, by which others find what runs here: once it is ready.
   * @param values variables beside those of the account
   */
  announce(origin: string, values: Readonly<Record<string, string>>): void
  /** why it cannot go on: the folder was taken from under it. Never rejects. */
  lost: Promise<string>
  /** Takes why, where another finds it. */
  lose(reason: string): void
}

const LOOK_EVERY_MS = 1_000

/**
 * Takes a folder with an event store in it.
 * @param who runs there, for errors: `local stack`
 * @throws UserError
 */
export function takeFolder(folder: string, who: string, retype: Retype, undo: UndoSteps): TakenFolder {
  // before anything is written there, and what another process has is its own
  refuseFileOfUser(path.join(folder, 'env'), /^ORIGIN=/m, retype)
  undo.add(lockFolder(folder, who, retype))
  const lockFile = path.join(folder, 'lock')
  // whoever removes the folder removes the lock with it
  const lockIsLost = rememberFiles([lockFile])
  const envFile = path.join(folder, 'env')
  fs.rmSync(envFile, { force: true })
  let end: (reason: string) => void = () => {}
  const lose = (reason: string) => end(`${reason} while this runs. Start it again: ${retype()}`)
  return {
    lost: new Promise((resolve) => {
      end = resolve
    }),
    lose,
    announce(origin, values) {
      writeEnvFile(envFile, {
        ORIGIN: origin,
        // the names that `s` knows: with these in the shell `s local` does not take a key of the cloud
        AccountID: LOCAL.accountId,
        AccessKeyID: LOCAL.accessKeyId,
        AccessKeySecret: LOCAL.accessKeySecret,
        ALIBABA_CLOUD_ACCESS_KEY_ID: LOCAL.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: LOCAL.accessKeySecret,
        FC_ACCOUNT_ID: LOCAL.accountId,
        FC_REGION_ID: LOCAL.region,
        ...values,
      })
      undo.add(() => lockIsLost() ?? fs.rmSync(envFile, { force: true }))
      const findLost = rememberFiles([lockFile, storeFileIn(folder)])
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
 * @returns what releases it
 * @throws UserError when another process holds the folder, or when it cannot be written to
 */
export function lockFolder(folder: string, who: string, retype: Retype): () => void {
  try {
    return lock(folder, who, retype)
  } catch (error) {
    if (error instanceof UserError) throw error
    // SQLite's errors have an empty code at times
    const reason = errorCode(error) || errorMessage(error)
    throw new UserError(`${folder} cannot be used (${reason}). Choose another folder: ${retype({ folder: true })}`)
  }
}

/**
 * The folders that this process took, and whether it has them still. SQLite lets go of what one process had open only when
 * the memory of it is reclaimed, so of its own former stores it has to know itself.
 */
const taken = new Map<string, 'held' | 'released'>()

function lock(folder: string, who: string, retype: Retype): () => void {
  const isNew = !fs.existsSync(folder)
  makeFolder(folder)
  // it often lies in a project, of which what was published is no part
  if (isNew) fs.writeFileSync(path.join(folder, '.gitignore'), '*\n')
  const place = fs.realpathSync(folder)
  const pidFile = path.join(folder, 'pid')
  refuseFileOfUser(pidFile, /^\d*\n?$/, retype)
  const database = lockedFile(path.join(folder, 'lock'))
  // a lock file that somebody removed locks nothing, and the store is what must not have two
  if (database === undefined || isStillTaken(place)) {
    database?.close()
    const pid = fs.existsSync(pidFile) ? ` (process ${fs.readFileSync(pidFile, 'utf8').trim()})` : ''
    throw new UserError(
      `Another ${who}${pid} runs in ${folder}. Stop it, or use another folder and port: ${retype({ folder: true, port: 8081 })}`,
    )
  }
  fs.writeFileSync(pidFile, `${process.pid}\n`)
  const pidIsLost = rememberFiles([pidFile])
  taken.set(place, 'held')
  return () => {
    taken.set(place, 'released')
    // in a folder that was replaced they are another's; SQLite, too, would remove a file there
    if (pidIsLost() !== undefined) return
    fs.rmSync(pidFile, { force: true })
    database.close()
  }
}

function isStillTaken(place: string): boolean {
  const state = taken.get(place)
  return state === undefined ? isOpenElsewhere(storeFileIn(place)) : state === 'held'
}

/**
 * What is here called `env` and `pid` is replaced and removed: in a folder of the user's, such as a project's, they may be
 * something else.
 * @param ours what one of ours says
 * @throws UserError
 */
function refuseFileOfUser(file: string, ours: RegExp, retype: Retype): void {
  const isThere = fs.existsSync(file)
  if (!isThere || (fs.statSync(file).isFile() && ours.test(fs.readFileSync(file, 'utf8')))) return
  throw new UserError(`${file} is yours, and would be replaced. Choose another folder: ${retype({ folder: true })}`)
}

/** undefined while another process has it. */
function lockedFile(file: string): Database.Database | undefined {
  const database = new Database(file)
  try {
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    if (errorCode(error) === 'SQLITE_BUSY') return undefined
    throw error
  }
}

/** Long enough for a command that has the store open for a moment. */
const STORE_WAIT_MS = 2_000

/**
 * Whether a process has the store open: each keeps a shared lock on its file as long as that is so, and a connection that
 * wants the file for itself gets it only where there is none.
 */
function isOpenElsewhere(file: string): boolean {
  if (!fs.existsSync(file)) return false
  const database = new Database(file)
  try {
    // exec() alone: a prepared statement would keep the connection, and its lock, beyond close()
    database.exec(`PRAGMA busy_timeout = ${STORE_WAIT_MS}; SELECT count(*) FROM sqlite_master`)
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA locking_mode = NORMAL; COMMIT')
    return false
  } catch (error) {
    // of a store that is damaged, or may not be written to, whoever opens it says more
    return errorCode(error) === 'SQLITE_BUSY'
  } finally {
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
