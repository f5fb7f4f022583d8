import fs from 'node:fs'
import path from 'node:path'
import type { Clock } from '../../shared/clock'
import { errorCode, errorMessage } from '../../shared/errorCode'
import { UserError } from '../../shared/userError'
import type { FileChanges } from '../config/applyFile'
import type { EventBridgeFile } from '../config/readEventBridgeFile'
import type { EventBridge } from '../eventBridge'
import { isStoreFailure } from '../store/storeHealth'

interface FollowOptions {
  file: string
  /** what it said when it was read at the start */
  text: string
  /** @throws UserError that names every fault */
  read(text: string): readonly EventBridgeFile[]
  eventBridge: Pick<EventBridge, 'apply'>
  clock: Clock
  /** false: it is read when it is asked for alone */
  isWatched?: boolean
  /** takes a line each time: what has changed, or why nothing has */
  report(line: string): void
}

interface FollowedFile {
  /** Takes it over now, whatever it says. @throws UserError when it is bad; then nothing has changed */
  reload(): FileChanges
  stop(): void
}

/** After an edit: an editor may write in several steps. */
const QUIET_MS = 100
/** While the folder is not there. */
const LOOK_EVERY_MS = 1_000

/**
 * Takes over what is edited in an eventbridge.yaml while it runs. Editors that put another file in its place are followed,
 * as are links, and a file that vanishes and comes back. A bad edit is reported, and changes nothing.
 */
export function followFile({ text, read, eventBridge, clock, report, ...how }: FollowOptions): FollowedFile {
  const file = path.resolve(how.file)
  const name = path.basename(file)
  let last: string | undefined = text
  let watchers: fs.FSWatcher[] = []
  let cancel: (() => void) | undefined
  let isStopped = false
  /** for a store that cannot be written, as on a full disk */
  let isWaiting = false
  if (how.isWatched !== false) {
    watch()
    // what was edited while the rest was started
    soon(QUIET_MS)
  }

  /** Anew each time: the folder may be another by now, and the file a link to somewhere else. */
  function watch(): void {
    for (const watcher of watchers) watcher.close()
    watchers = []
    for (const folder of foldersOf(file)) {
      try {
        const watcher = fs.watch(folder, { persistent: false }, (_, changed) => soon(QUIET_MS, changed === name))
        watcher.on('error', () => soon(LOOK_EVERY_MS))
        watchers.push(watcher)
      } catch {
        soon(LOOK_EVERY_MS)
      }
    }
  }

  /** @param isAgain whether it waits anew, where it waits already */
  function soon(ms: number, isAgain = false): void {
    if (isStopped || (cancel !== undefined && !isAgain)) return
    cancel?.()
    cancel = clock.after(ms, look)
  }

  function look(): void {
    cancel = undefined
    watch()
    try {
      const now = readIfThere(file)
      if (now === last) return
      const before = last
      last = now
      if (now === undefined) report(`${name} is gone: what it said stays until it is back.`)
      else report(tellChanges(name, take(now), before === undefined && !isWaiting))
      isWaiting = false
    } catch (error) {
      const again = isStoreFailure(error) ? ' It is tried again every second.' : ''
      if (!isWaiting) report(`${errorMessage(error)}\n${name} is not taken over: what it said before stays.${again}`)
      isWaiting = again !== ''
      if (!isWaiting) return
      // of the whole file nothing may have been taken over, or a part
      last = undefined
      soon(LOOK_EVERY_MS)
    }
  }

  function take(now: string): FileChanges {
    return eventBridge.apply(read(now))
  }

  return {
    reload() {
      const now = readIfThere(file)
      if (now === undefined) throw new UserError(`${file} is not there.`)
      last = now
      return take(now)
    },
    stop() {
      isStopped = true
      cancel?.()
      for (const watcher of watchers) watcher.close()
    },
  }
}

/** Its own, and, where it is a link, that of what it leads to. */
function foldersOf(file: string): Set<string> {
  const folders = [path.dirname(file)]
  try {
    folders.push(path.dirname(fs.realpathSync(file)))
  } catch {
    // it is not there
  }
  return new Set(folders)
}

function readIfThere(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined
    throw error
  }
}

function tellChanges(name: string, { added, changed, removed }: FileChanges, isBack: boolean): string {
  const parts = Object.entries({ added, changed, removed }).flatMap(([what, names]) =>
    names.length === 0 ? [] : [`${what}: ${names.join(', ')}`],
  )
  return `${name} is ${isBack ? 'back' : 'taken over'}${parts.length === 0 ? ', and nothing has changed' : `; ${parts.join('; ')}`}.`
}
