import path from 'node:path'
import { readProjectFile } from '../local/project/projectFiles'
import type { Mapping } from '../shared/mapping/mapping'
import { readMappings } from '../shared/mapping/readMappings'

/** The folder of the project that commands work on. */
export const ROOT = path.join(__dirname, '..')

/** Of the CA files, which the build puts beside the employees function. */
export const CERTIFICATES = path.join(ROOT, 'certs')

/** The tables of this project's mapping.yaml. @throws UserError */
export function projectMappings(): Mapping[] {
  return readMappings(readProjectFile(ROOT, 'mapping.yaml'), 'mapping.yaml')
}
