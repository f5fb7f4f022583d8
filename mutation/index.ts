import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { errorMessage } from '../shared/errorCode'
import { runCommand } from '../shared/runCommand'
import { UserError } from '../shared/userError'
import { partNamed, partNames } from './parts'
import { runStryker } from './runStryker'
import { type Score, scoreOf, scoresTable, survivorsText } from './scores'
import { withDatabase } from './withDatabase'

const GOAL = 85

const HELP = `npm run mutation [-- FOLDER …] [--tests TESTS] [--concurrency N]

Mutation testing: Stryker makes thousands of small changes to the code, one at a time, runs the tests of that part which reach
it, and tells which change none of them has noticed. Prints the score of each folder; the survivors and their lines are in
.local/mutation/survivors.txt. A run remembers what it found: the next one tries again what was changed since. All of it takes
some four hours. Ends with status 1 where a folder is below ${GOAL} %.

Unit tests run, and of the code that writes SQL the integration tests with a MariaDB, which is started for the whole run.
Texts of messages are not changed, nor is what is made once when a file is loaded. Stryker is installed into
mutation/node_modules with the first run.

  FOLDER …          or files: ${partNames.join(', ')}, or what is in them; all of these without one
  --tests TESTS     those of test that should notice, such as unit/employees/mergeChanges,unit/mapping, in place of the part's:
                    for one file, while its tests are written, it takes a fraction of the time
  --concurrency N   how many changes are tried at once (2)
`

const ARGUMENTS = {
  options: { tests: { type: 'string' }, concurrency: { type: 'string' } },
  allowPositionals: true,
} as const

const ROOT = path.join(__dirname, '..')
/** Within the project. */
const OWN_FOLDER = '.local/mutation'

void runCommand(HELP, ARGUMENTS, async ({ values, positionals }) => {
  const named = (positionals.length === 0 ? partNames : positionals).map((name) => partNamed(name, ROOT))
  const tests = values.tests?.split(',')
  const parts = tests === undefined ? named : named.map((part) => ({ ...part, tests }))
  const { concurrency = '2' } = values
  if (!/^[1-9]\d?$/.test(concurrency)) throw new UserError('--concurrency takes a number from 1 to 99')
  installStryker()
  fs.mkdirSync(path.join(ROOT, OWN_FOLDER), { recursive: true })
  const scores: Score[] = []
  for (const part of parts) {
    const started = Date.now()
    const run = () => runStryker(part, { root: ROOT, folder: OWN_FOLDER, concurrency: Number(concurrency) })
    const needsDatabase = part.tests.some((test) => test.startsWith('integration'))
    const report = await (needsDatabase ? withDatabase(ROOT, run) : run())
    scores.push(scoreOf(part.mutate, report, Date.now() - started))
    // at once: a run takes long
    console.log(scoresTable(scores.slice(-1)))
    fs.writeFileSync(path.join(ROOT, OWN_FOLDER, 'survivors.txt'), survivorsText(scores))
  }
  if (scores.length > 1) console.log(`\n${scoresTable(scores)}`)
  console.log(`\nThe survivors: ${OWN_FOLDER}/survivors.txt`)
  if (scores.some(({ percent }) => percent < GOAL)) process.exitCode = 1
})

/** What the lock file says, once: npm leaves its own copy of that in node_modules. */
function installStryker(): void {
  const installed = path.join(__dirname, 'node_modules/.package-lock.json')
  const wanted = path.join(__dirname, 'package-lock.json')
  if (fs.existsSync(installed) && fs.statSync(installed).mtimeMs >= fs.statSync(wanted).mtimeMs) return
  console.error('Installing Stryker into mutation/node_modules …')
  try {
    execFileSync('npm', ['ci', '--silent', '--ignore-scripts'], {
      cwd: __dirname,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  } catch (error) {
    throw new UserError(`Stryker could not be installed (${errorMessage(error)}). Try: cd mutation && npm ci`)
  }
}
