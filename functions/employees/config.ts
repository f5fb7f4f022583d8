import * as z from 'zod/mini'
import { type Environment, integerVariable, parseConfig } from '../../shared/config'
import { logHashKeyVariable } from '../../shared/logUsers'
import { DEFAULT_LIMIT, leaverLimit } from '../../shared/mapping/leaverLimit'

const schema = z.object({
  MYSQL_HOST: z
    .string()
    .check(z.refine((host) => !/^[^:]*:\d*$|:\/\//.test(host), 'must be the host alone, its port in MYSQL_PORT')),
  MYSQL_PORT: integerVariable(3306, 1, 65_535),
  MYSQL_USER: z.string(),
  MYSQL_PASSWORD: z._default(z.string(), ''),
  MYSQL_DATABASE: z.string(),
  MYSQL_SSL: z.optional(z.string()),
  LOG_HASH_KEY: logHashKeyVariable,
  DINGTALK_CORP_ID: z._default(z.string().check(z.maxLength(64, 'must have at most 64 characters')), ''),
  MAX_LEAVERS: z._default(leaverLimit, DEFAULT_LIMIT),
})

export type EmployeesConfig = z.infer<typeof schema>

/**
 * Reads the variables of the employees function (README, "Configuration").
 * @throws ConfigError naming every bad variable
 */
export function readConfig(environment: Environment): EmployeesConfig {
  return parseConfig(schema, environment)
}
