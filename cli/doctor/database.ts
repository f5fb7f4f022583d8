import path from 'node:path'
import type { EmployeesConfig } from '../../functions/employees/config'
import { openDatabase } from '../../functions/employees/database'
import { checkDatabase } from '../../functions/employees/maintenance/doctor'
import { ConfigError } from '../../shared/config'
import { type Link, wrong } from '../../shared/links'
import { whereRefused } from '../../shared/mapping/whereRefused'
import type { Place } from './place'
import { MEND_TLS } from './steps'

export const FROM_INSIDE = `if RDS is in a VPC, ask from there: s employees invoke -e '{"maintenance":"doctor"}'`

/** The same links as the maintenance invocation has, with the connections of s.yaml. */
export async function checkOurDatabase(
  place: Pick<Place, 'isLocal' | 'deployed' | 'mappings' | 'mappingText' | 'certificates'>,
  employees: EmployeesConfig,
): Promise<Link[]> {
  const { MYSQL_SSL: ssl } = employees
  const isFile = ssl !== undefined && ssl !== 'off' && ssl !== 'required'
  const config = isFile ? { ...employees, MYSQL_SSL: path.join(place.certificates, ssl) } : employees
  const deployed = place.deployed.find(({ functionName }) => functionName === 'dingtalk-employees')
  try {
    const database = openDatabase(config)
    const links = await checkDatabase({
      config,
      database,
      mappings: place.mappings,
      tellRefused: (refused, table) => whereRefused(refused, table, place.mappingText, 'mapping.yaml'),
      instances: deployed?.concurrencyConfig?.reservedConcurrency,
      ...(!place.isLocal && { fromOutside: FROM_INSIDE }),
    })
    await database.close()
    return links
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [wrong('database', error.message, MEND_TLS)]
  }
}
