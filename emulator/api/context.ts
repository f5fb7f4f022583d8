import type { Clock } from '../clock'
import type { Resources } from '../resources/resources'
import type { Store } from '../store/store'
import type { Connections } from '../targets/target'
import type { Limits } from './limits'

/** What operations work on. */
export interface ApiContext {
  resources: Resources
  /** what targets reach the world by; a target that they do not allow is refused */
  connections: Connections
  store: Pick<Store, 'accept' | 'traces' | 'unblock'>
  clock: Clock
  limits: Limits
  accountId: string
  region: string
  /** to be called when deliveries became due, or a rule changed */
  wake(): void
}
