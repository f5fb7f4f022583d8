import { readConfig } from '../../functions/employees/config'
import { type OpenedDatabase, openDatabase } from '../../functions/employees/database'
import type { DatabaseAddress } from '../../local/database/database'

/** The database as an instance of the function opens it, with these further variables and options. */
export function databaseInstance(
  { host, port, user, password, database }: DatabaseAddress,
  options?: Parameters<typeof openDatabase>[1],
  variables: Record<string, string> = {},
): OpenedDatabase {
  const config = readConfig({
    MYSQL_HOST: host,
    MYSQL_PORT: String(port),
    MYSQL_USER: user,
    MYSQL_PASSWORD: password,
    MYSQL_DATABASE: database,
    ...variables,
  })
  return openDatabase(config, options)
}
