import fs from 'node:fs'
import path from 'node:path'
import { errorCode } from '../shared/errorCode'
import { UserError } from '../shared/userError'

/** The text of one of the user's files. @throws UserError when it cannot be read */
export function readProjectFile(projectDir: string, file: string): string {
  try {
    return fs.readFileSync(path.resolve(projectDir, file), 'utf8')
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error'
    throw new UserError(`${file} cannot be read (${code}). Put one there: git checkout brings back the project's own.`)
  }
}
