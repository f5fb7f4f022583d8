import * as z from 'zod/mini'
import { type Environment, parseConfig } from '../../shared/config'

const integer = (fallback: number, minimum: number, maximum: number) =>
  z.pipe(
    z._default(z.string().check(z.regex(/^\d{1,9}$/, 'must be a whole number')), String(fallback)),
    z.pipe(
      z.transform(Number),
      z.number().check(z.refine((value) => value >= minimum && value <= maximum, `must be between ${minimum} and ${maximum}`)),
    ),
  )

const schema = z.object({
  MYSQL_HOST: z.string(),
  MYSQL_PORT: integer(3306, 1, 65_535),
  MYSQL_USER: z.string(),
  MYSQL_PASSWORD: z._default(z.string(), ''),
  MYSQL_DATABASE: z.string(),
  MYSQL_POOL_SIZE: integer(1, 1, 16),
  MYSQL_SSL: z.optional(z.string()),
  DINGTALK_CORP_ID: z._default(z.string().check(z.maxLength(64, 'must have at most 64 characters')), ''),
})

export type EmployeesConfig = z.infer<typeof schema>

/**
 * Reads the variables of the employees function (README, "Configuration").
 * @throws ConfigError naming every bad variable
 */
export function readConfig(environment: Environment): EmployeesConfig {
  return parseConfig(schema, environment)
}
