import type { Area } from './area'
import { employees } from './areas/employees'
import { eventBridge } from './areas/eventBridge'
import { gateway } from './areas/gateway'
import { pop } from './areas/pop'
import { webhook } from './areas/webhook'

/** In the order of a whole run. */
export const areas: readonly Area[] = [webhook, gateway, employees, eventBridge, pop]
