import * as z from 'zod/mini'
import { ConfigError, type Environment, parseConfig } from '../shared/config'
import { logHashKeyVariable } from '../shared/logUsers'
import { UserError } from '../shared/userError'
import { stackEnvironment } from './localStack'

const schema = z.object({ LOG_HASH_KEY: logHashKeyVariable })

/**
 * LOG_HASH_KEY as the functions of the local stack have it: the shell's, else the running stack's, else that of `.env.local`.
 * @throws UserError for a key that the functions would refuse
 */
export function localLogHashKey(projectDir?: string, shell?: Environment) {
  return readLogHashKey(stackEnvironment(projectDir, shell))
}

/** @throws UserError for a key that the functions would refuse */
export function readLogHashKey(environment: Environment): string | undefined {
  try {
    return parseConfig(schema, environment).LOG_HASH_KEY
  } catch (error) {
    throw error instanceof ConfigError ? new UserError(error.message) : error
  }
}
