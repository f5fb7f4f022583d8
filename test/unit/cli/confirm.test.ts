import { PassThrough } from 'node:stream'
import { confirmTarget } from '../../../cli/confirm'
import { UserError } from '../../../shared/userError'

const CLOUD = 'rm-1.mysql.rds.aliyuncs.com'

/** A terminal where this is typed; or, with nothing typed, none at all, as in a script. */
function terminal(typed?: string) {
  const stdin = Object.assign(new PassThrough(), { isTTY: typed !== undefined })
  if (typed !== undefined) stdin.end(typed)
  return { stdin, stdout: new PassThrough() }
}

test.each<[string, string, boolean]>([
  ['this machine', '127.0.0.1', false],
  ['this machine by name', 'localhost', false],
  ['this machine in IPv6', '[::1]', false],
  ['another machine with --yes', CLOUD, true],
])('%s is not asked about', async (_, host, yes) => {
  const { stdin, stdout } = terminal('n\n')
  await expect(confirmTarget(host, yes, { stdin, stdout })).resolves.toBeUndefined()
  expect(stdout.read()).toBeNull()
})

test.each([CLOUD, '10.0.0.1', 'localhost.example.org'])(
  '%s, with nobody to ask: refused, and --yes named',
  async (host) => {
    await expect(confirmTarget(host, false, terminal())).rejects.toThrow(UserError)
    await expect(confirmTarget(host, false, terminal())).rejects.toThrow(
      'not your own machine. Add --yes if that is meant.',
    )
  },
)

test.each<[string, boolean]>([
  ['y', true],
  ['Yes', true],
  ['', false],
  ['n', false],
  ['yesterday', false],
])('the answer "%s": %s', async (answer, goesOn) => {
  const { stdin, stdout } = terminal(`${answer}\n`)
  const asked = confirmTarget(CLOUD, false, { stdin, stdout })
  if (goesOn) await expect(asked).resolves.toBeUndefined()
  else await expect(asked).rejects.toThrow('Nothing was done.')
  expect(String(stdout.read())).toContain('Go on? [y/N]')
})
