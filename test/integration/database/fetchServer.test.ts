import fs from 'node:fs'
import path from 'node:path'
import { fetchServer } from '../../../local/database/fetchServer'
import { UserError } from '../../../shared/userError'
import { databaseProcess } from '../../support/databaseProcess'
import { temporaryFolder } from '../../support/temporaryFolder'
import { waitFor } from '../../support/waitFor'

const isDebian = fs.existsSync('/etc/debian_version') && fs.existsSync('/usr/bin/apt-get')
const NOBODY = 65_534

const folder = temporaryFolder()
const env = { PATH: process.env['PATH'] }
const report = () => {}

/** A configuration for apt-get, in which the machine has no lists of packages, as in a fresh container. */
function withoutLists(name: string, ...lines: string[]): { APT_CONFIG: string } {
  const lists = path.join(folder, `${name}-lists`)
  fs.mkdirSync(path.join(lists, 'partial'), { recursive: true })
  const file = path.join(folder, `${name}.conf`)
  fs.writeFileSync(file, [`Dir::State::Lists "${lists}";`, ...lines, ''].join('\n'))
  return { APT_CONFIG: file }
}

const onDebian = isDebian ? describe : describe.skip
if (!isDebian) console.warn('Skipped: MariaDB is fetched on Debian and Ubuntu only.')
const asRoot = process.getuid?.() === 0 ? test : test.skip
if (asRoot === test.skip) console.warn('Skipped: only root can run a test as another user.')

onDebian("MariaDB out of Debian's packages", () => {
  test('is fetched, by two at once, after a third was killed at it', async () => {
    const packagesDir = path.join(folder, 'shared/mariadb')
    const killed = databaseProcess([path.join(folder, 'unused'), packagesDir, 'stay'])
    await killed.printed('fetching MariaDB')
    killed.process.kill('SIGKILL')
    await killed.ended()
    expect(fs.readdirSync(path.dirname(packagesDir))).toEqual([expect.stringMatching(/^mariadb\.\d+-.*\.partial$/)])

    const fetchOnce = () => fetchServer({ packagesDir, env, report })
    const [program, other] = await Promise.all([fetchOnce(), fetchOnce()])
    expect(program).toMatchObject({ binary: path.join(packagesDir, 'usr/sbin/mariadbd'), flavour: 'MariaDB' })
    expect(other).toEqual(program)
    expect(fs.readdirSync(path.dirname(packagesDir))).toEqual(['mariadb'])
  })

  asRoot('is fetched and run by an ordinary user, without lists, in place of one that does not run', async () => {
    const home = path.join(folder, 'home')
    const packagesDir = path.join(home, '.local/mariadb')
    fs.mkdirSync(path.join(packagesDir, 'usr/sbin'), { recursive: true })
    fs.writeFileSync(path.join(packagesDir, 'usr/sbin/mariadbd'), 'half a file', { mode: 0o755 })
    for (const name of fs.readdirSync(home, { recursive: true, encoding: 'utf8' }))
      fs.chownSync(path.join(home, name), NOBODY, NOBODY)
    fs.chownSync(home, NOBODY, NOBODY)
    fs.chmodSync(folder, 0o755)

    const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']
    const dataDir = path.join(home, '.local/database')
    const child = databaseProcess([dataDir, packagesDir], asNobody, { HOME: home, ...withoutLists('user') })
    const output = await child.ended()
    const pid = Number(fs.readFileSync(path.join(dataDir, 'server.pid'), 'utf8'))
    const { uid } = fs.statSync(`/proc/${pid}`)
    process.kill(pid, 'SIGKILL')
    expect(output).toMatch(/fetching MariaDB.*starting MariaDB.*ready: MariaDB \d+\.\d+\.\d+ \(private/s)
    expect(uid).toBe(NOBODY)
  })

  test('when no mirror can be reached, the error says so and names the ways out', async () => {
    const packagesDir = path.join(folder, 'offline/mariadb')
    const proxies = ['http', 'https'].map((scheme) => `Acquire::${scheme}::Proxy "http://127.0.0.1:9";`)
    const offline = { ...env, ...withoutLists('offline', ...proxies) }
    const error: unknown = await fetchServer({ packagesDir, env: offline, report }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        /^MariaDB could not be fetched: .*connect.*apt-get install mariadb-server.*docker run.*MYSQL_HOST/,
      ),
    })
    expect(fs.readdirSync(path.dirname(packagesDir))).toEqual([])
  })
})

test.each([
  ['of another kind', 'ID=fedora\nID_LIKE="rhel"\n', process.env['PATH']],
  ['that says nothing of itself', '', process.env['PATH']],
  ['without apt-get', 'ID=debian\n', '/nowhere'],
])('on a system %s there is one error, with the ways out', async (_, osRelease, PATH) => {
  const file = path.join(folder, 'os-release')
  fs.writeFileSync(file, osRelease)
  const fetching = fetchServer({ packagesDir: path.join(folder, 'none'), env: { PATH }, report, osRelease: file })
  await expect(fetching).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(
      /^No usable MariaDB or MySQL was found, .*Ways out: .*`docker run .*MYSQL_HOST=127\.0\.0\.1 MYSQL_PORT=3306/,
    ),
  })
})

test('a stop ends the download at once, and nothing else begins', async () => {
  const programs = path.join(folder, 'programs')
  const calls = path.join(folder, 'calls')
  fs.mkdirSync(programs)
  for (const name of ['apt-get', 'dpkg-deb']) {
    const script = `#!/bin/sh\n[ "$1" = --version ] && exit\necho "$$ $*" >> '${calls}'\nexec sleep 600\n`
    fs.writeFileSync(path.join(programs, name), script, { mode: 0o755 })
  }
  const osRelease = path.join(folder, 'debian')
  fs.writeFileSync(osRelease, 'ID=debian\n')
  const packagesDir = path.join(folder, 'stopped/mariadb')
  const stop = new AbortController()
  const env = { PATH: `${programs}:${process.env['PATH']}` }
  const fetching = fetchServer({ packagesDir, env, report, osRelease, stopping: stop.signal })
  // whole lines only: the file is there before what is written into it
  const linesOfCalls = () => (fs.existsSync(calls) ? (fs.readFileSync(calls, 'utf8').match(/^.+(?=\n)/gm) ?? []) : [])
  await waitFor(() => linesOfCalls().length > 0)
  stop.abort()
  await expect(fetching).rejects.toThrow(UserError)
  const [call = '', ...others] = linesOfCalls()
  expect(call).toMatch(/ download /)
  expect(others).toEqual([])
  // it is gone: nobody takes a signal under its number
  await waitFor(() => !isRunning(Number(call.split(' ')[0])))
  expect(fs.readdirSync(path.dirname(packagesDir))).toEqual([])
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
