import fs from 'node:fs'
import path from 'node:path'
import type { Mapping } from '../shared/mapping/mapping'
import { readMapping } from '../shared/mapping/readMapping'

/** mapping.yaml of this project. @throws UserError */
export function projectMapping(): Mapping {
  return readMapping(fs.readFileSync(path.join(__dirname, '..', 'mapping.yaml'), 'utf8'), 'mapping.yaml')
}
