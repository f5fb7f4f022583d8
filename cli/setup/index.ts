import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { intro, log, outro } from '@clack/prompts'
import { runCommand } from '../../shared/runCommand'
import { UserError } from '../../shared/userError'
import { ROOT } from '../project'
import { type Answers, openAnswers } from './answers'
import { askYesNo, Left } from './ask'
import { askAccount, askLogs, askNetwork } from './steps/account'
import { askAddressBook } from './steps/addressBook'
import { askAuthentication } from './steps/authentication'
import { askDatabase } from './steps/database'
import { askOptions } from './steps/options'

const HELP = `npm run setup

Asks for what a deployment needs and nobody else can know, and writes it into .env, with the comments of .env.example:
the access key, the log project, the network, the database, by what the webhook knows who calls, and, if there is one, the
app that may read DingTalk's address book, with which enrich and reconcile are deployed. Tokens and keys of
our own it makes itself. Each answer is held against the rules of npm run check:environment, and tried at once, where it
can be from here: the key at STS, the log project at Simple Log Service, the database, DingTalk's keys. What cannot be
tried is said, and is no error.

Ctrl-C or Esc leaves. What was answered is kept, and the next run asks only for what is missing or wrong, or for all, where
Enter keeps what is there; secrets are never shown. An empty answer leaves a variable for later. What the shell sets is not asked for: it goes before .env.
`

const STEPS: readonly (readonly [string, (answers: Answers) => Promise<void>])[] = [
  ['Alibaba Cloud', askAccount],
  ['Logs', askLogs],
  ['Network of the database', askNetwork],
  ['Database', askDatabase],
  ['Authentication of the webhook', askAuthentication],
  ['Options', askOptions],
  ['Address book of DingTalk', askAddressBook],
]

void runCommand(HELP, {}, async () => {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError(
      'npm run setup asks, and there is no terminal to ask at. Copy .env.example to .env and fill it in; npm run check:environment says what is missing.',
    )
  }
  // a terminal without a size says 0, and each letter would get a line
  if (!process.stdout.columns) Object.assign(process.stdout, { columns: 80, rows: 24 })
  const answers = openAnswers(ROOT, process.env)
  intro('What a deployment needs, into .env. Ctrl-C leaves; what was answered is kept.')
  try {
    answers.onlyLacking =
      answers.areBegun && (await askYesNo('.env has answers. Ask only for what is missing or wrong?', true))
    for (const [title, ask] of STEPS) {
      log.step(title)
      await ask(answers)
    }
  } catch (error) {
    if (!(error instanceof Left)) throw error
    throw new UserError(
      answers.areKept()
        ? 'Left. What was answered is in .env; npm run setup goes on from there.'
        : 'Left. Nothing was written.',
    )
  }
  outro('What was answered is in .env, which only you can read. npm run check:environment says:')
  conclude()
})

/** In the command's own words. */
function conclude(): void {
  const check = path.join(ROOT, 'cli/checkEnvironment/index.ts')
  const { status } = spawnSync(process.execPath, ['--require', './cli/withPackages.cjs', check], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  if (status !== 0) {
    process.exitCode = 1
    console.log('\nnpm run setup again asks for what is missing.')
    return
  }
  console.log(
    '\nNext: what ram/README.md prepares once, if that is not done yet; the tables, by the SQL of npm run migrate -- --sql; then s deploy (in CI s deploy -y)',
  )
}
