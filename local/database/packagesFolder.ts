import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { errorCode } from '../../shared/errorCode'

interface Filling {
  /** puts the packages' files into `unpacked`, which is not there yet; what else it needs may lie in `work` */
  fill(work: string, unpacked: string): Promise<void>
  /** whether a folder holds a server that runs here */
  isUsable(folder: string): Promise<boolean>
}

/** Makes a folder of unpacked packages, which stacks share: whole or not at all, whoever is killed or quicker. */
export async function fillPackagesFolder(packagesDir: string, { fill, isUsable }: Filling): Promise<void> {
  await mkdir(path.dirname(packagesDir), { recursive: true })
  await removeLeftovers(packagesDir)
  const work = `${packagesDir}.${process.pid}-${randomUUID()}.partial`
  try {
    const unpacked = path.join(work, 'unpacked')
    await fill(work, unpacked)
    await putInPlace(unpacked, packagesDir, isUsable)
  } finally {
    await removeFolder(work)
  }
}

/** Another stack may have been quicker; and what is in place may not run any more, after an upgrade of the system. */
async function putInPlace(unpacked: string, packagesDir: string, isUsable: Filling['isUsable']): Promise<void> {
  try {
    await rename(unpacked, packagesDir)
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error
    if (await isUsable(packagesDir)) return
    await rename(packagesDir, `${path.dirname(unpacked)}/replaced`)
    await rename(unpacked, packagesDir)
  }
}

/** What killed runs left: their names tell whose they were. */
async function removeLeftovers(packagesDir: string): Promise<void> {
  const parent = path.dirname(packagesDir)
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(`${path.basename(packagesDir)}.`) && /\.(\d+)-[^.]+\.partial$/.exec(name)?.[1]
    if (pid && !isRunning(Number(pid))) await removeFolder(path.join(parent, name))
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/**
 * Removes a folder, if it can. A process of a killed run may still write there for a moment; what it keeps us from
 * removing now, the next run removes.
 */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 }).catch(() => {})
}
