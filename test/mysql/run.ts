import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { removeFolder } from '../../local/database/packagesFolder'
import { firstSignal, runCommand } from '../../shared/runCommand'
import { UserError } from '../../shared/userError'
import { endProcessesOf } from './endProcessesOf'
import { fetchMysql } from './fetchMysql'

const HELP = `npm run test:mysql

Runs the tests that meet a database on MySQL, in place of MariaDB, but for commands and stacks that tell nothing of rows,
or the same as others. MySQL comes out of the packages of Debian's sid with all their libraries, from the mirror that this
machine has Debian from: 60 MB once, unpacked into .local/mysql, nothing installed. Where they cannot be had, or do not fit
each other that day, the last line says so, and it ends with 0; otherwise with jest's exit code.

To run some of them: TEST_MYSQL_PACKAGES=.local/mysql npx jest --selectProjects integration -- order
`

const ROOT = path.join(__dirname, '../..')
const PACKAGES_DIR = path.resolve(process.env['TEST_MYSQL_PACKAGES'] || path.join(ROOT, '.local/mysql'))
const INTERRUPTED = 130

const NOT_ABOUT_MYSQL = [
  // how the private server of `npm start` begins, on the programs that the machine has
  'integration/database/(privateServer|findPrograms)',
  // commands and pages, none of which looks at a row
  'integration/provision',
  'e2e/(arguments|documents|emulatorCrash|map|nobodyReads|robot|send|standalone|tracePage|tryEvent)',
  'integration/setup',
  // whole stacks, of whose rows chain, integration/mapping and the tests of reconcile and maintenance that start none tell
  // the same
  'e2e/(doctor|enrichOfStack|examplesOfStack|host|kill|listen|loopbackDingTalk|lostFolder|organisationPage|reconcile)',
]

void runCommand(HELP, {}, async () => {
  const { stopping } = firstSignal()
  try {
    const options = { packagesDir: PACKAGES_DIR, env: process.env, report: console.log, stopping }
    await fetchMysql(options)
  } catch (error) {
    if (stopping.aborted) process.exitCode = INTERRUPTED
    else if (error instanceof UserError) console.log(`Not tested on MySQL: ${error.message}`)
    else throw error
    return
  }
  process.exitCode = await runJest(stopping)
})

/** In a temporary folder of its own, by which every process is known that a test started. */
async function runJest(stopping: AbortSignal): Promise<number> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'dt-mysql-'))
  try {
    const jest = spawn(
      process.execPath,
      [
        path.join(ROOT, 'node_modules/jest/bin/jest.js'),
        ...['--selectProjects', 'integration', 'e2e', '--testPathIgnorePatterns', ...NOT_ABOUT_MYSQL],
        // most of the time a test waits for a server
        '--maxWorkers=100%',
        // whatever starts a server or a stack, or asks for the server that jest's globalSetup started, goes through it
        ...['--findRelatedTests', 'test/support/mariadb.ts'],
      ],
      {
        cwd: ROOT,
        env: { ...withoutServer(process.env), TMPDIR: folder, TEST_MYSQL_PACKAGES: PACKAGES_DIR },
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    )
    stopping.addEventListener('abort', () => jest.kill())
    const [code] = await once(jest, 'close')
    return stopping.aborted ? INTERRUPTED : (code ?? 1)
  } finally {
    await endProcessesOf(folder)
    await removeFolder(folder)
  }
}

/** A server that the shell names for other runs is not the one meant here. */
function withoutServer(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEST_MYSQL_')))
}
