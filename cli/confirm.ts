import { createInterface } from 'node:readline/promises'
import { isLoopbackHost } from '../shared/isLoopbackHost'
import { UserError } from '../shared/userError'

interface Terminal {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean }
  stdout: NodeJS.WritableStream
}

/**
 * Asks before a command writes to a host that is not this machine.
 * @throws UserError when the answer is not yes, or when there is nobody to ask
 */
export async function confirmTarget(hostname: string, yes: boolean, terminal: Terminal = process): Promise<void> {
  if (isLoopbackHost(hostname) || yes) return
  if (!terminal.stdin.isTTY) throw new UserError('This is not your own machine. Add --yes if that is meant.')
  await ask('This is not your own machine. Go on?', terminal)
}

/**
 * Asks before something is done that is not undone with a word, whatever the machine.
 * @throws UserError when the answer is not yes, or when there is nobody to ask
 */
export async function askToGoOn(question: string, yes: boolean, terminal: Terminal = process): Promise<void> {
  if (yes) return
  if (!terminal.stdin.isTTY) throw new UserError('Nothing was done. Add --yes to have it done.')
  await ask(question, terminal)
}

async function ask(question: string, { stdin, stdout }: Terminal): Promise<void> {
  const lines = createInterface({ input: stdin, output: stdout })
  const answer = await lines.question(`${question} [y/N] `)
  lines.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('Nothing was done.')
}
