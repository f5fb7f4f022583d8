import { readConfig } from '../../functions/employees/config'
import { type OpenedDatabase, openDatabase } from '../../functions/employees/database'
import { type DatabaseAddress, mysqlVariables } from '../../local/database/database'

/** The database as an instance of the function opens it, with these further variables and options. */
export function databaseInstance(
  address: DatabaseAddress,
  options?: Parameters<typeof openDatabase>[1],
  variables: Record<string, string> = {},
): OpenedDatabase {
  return openDatabase(readConfig({ ...mysqlVariables(address), ...variables }), options)
}
