import fs from 'node:fs'
import path from 'node:path'
import { PROJECT } from './documents'

/** A copy of these files and folders of the project, which a test may change, with the project's packages. */
export function copyProject(copy: string, files: readonly string[]): void {
  for (const name of files) fs.cpSync(path.join(PROJECT, name), path.join(copy, name), { recursive: true })
  fs.symlinkSync(path.join(PROJECT, 'node_modules'), path.join(copy, 'node_modules'))
}

/** Gives a copy whose stack starts a database the programs of the server that others have fetched, where there are any. */
export function linkFetchedServer(copy: string): void {
  const fetched = path.join(PROJECT, '.local/mariadb')
  if (!fs.existsSync(fetched)) return
  fs.mkdirSync(path.join(copy, '.local'))
  fs.symlinkSync(fetched, path.join(copy, '.local/mariadb'))
}
