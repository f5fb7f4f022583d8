import type { Topic } from './topic'
import { chain } from './topics/chain'
import { coldStartEmployees } from './topics/coldStartEmployees'
import { coldStartWebhook } from './topics/coldStartWebhook'
import { employees } from './topics/employees'
import { emulator } from './topics/emulator'
import { growthEmployees } from './topics/growthEmployees'
import { growthEmulator } from './topics/growthEmulator'
import { mapping } from './topics/mapping'
import { memory } from './topics/memory'
import { patterns } from './topics/patterns'
import { size } from './topics/size'
import { walk } from './topics/walk'
import { webhook } from './topics/webhook'

/** In the order in which they are measured and printed. */
export const topics: readonly Topic[] = [
  chain,
  coldStartWebhook,
  coldStartEmployees,
  size,
  memory,
  webhook,
  walk,
  patterns,
  mapping,
  emulator,
  growthEmulator,
  employees,
  growthEmployees,
]
