import { createInterface } from 'node:readline/promises'
import { UserError } from '../../shared/userError'
import type { Terminal } from '../confirm'

/**
 * Asks before the tables are changed, whatever the machine.
 * @throws UserError when the answer is not yes, or when there is nobody to ask
 */
export async function askToGoOn(question: string, yes: boolean, terminal: Terminal = process): Promise<void> {
  if (yes) return
  if (!terminal.stdin.isTTY) throw new UserError('Nothing was done. Add --yes to have it done.')
  const lines = createInterface({ input: terminal.stdin, output: terminal.stdout })
  const answer = await lines.question(`${question} [y/N] `)
  lines.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('Nothing was done.')
}
