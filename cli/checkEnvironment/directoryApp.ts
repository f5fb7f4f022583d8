import { readConfig as readEnrichConfig } from '../../functions/enrich/config'
import { readConfig as readReconcileConfig } from '../../functions/reconcile/config'
import type { DeployedFunction } from '../../local/project/serverlessFile'
import { ConfigError, type Environment } from '../../shared/config'

/** DingTalk answers so many calls a second for each of its paths; enrich and reconcile call the same. */
const CALLS_PER_S = 20

const READERS = [
  { name: 'dingtalk-enrich', read: readEnrichConfig },
  { name: 'dingtalk-reconcile', read: readReconcileConfig },
]

/**
 * What nobody else says of the app of DingTalk's: what is wrong with a variable of it the functions' own readers tell.
 * @param filled the functions that are deployed
 * @throws ConfigError
 */
export function checkDirectoryApp(environment: Environment, filled: readonly DeployedFunction[]): void {
  if (environment['DINGTALK_APP_SECRET'] && !environment['DINGTALK_APP_KEY']) {
    throw new ConfigError(
      'DINGTALK_APP_KEY: is not set, and DINGTALK_APP_SECRET is: set both, or neither, and enrich and reconcile are not deployed',
    )
  }
  const rates = READERS.flatMap(({ name, read }) => {
    const props = filled.find(({ functionName }) => functionName === name)
    if (props === undefined) return []
    const instances = props.concurrencyConfig?.reservedConcurrency ?? Number.POSITIVE_INFINITY
    return [{ instances, callsPerS: read(props.environmentVariables).DINGTALK_CALLS_PER_S }]
  })
  const together = rates.reduce((sum, { instances, callsPerS }) => sum + instances * callsPerS, 0)
  if (together < CALLS_PER_S) return
  const instances = rates.reduce((sum, rate) => sum + rate.instances, 0)
  const most = Math.floor((CALLS_PER_S - 1) / instances)
  const wayOut = most > 0 ? `set it to ${most}, or to less` : 'set reservedConcurrency to less in s.yaml'
  throw new ConfigError(
    `DINGTALK_CALLS_PER_S: the instances of enrich and reconcile (reservedConcurrency in s.yaml) would make ${together} calls a second together, which must be fewer than the ${CALLS_PER_S} that DingTalk answers: ${wayOut}`,
  )
}
