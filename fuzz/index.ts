import { randomInt } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buildFunctions } from '../cli/build/buildFunctions'
import type { Database } from '../local/database/database'
import { startDatabase } from '../local/database/startDatabase'
import { firstSignal, runCommand } from '../shared/runCommand'
import { UserError } from '../shared/userError'
import type { Area } from './area'
import { areas } from './areas'
import { type Ran, runArea } from './run'

const HELP = `npm run fuzz [-- AREA …] [--requests N] [--seed S]

Sends hostile input to the functions and to EventBridge's APIs: real bodies, mutated as JSON and as bytes, with signatures that
are right and wrong. Each answer, each line of the log and each row is held against what is promised; what fails is shrunk and
told with its seed; Ctrl-C ends it with what was found so far. Everything runs on free ports, on a private MariaDB and in a folder of its own.

  AREA …         ${areas.map(({ name, requests }) => `${name} (${requests})`).join(', ')}; all of them without one
  --requests N   how many inputs each area gets, in place of those numbers
  --seed S       the same inputs again
`

const ARGUMENTS = {
  options: { requests: { type: 'string' }, seed: { type: 'string' } },
  allowPositionals: true,
} as const

void runCommand(HELP, ARGUMENTS, async ({ values, positionals }) => {
  const chosen = chooseAreas(positionals)
  const requests = values.requests === undefined ? undefined : readNumber('--requests', values.requests)
  const seed = values.seed === undefined ? randomInt(1, 2 ** 31 - 1) : readNumber('--seed', values.seed)
  console.log(`seed ${seed}`)
  const { stopping } = firstSignal()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dingtalk-eventbridge-fuzz-'))
  const shared = openShared(folder)
  try {
    for (const area of chosen) {
      if (stopping.aborted) break
      const own = path.join(folder, area.name)
      fs.mkdirSync(own)
      const ran = await runArea(area, { ...shared, folder: own }, { requests, seed, stopping, found: console.log })
      console.log(tellRan(area.name, ran))
      if (ran.findings.length > 0) process.exitCode = 1
    }
  } finally {
    await shared.close()
    fs.rmSync(folder, { recursive: true, force: true })
  }
})

function tellRan(name: string, { requests, seconds, heldBytes: { before, after }, counts, findings }: Ran): string {
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1)
  const became = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, times]) => `  ${what}: ${times}`)
  return [
    `${name}: ${requests} in ${Math.round(seconds)} s, held ${megabytes(before)} MB, then ${megabytes(after)} MB`,
    ...became,
    findings.length === 0 ? '  no findings' : `  ${findings.length} findings`,
  ].join('\n')
}

/** @throws UserError */
function chooseAreas(names: readonly string[]): readonly Area[] {
  const unknown = names.find((name) => !areas.some((area) => area.name === name))
  if (unknown === undefined) return names.length === 0 ? areas : areas.filter(({ name }) => names.includes(name))
  throw new UserError(`There is no area ${unknown}. There are: ${areas.map(({ name }) => name).join(', ')}`)
}

/** @throws UserError */
function readNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UserError(`${option} takes a number from 1 to 999999999, such as ${option} 1000`)
}

/** What several areas need, and not all of them. */
function openShared(folder: string) {
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
    database: () => (database ??= startServer()),
    bundles: () => (bundles ??= build()),
    close: async () => (await database)?.stop(),
  }
}
