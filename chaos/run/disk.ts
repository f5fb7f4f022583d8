import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

/** Room for a database and an event store of 100,000 events. */
const SIZE_MB = 1_500
const PIECE = Buffer.alloc(8 * 1024 ** 2)

/** A small disk of a stack's own, for its database and its events, which can be filled. */
export interface SmallDisk {
  fill(): void
  empty(): void
  remove(): void
}

/**
 * Mounts one, where this user may do that.
 * @returns undefined where not
 */
export function mountSmallDisk(folder: string): SmallDisk | undefined {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=0700`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  const ballast = path.join(folder, 'ballast')
  return {
    fill() {
      const file = fs.openSync(ballast, 'w')
      try {
        for (let size = PIECE.length; size >= 4_096; size = Math.floor(size / 2)) writeUntilFull(file, size)
      } finally {
        fs.closeSync(file)
      }
    },
    empty: () => fs.rmSync(ballast, { force: true }),
    remove() {
      execFileSync('umount', ['--lazy', folder], { stdio: 'ignore' })
    },
  }
}

function writeUntilFull(file: number, size: number): void {
  try {
    for (;;) fs.writeSync(file, PIECE, 0, size)
  } catch {
    // full
  }
}
