import { createInterface } from 'node:readline/promises'
import { isLoopbackHost } from '../shared/isLoopbackHost'
import { UserError } from '../shared/userError'

/**
 * Prints what a command is about to write to; asks first when that is not this machine.
 * @throws UserError when the answer is not yes, or when there is nobody to ask
 */
export async function confirmTarget(target: URL, yes: boolean): Promise<void> {
  console.log(`to ${target.origin}${target.pathname}`)
  if (isLoopbackHost(target.hostname) || yes) return
  if (!process.stdin.isTTY) throw new UserError('This is not your own machine. Add --yes if that is meant.')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question('This is not your own machine. Send it there? [y/N] ')
  terminal.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('Nothing was sent.')
}
