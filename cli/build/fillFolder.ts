import fs from 'node:fs'
import path from 'node:path'

/**
 * Makes a folder hold these files and nothing else. Files that would not change are left alone, and others are replaced
 * as a whole, so that a running stack never loads half a file.
 */
export function fillFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  fs.mkdirSync(folder, { recursive: true })
  for (const [name, contents] of files) replaceFile(path.join(folder, name), contents)
  for (const name of fs.readdirSync(folder)) {
    if (!files.has(name)) fs.rmSync(path.join(folder, name), { recursive: true, force: true })
  }
}

function replaceFile(file: string, contents: Uint8Array): void {
  if (fs.existsSync(file) && fs.readFileSync(file).equals(contents)) return
  // beside the folder, which another build may be tidying up
  const temporary = `${path.dirname(file)}.${path.basename(file)}.${process.pid}.tmp`
  fs.writeFileSync(temporary, contents)
  fs.renameSync(temporary, file)
}
