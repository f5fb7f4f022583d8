import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { endOf, type StartedProcess, startProcess } from '../support/startProcess'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const folder = temporaryFolder()

const APT = {
  indextargets: 'echo http://mirror.test/debian/',
  update: ':',
  '-qq': `echo "'http://mirror.test/debian/pool/mysql.deb' mysql.deb 26000000 MD5Sum:0"`,
  '--download-only': 'touch cache/archives/mysql.deb',
}
/** Of an unpacked server: what its loader does with the program's arguments, the first six being its own. */
const HAS_A_VERSION = 'case "$*" in *--version*) echo "mysqld  Ver 9.9.9-1 for Linux"; exit;; esac'

/** A machine on which apt-get does this, by the first of its words that is known here, and the loader that. */
function machine(
  apt: Partial<typeof APT>,
  loader: string,
): { PATH: string; TEST_MYSQL_PACKAGES: string; TMPDIR: string } {
  const home = fs.mkdtempSync(path.join(folder, 'machine-'))
  const cases = Object.entries({ ...APT, ...apt }).map(([word, does]) => `${word}) ${does}; exit;;`)
  const write = (name: string, lines: string[]) => {
    fs.mkdirSync(path.dirname(path.join(home, name)), { recursive: true })
    fs.writeFileSync(path.join(home, name), ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 })
  }
  write('bin/apt-get', ['for word; do case "$word" in', ...cases, 'esac; done'])
  write('loader', [loader])
  write('bin/dpkg-deb', [
    'mkdir -p "$3/usr/sbin" "$3/usr/lib64"',
    'touch "$3/usr/sbin/mysqld"',
    `cp '${home}/loader' "$3/usr/lib64/ld-linux-x86-64.so.2"`,
  ])
  fs.mkdirSync(path.join(home, 'tmp'))
  return {
    PATH: `${home}/bin:${process.env['PATH']}`,
    TEST_MYSQL_PACKAGES: path.join(home, 'local/mysql'),
    TMPDIR: path.join(home, 'tmp'),
  }
}

function testMysql(variables: ReturnType<typeof machine>, args: string[] = []): StartedProcess {
  return startProcess([process.execPath, '--import', 'tsx', 'test/mysql/run.ts', ...args], variables)
}

test.each<[string, Partial<typeof APT>, string, RegExp]>([
  ['no mirror of Debian', { indextargets: ':' }, '', /apt-get knows no mirror of Debian\.$/],
  [
    'a mirror that is down, or has no sid',
    { update: 'echo "E: Failed to fetch http://mirror.test/debian/dists/sid/InRelease" >&2; exit 100' },
    '',
    /MySQL could not be downloaded: Failed to fetch http:/,
  ],
  [
    'an index that nobody trustworthy signed',
    { update: `echo "E: The repository 'sid InRelease' is not signed." >&2; exit 100` },
    '',
    /MySQL could not be downloaded: The repository 'sid InRelease' is not signed\.$/,
  ],
  [
    'packages that cannot be installed together',
    { '-qq': 'echo "E: Unable to correct problems, you have held broken packages." >&2; exit 100' },
    '',
    /MySQL could not be downloaded: Unable to correct problems/,
  ],
  [
    'a download that breaks off',
    { '--download-only': 'echo "E: Failed to fetch libc6.deb  Connection reset" >&2; exit 100' },
    '',
    /MySQL could not be downloaded: Failed to fetch libc6\.deb/,
  ],
  ...[
    'mysqld: error while loading shared libraries: libicu.so.78: cannot open shared object file',
    'mysqld: symbol lookup error: mysqld: undefined symbol: SSL_new',
    "mysqld: /lib/libc.so.6: version `GLIBC_2.99' not found (required by mysqld)",
    'FATAL: kernel too old',
  ].map((line): [string, Partial<typeof APT>, string, RegExp] => [
    line,
    {},
    `echo "${line.replaceAll('`', '\\`')}" >&2; exit 127`,
    /MySQL's packages do not fit each other today: /,
  ]),
])('%s: its last line says so, and nothing fails for it', async (_, apt, loader, line) => {
  const { code, output } = await endOf(testMysql(machine(apt, loader)))
  const last = output.trimEnd().split('\n').at(-1)
  expect(last).toMatch(/^Not tested on MySQL: /)
  expect(last).toMatch(line)
  expect(code).toBe(0)
})

test('nor where there is no apt-get', async () => {
  const { code, output } = await endOf(testMysql({ ...machine({}, ''), PATH: '/nowhere' }))
  expect(output).toMatch(/^Not tested on MySQL: MySQL could not be downloaded: .*apt-get.*\n$/)
  expect(code).toBe(0)
})

test.each([
  ['cannot tell its version, for another reason than its libraries', 'echo "unknown option" >&2; exit 1'],
  ['does not start', `${HAS_A_VERSION}\necho "[ERROR] of our making" >&2; exit 1`],
])('a server that %s is a failure', async (_, loader) => {
  const { code, output } = await endOf(testMysql(machine({}, loader)))
  expect(output).toMatch(/unknown option|of our making/)
  expect(output).not.toContain('Not tested')
  expect(code).toBe(1)
})

test('what was unpacked once is not downloaded again', async () => {
  const variables = machine({}, `${HAS_A_VERSION}\nexit 1`)
  expect((await endOf(testMysql(variables))).output).toContain('downloading 1 packages, 26 MB')
  fs.rmSync(path.join(path.dirname(variables.TMPDIR), 'bin/apt-get'))
  expect((await endOf(testMysql(variables))).output).toMatch(/^MySQL 9\.9\.9-1, out of Debian's packages/m)
})

test.each<[string, Partial<typeof APT>, string]>([
  ['while it downloads', { '--download-only': 'touch "$TMPDIR/busy"; exec sleep 297' }, ''],
  [
    'while a server starts',
    {},
    `${HAS_A_VERSION}\ntouch "$0.busy"; exec '${process.execPath}' -e 'setInterval(() => {}, 1000)' -- "$@"`,
  ],
])('a Ctrl-C %s ends everything', async (_, apt, loader) => {
  const variables = machine(apt, loader)
  const home = path.dirname(variables.TMPDIR)
  const command = testMysql(variables)
  // a folder that moves away while it is read is none yet
  const isBusy = () => {
    try {
      return fs.readdirSync(home, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('busy'))
    } catch {
      return false
    }
  }
  await waitFor(isBusy, () => command.output())
  command.kill('SIGINT')
  expect(await command.ended()).toBe(130)
  const processes = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).split('\n')
  expect(processes.filter((line) => line.includes(home))).toEqual([])
  const left = fs.readdirSync(home, { recursive: true, encoding: 'utf8' })
  expect(left.filter((name) => /dt-mysql-|partial/.test(name))).toEqual([])
})
