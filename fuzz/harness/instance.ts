import path from 'node:path'
import { LOCAL_ACCOUNT } from '../../local/project/account'
import type { FcContext } from '../../shared/fc/types'
import { startChild } from './child'
import { SECRETS } from './secrets'

/** What became of an event. */
export interface Called {
  value?: unknown
  /** what the handler threw, with its stack */
  failure?: string
  /** all that it wrote */
  written: string
  /** what nobody caught */
  faults: string[]
}

export interface Instance {
  /** @throws Error when it crashes or hangs; the next call has a new instance */
  call(event: Buffer): Promise<Called>
  heldBytes(): Promise<number>
  stop(): Promise<void>
}

const CONTEXT = {
  requestId: '1-fuzz',
  region: LOCAL_ACCOUNT.region,
  accountId: LOCAL_ACCOUNT.accountId,
  credentials: { accessKeyId: 'STS.fuzz', accessKeySecret: SECRETS.accessKey, securityToken: SECRETS.securityToken },
  function: { timeout: 10 },
} satisfies FcContext

/** Starts a bundle in a process of its own, called as Function Compute's runtime does. */
export function startInstance(bundle: string, env: Record<string, string>): Instance {
  const child = startChild(path.join(__dirname, 'runInstance.cjs'), { args: [bundle], env })
  return {
    call: (event) => child.ask<Called>({ event, context: CONTEXT }),
    heldBytes: async () => (await child.ask<{ held: number }>({ collect: true })).held,
    stop: child.stop,
  }
}
