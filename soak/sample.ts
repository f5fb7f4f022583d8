import fs from 'node:fs'
import path from 'node:path'
import { errorCode } from '../shared/errorCode'
import type { Load } from './load'
import type { SoakedStack } from './stack'

/** What a process holds, as Linux tells it. */
interface Held {
  memoryMb: number
  /** descriptors that are no sockets */
  files: number
  sockets: number
  threads: number
}

export interface Sample {
  /** under load so far */
  ms: number
  stack: Held
  database: Held
  /** of the event store with its log */
  storeMb: number
  /** of all that the database has on disk */
  databaseMb: number
  /** events that are not delivered */
  pending: number
  /** events, from the start */
  accepted: number
}

export async function takeSample(stack: SoakedStack, load: Load, ms: number): Promise<Sample> {
  return {
    ms,
    stack: heldBy(stack.pid),
    database: heldBy(stack.databasePid),
    storeMb: megabytesIn(path.join(stack.folder, 'eventbridge')),
    databaseMb: megabytesIn(path.join(stack.folder, 'database')),
    pending: await load.pending(),
    accepted: load.counts().accepted,
  }
}

function heldBy(pid: number): Held {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8')
  const figure = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  const open = fs
    .readdirSync(`/proc/${pid}/fd`)
    .flatMap((fd) => ifThere(() => fs.readlinkSync(`/proc/${pid}/fd/${fd}`)))
  const sockets = open.filter((what) => what.startsWith('socket:')).length
  return {
    memoryMb: figure('VmRSS') / 1024,
    threads: figure('Threads'),
    sockets,
    files: open.length - sockets,
  }
}

/** Of the files in a folder and below; what goes meanwhile has none. */
function megabytesIn(folder: string): number {
  const bytes = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap(({ parentPath, name }) => ifThere(() => fs.statSync(path.join(parentPath, name)).size))
    .reduce((sum, size) => sum + size, 0)
  return bytes / 1024 ** 2
}

/** What is closed or removed between a list and a look is none. */
function ifThere<T>(look: () => T): T[] {
  try {
    return [look()]
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}
