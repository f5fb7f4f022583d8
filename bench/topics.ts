import type { Topic } from './topic'
import { chain } from './topics/chain'
import { emulator } from './topics/emulator'
import { growthEmulator } from './topics/growthEmulator'
import { mapping } from './topics/mapping'
import { patterns } from './topics/patterns'
import { size } from './topics/size'

/** In the order in which they are measured and printed. */
export const topics: readonly Topic[] = [chain, size, patterns, mapping, emulator, growthEmulator]
