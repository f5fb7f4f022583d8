import path from 'node:path'
import { readProjectFile } from '../local/readProjectFile'
import type { Mapping } from '../shared/mapping/mapping'
import { readMapping } from '../shared/mapping/readMapping'

/** mapping.yaml of this project. @throws UserError */
export function projectMapping(): Mapping {
  return readMapping(readProjectFile(path.join(__dirname, '..'), 'mapping.yaml'), 'mapping.yaml')
}
