import path from 'node:path'
import { readProjectFile } from '../local/project/projectFiles'
import type { Mapping } from '../shared/mapping/mapping'
import { readMapping } from '../shared/mapping/readMapping'

/** The folder of the project that commands work on. */
export const ROOT = path.join(__dirname, '..')

/** Of the CA files, which the build puts beside the employees function. */
export const CERTIFICATES = path.join(ROOT, 'certs')

/** mapping.yaml of this project. @throws UserError */
export function projectMapping(): Mapping {
  return readMapping(readProjectFile(ROOT, 'mapping.yaml'), 'mapping.yaml')
}
