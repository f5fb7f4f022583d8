import { type Link, ok, unknown, wrong } from '../../../../shared/doctor/link'
import type { Server } from './server'

/** While a deployment replaces them, old and new instances have connections. */
const GENERATIONS = 2
/** The rest is for people, migrations and monitoring. */
const SHARE = 0.8

/**
 * Instances times connections an instance against what the server allows.
 * @param instances reservedConcurrency of s.yaml; undefined where that is not at hand
 */
export function judgeConnections(server: Server, poolSize: number, instances: number | undefined): Link {
  const { maxConnections, maxUserConnections, connected } = server
  const allowed = maxUserConnections === 0 ? maxConnections : Math.min(maxConnections, maxUserConnections)
  const most = Math.floor((allowed * SHARE) / GENERATIONS / poolSize)
  const there = `${allowed} allowed, ${connected} in use now`
  if (instances === undefined) {
    const step = `reservedConcurrency of employees in s.yaml may be ${most} at most`
    return unknown('connections', `${there}; an instance takes ${poolSize}`, step)
  }
  const taken = `${instances} instances × ${poolSize} × ${GENERATIONS} = ${instances * poolSize * GENERATIONS}`
  if (instances <= most) return ok('connections', `${taken}; ${there}`)
  const step = `lower reservedConcurrency in s.yaml (to ${most} at most) or MYSQL_POOL_SIZE`
  return wrong('connections', `${taken}, over 80 % of what is allowed; ${there}`, step)
}
