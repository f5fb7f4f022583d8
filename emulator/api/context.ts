import type { Clock } from '../../shared/clock'
import type { Resources } from '../resources/resources'
import type { Store } from '../store/store'
import type { StoreHealth } from '../store/storeHealth'
import type { Connections } from '../targets/target'
import type { Limits } from './limits'

/** What operations work on. */
export interface ApiContext {
  resources: Resources
  /** what targets reach the world by; a target that they do not allow is refused */
  connections: Connections
  store: Pick<Store, 'accept' | 'traces' | 'periods' | 'unblock'>
  clock: Clock
  limits: Limits
  accountId: string
  region: string
  /** to be called when deliveries became due, or a rule changed */
  wake(): void
  /** is told when the store fails */
  health: Pick<StoreHealth, 'failed'>
}
