import { type Link, ok, unknown, wrong } from '../../../../shared/doctor/link'
import type { Server } from './server'

/**
 * Instances times connections an instance against what the server allows.
 * @param instances reservedConcurrency of s.yaml; undefined where that is not at hand
 */
export function judgeConnections(server: Server, poolSize: number, instances: number | undefined): Link {
  const { maxConnections, maxUserConnections, connected } = server
  const allowed = maxUserConnections === 0 ? maxConnections : Math.min(maxConnections, maxUserConnections)
  const most = Math.floor(allowed / poolSize)
  const there = `${allowed} allowed, ${connected} in use now`
  if (instances === undefined) {
    const step = `reservedConcurrency of employees in s.yaml must stay well below ${most}`
    return unknown('connections', `${there}; an instance takes ${poolSize}`, step)
  }
  const taken = `${instances} instances × ${poolSize} = ${instances * poolSize}`
  if (instances <= most) return ok('connections', `${taken}; ${there}`)
  return wrong('connections', `${taken}; ${there}`, 'lower reservedConcurrency in s.yaml or MYSQL_POOL_SIZE')
}
