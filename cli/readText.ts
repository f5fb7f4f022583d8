import fs from 'node:fs'
import { errorCode } from '../shared/errorCode'
import { UserError } from '../shared/userError'

/** The text of a file that the user has named; `-` is stdin. @throws UserError */
export function readText(file: string): string {
  try {
    return fs.readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new UserError(`${nameOf(file)} cannot be read (${errorCode(error)}).`)
  }
}

/** As errors name it. */
export function nameOf(file: string): string {
  return file === '-' ? 'stdin' : file
}
