import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { temporaryFolder } from './temporaryFolder'

/** A disk of its own, of 2 MB, where that is allowed: root may, and elsewhere the tests on it are skipped, and say so. */
export function smallDisk() {
  // before its folder goes
  afterAll(() => {
    if (isMounted) execFileSync('umount', ['--lazy', disk])
  })
  const disk = path.join(temporaryFolder(), 'disk')
  const filler = path.join(disk, 'filler')
  const isMounted = mount(disk)
  return {
    disk,
    onDisk: isMounted ? test : test.skip,
    /** to the last byte of the last page */
    fill() {
      const file = fs.openSync(filler, 'a')
      try {
        for (;;) fs.writeSync(file, Buffer.alloc(4_096))
      } catch {
        fs.closeSync(file)
      }
    },
    makeRoom: () => fs.rmSync(filler),
  }
}

function mount(disk: string): boolean {
  fs.mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
