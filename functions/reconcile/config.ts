import * as z from 'zod/mini'
import { type Environment, parseConfig } from '../../shared/config'
import { directoryVariables } from '../../shared/dingtalk/directory/variables'

/** Of the 20 calls a second that DingTalk answers for a path; enrich takes some of the rest. */
const CALLS_PER_S = 10

const schema = z.object(directoryVariables(CALLS_PER_S))

export type ReconcileConfig = z.infer<typeof schema>

/**
 * Reads the variables of the reconcile function.
 * @throws ConfigError naming every bad variable
 */
export function readConfig(environment: Environment): ReconcileConfig {
  return parseConfig(schema, environment)
}
