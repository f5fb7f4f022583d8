import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buildFunctions } from '../cli/build/buildFunctions'
import { withProgress } from '../cli/progress'
import type { Database } from '../local/database/database'
import { startDatabase } from '../local/database/startDatabase'
import { errorMessage } from '../shared/errorCode'
import { runCommand } from '../shared/runCommand'
import { UserError } from '../shared/userError'
import { drawDocuments } from './draw/documents'
import { tableText } from './draw/tableText'
import { endAll } from './harness/measure'
import { keepResult } from './results'
import type { Bench, Topic } from './topic'
import { topics } from './topics'

const HELP = `npm run bench [-- TOPIC …] [--rounds N] [--quick | --save]
npm run bench -- --draw

Measures the functions, the local stack and the emulator beside their peers and the floor, in one run, on a private MariaDB
at default durability: a table a topic, medians, and the goals that are met or not. Ratios count; absolute times are this
machine's. The peers are installed into bench/node_modules with the first run.

  TOPIC …       ${topics.map(({ name }) => name).join(', ')}; all of them without one
  --rounds N    how often each is measured (5)
  --quick       a small run, to see that everything works; its figures mean nothing
  --save        keeps the tables in bench/results.json, each topic in its place, and draws the documents
  --draw        draws them from bench/results.json, and measures nothing
`

const ARGUMENTS = {
  options: {
    rounds: { type: 'string' },
    quick: { type: 'boolean' },
    save: { type: 'boolean' },
    draw: { type: 'boolean' },
  },
  allowPositionals: true,
} as const

void runCommand(HELP, ARGUMENTS, async ({ values, positionals }) => {
  if (values.draw) return drawDocuments()
  const chosen = chooseTopics(positionals)
  const quick = values.quick === true
  if (quick && values.save) throw new UserError('The figures of --quick mean nothing: --save keeps none of them')
  const rounds = readRounds(values.rounds ?? (quick ? '1' : '5'))
  installPeers()
  const machine = `${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GB; Node.js ${process.version}`
  console.log(`${machine}; ${rounds === 1 ? 'one round' : `medians of ${rounds} rounds`}\n`)
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dingtalk-eventbridge-bench-'))
  const shared = openShared(folder)
  try {
    for (const { name, measure } of chosen) {
      const table = await withProgress(name, { total: 100 }, (report) =>
        measure({ ...shared.bench, rounds, quick, folder, report: (part) => report(Math.round(part * 100)) }),
      )
      console.log(tableText(table))
      // at once: a run takes long, and a later topic may fail
      if (values.save) keepResult({ topic: name, date: new Date().toISOString().slice(0, 10), machine, rounds, table })
    }
  } finally {
    endAll()
    await shared.close()
    fs.rmSync(folder, { recursive: true, force: true })
  }
  if (values.save) drawDocuments()
})

/** @throws UserError */
function chooseTopics(names: readonly string[]): readonly Topic[] {
  const unknown = names.find((name) => !topics.some((topic) => topic.name === name))
  if (unknown === undefined) return names.length === 0 ? topics : topics.filter(({ name }) => names.includes(name))
  throw new UserError(`There is no topic ${unknown}. There are: ${topics.map(({ name }) => name).join(', ')}`)
}

/** @throws UserError */
function readRounds(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text)
  throw new UserError('--rounds takes a number from 1 to 999, such as --rounds 5')
}

/** What the lock file says, once: npm leaves its own copy of that in node_modules. */
function installPeers(): void {
  const installed = path.join(__dirname, 'node_modules/.package-lock.json')
  const wanted = path.join(__dirname, 'package-lock.json')
  if (fs.existsSync(installed) && fs.statSync(installed).mtimeMs >= fs.statSync(wanted).mtimeMs) return
  console.error('Installing the peers into bench/node_modules …')
  try {
    execFileSync('npm', ['ci', '--silent', '--ignore-scripts'], {
      cwd: __dirname,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  } catch (error) {
    throw new UserError(`The peers could not be installed (${errorMessage(error)}). Try: cd bench && npm ci`)
  }
}

/** What several topics need, and not all of them. */
function openShared(folder: string): { bench: Pick<Bench, 'database' | 'bundles'>; close(): Promise<void> } {
  let database: Promise<Database> | undefined
  let bundles: Promise<string> | undefined
  const startServer = () =>
    startDatabase({
      env: { PATH: process.env['PATH'] },
      external: false,
      dataDir: path.join(folder, 'database'),
      packagesDir: path.join(__dirname, '../.local/mariadb'),
      report: console.error,
    })
  const build = async () => {
    const dist = path.join(folder, 'dist')
    await buildFunctions(dist)
    return dist
  }
  return {
    bench: {
      database: () => (database ??= startServer()),
      bundles: () => (bundles ??= build()),
    },
    close: async () => (await database)?.stop(),
  }
}
