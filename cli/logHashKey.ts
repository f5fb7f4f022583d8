import path from 'node:path'
import * as z from 'zod/mini'
import { readSettings } from '../local/project/settings'
import { ConfigError, type Environment, parseConfig } from '../shared/config'
import { logHashKeyVariable } from '../shared/logUsers'
import { UserError } from '../shared/userError'

const schema = z.object({ LOG_HASH_KEY: logHashKeyVariable })

/**
 * LOG_HASH_KEY as the functions of the local stack have it: the shell's, else that of `.env.local`.
 * @throws UserError for a key that the functions would refuse
 */
export function localLogHashKey(projectDir = path.join(__dirname, '..'), shell: Environment = process.env) {
  return readLogHashKey(readSettings(projectDir, shell, { external: true }).environment)
}

/** @throws UserError for a key that the functions would refuse */
export function readLogHashKey(environment: Environment): string | undefined {
  try {
    return parseConfig(schema, environment).LOG_HASH_KEY
  } catch (error) {
    throw error instanceof ConfigError ? new UserError(error.message) : error
  }
}
