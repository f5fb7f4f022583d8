import { PassThrough } from 'node:stream'
import { askToGoOn } from '../../../cli/confirm'

/** A terminal at which somebody types this. */
const typing = (text: string) => {
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  stdin.write(`${text}\n`)
  return { stdin, stdout: new PassThrough() }
}

test.each(['y', 'Y', 'yes', ' yes '])('%j goes on', async (answer) => {
  const terminal = typing(answer)
  await askToGoOn('Run 2 statement(s)?', false, terminal)
  expect(String(terminal.stdout.read())).toContain('Run 2 statement(s)? [y/N] ')
})

test.each(['', 'n', 'yesterday', 'no y'])('%j does not', async (answer) => {
  await expect(askToGoOn('Run it?', false, typing(answer))).rejects.toThrow('Nothing was done.')
})

test('with --yes nobody is asked, and without a terminal nobody can be', async () => {
  await askToGoOn('Run it?', true, typing('n'))
  const pipe = { stdin: new PassThrough(), stdout: new PassThrough() }
  await expect(askToGoOn('Run it?', false, pipe)).rejects.toThrow('Nothing was done. Add --yes to have it done.')
})
