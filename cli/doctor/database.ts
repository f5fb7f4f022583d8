import path from 'node:path'
import type { EmployeesConfig } from '../../functions/employees/config'
import { openDatabase } from '../../functions/employees/database'
import { checkDatabase } from '../../functions/employees/maintenance/doctor'
import { ConfigError } from '../../shared/config'
import { errorMessage } from '../../shared/errorCode'
import { type Link, ok, unknown, wrong } from '../../shared/links'
import { UserError } from '../../shared/userError'
import { withLocalStore } from '../replay/fromStore'
import type { Place } from './place'
import { MEND_TLS } from './steps'

const FROM_INSIDE = `if RDS is in a VPC, ask from there: s employees invoke -e '{"maintenance":"doctor"}'`

/** The same links as the maintenance invocation has, with the connections of s.yaml. */
export async function checkOurDatabase(place: Place, employees: EmployeesConfig): Promise<Link[]> {
  const { MYSQL_SSL: ssl } = employees
  const isFile = ssl !== undefined && ssl !== 'off' && ssl !== 'required'
  const config = isFile ? { ...employees, MYSQL_SSL: path.join(place.certificates, ssl) } : employees
  const deployed = place.deployed.find(({ functionName }) => functionName === 'dingtalk-employees')
  try {
    const database = openDatabase(config)
    const links = await checkDatabase({
      config,
      database,
      mapping: place.mapping,
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

const NAME = 'never delivered'

/**
 * What lies in the local stack's dead-letter queues, or waits; what a target without a queue lost is not counted. In the
 * cloud it lies in the queues that the links of dead letters name.
 */
export async function checkUndelivered(localDir: string): Promise<Link> {
  try {
    return await withLocalStore(localDir, async ({ deadLetters, traces }) => {
      const { retrying = 0, blocked = 0 } = traces.count({})
      return judgeUndelivered(deadLetters.list().length, retrying + blocked)
    })
  } catch (error) {
    if (error instanceof UserError) return unknown(NAME, errorMessage(error))
    throw error
  }
}

export function judgeUndelivered(dead: number, waiting: number): Link {
  if (dead + waiting === 0) return ok(NAME, 'nothing in dead-letter queues')
  const step = 'the trace page says why; after the fix npm run replay -- --dead-letters'
  return ok(NAME, `in dead-letter queues: ${dead}; waiting for another attempt: ${waiting}`, step)
}
