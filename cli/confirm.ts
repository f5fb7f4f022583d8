import { createInterface } from 'node:readline/promises'
import { isLoopbackHost } from '../shared/isLoopbackHost'
import { UserError } from '../shared/userError'

/**
 * Asks before a command writes to a host that is not this machine.
 * @throws UserError when the answer is not yes, or when there is nobody to ask
 */
export async function confirmTarget(hostname: string, yes: boolean): Promise<void> {
  if (isLoopbackHost(hostname) || yes) return
  if (!process.stdin.isTTY) throw new UserError('This is not your own machine. Add --yes if that is meant.')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question('This is not your own machine. Go on? [y/N] ')
  terminal.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('Nothing was done.')
}
