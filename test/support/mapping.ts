import fs from 'node:fs'
import path from 'node:path'
import type { Mapping } from '../../shared/mapping/mapping'
import { readMapping } from '../../shared/mapping/readMapping'

const file = path.join(__dirname, '../../mapping.yaml')

/** The mapping that is shipped. */
export const shippedMapping: Mapping = readMapping(fs.readFileSync(file, 'utf8'), 'mapping.yaml')
