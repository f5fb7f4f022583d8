import * as z from 'zod/mini'
import { type Environment, parseConfig } from '../../shared/config'
import { directoryVariables } from '../../shared/dingtalk/directory/variables'
import { logHashKeyVariable } from '../../shared/logUsers'

/** Of the 20 calls a second that DingTalk answers for a path; a walk takes some of the rest. */
const CALLS_PER_S = 5

const schema = z.object({
  ...directoryVariables(CALLS_PER_S),
  LOG_HASH_KEY: logHashKeyVariable,
})

export type EnrichConfig = z.infer<typeof schema>

/**
 * Reads the variables of the enrich function.
 * @throws ConfigError naming every bad variable
 */
export function readConfig(environment: Environment): EnrichConfig {
  return parseConfig(schema, environment)
}
