import { UserError } from '../../../shared/userError'
import type { Action } from './action'
import { confirmationOf, isConfirmed } from './purge/confirmation'
import { countPurge, purgesOf, readDays, runPurge } from './purge/purgeLeft'

/**
 * `{"maintenance":"purge","days":90}`: what `npm run migrate -- --purge-left 90` does, which asks before it erases. Here
 * the first invocation only counts, and tells the code that the second one needs.
 */
export const purge: Action = {
  keys: ['days', 'confirm'],
  grants: (table) => `SELECT and UPDATE on ${table}, and SELECT and DELETE on dead_letters`,
  async run({ days: wanted, confirm }, { mapping, instance, now }) {
    const days = readDays(wanted, 'days')
    const { database, config } = instance()
    if (confirm !== undefined && !isConfirmed(confirm, config, days, now())) {
      throw new UserError('confirm is not, or no longer, the code for this purge. Leave it out to get one.')
    }
    const lines: string[] = []
    for (const part of purgesOf(mapping, days, now())) {
      lines.push(`${part.what}: ${await countPurge(database, part)}`)
      if (confirm !== undefined) await runPurge(database, part)
    }
    const code = confirmationOf(config, days, now())
    return [...lines, confirm === undefined ? howToErase(days, code) : 'Erased.'].join('\n')
  },
}

function howToErase(days: number, code: string): string {
  return `Nothing is erased yet. Within ten minutes: {"maintenance":"purge","days":${days},"confirm":"${code}"}`
}
