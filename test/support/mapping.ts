import fs from 'node:fs'
import path from 'node:path'
import type { Mapping } from '../../shared/mapping/mapping'
import { readMappings } from '../../shared/mapping/readMappings'

const file = path.join(__dirname, '../../mapping.yaml')

/** The tables that are shipped. */
export const shippedMappings: readonly Mapping[] = readMappings(fs.readFileSync(file, 'utf8'), 'mapping.yaml')

/** That of the employees. */
export const shippedMapping = tableOf('user_info', shippedMappings)

/** A file of one table. @throws UserError */
export function readMapping(text: string, name: string): Mapping {
  const [mapping, ...others] = readMappings(text, name)
  if (mapping === undefined || others.length > 0) throw new Error('this file has not one table')
  return mapping
}

export function tableOf(table: string, mappings: readonly Mapping[]): Mapping {
  const found = mappings.find((mapping) => mapping.table === table)
  if (found === undefined) throw new Error(`there is no table ${table}`)
  return found
}
