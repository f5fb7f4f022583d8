import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { withProgress } from '../cli/progress'
import { UserError } from '../shared/userError'
import type { Part } from './parts'

/** https://stryker-mutator.io/docs/mutation-testing-elements/mutant-states-and-metrics/ */
export type MutantStatus =
  | 'Killed'
  | 'Survived'
  | 'NoCoverage'
  | 'Timeout'
  | 'RuntimeError'
  | 'CompileError'
  | 'Ignored'
  | 'Pending'

interface Mutant {
  mutatorName: string
  replacement?: string
  status: MutantStatus
  location: { start: { line: number; column: number }; end: { line: number; column: number } }
}

/** What of Stryker's report is read. */
export interface Report {
  files: Record<string, { source: string; mutants: readonly Mutant[] }>
}

/** What the unit tests read or import. */
const SOURCES = ['functions', 'shared', 'emulator', 'local', 'cli']

interface Options {
  /** of the project */
  root: string
  /** for all that is kept, within the project */
  folder: string
  concurrency: number
}

/** @throws UserError when Stryker does not come to an end */
export async function runStryker(part: Part, options: Options): Promise<Report> {
  const { root, folder } = options
  const fileOf = (end: string) => `${folder}/${part.mutate.replaceAll('/', '-')}.${end}`
  const [reportFile, configFile, logFile] = ['report.json', 'config.json', 'log'].map((end) =>
    path.join(root, fileOf(end)),
  ) as [string, string, string]
  fs.rmSync(reportFile, { force: true })
  // within the project a second package.json of its name would confuse every jest that runs meanwhile
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'dingtalk-eventbridge-mutation-'))
  fs.writeFileSync(configFile, JSON.stringify(strykerConfig(part, options, copy, fileOf), undefined, 2))
  try {
    await withProgress(part.mutate, {}, (report) => run(root, configFile, logFile, report))
  } finally {
    fs.rmSync(copy, { recursive: true, force: true })
  }
  if (fs.existsSync(reportFile)) return JSON.parse(fs.readFileSync(reportFile, 'utf8')) as Report
  throw new UserError(`Stryker has not come to an end: ${fileOf('log')} says why`)
}

function strykerConfig(
  { mutate, without, tests }: Part,
  { root, concurrency }: Options,
  copy: string,
  fileOf: (end: string) => string,
): object {
  const { projects } = require(path.join(root, 'jest.config.js')) as { projects: { displayName: string }[] }
  return {
    mutate: mutate.endsWith('.ts')
      ? [mutate]
      : [
          `${mutate}/**/*.ts`,
          ...without.map((other) => (other.endsWith('.ts') ? `!${other}` : `!${other}/**`)),
          '!**/*.d.ts',
          '!shared/page/client/**',
        ],
    testRunner: 'jestByFile',
    plugins: [path.join(root, 'mutation/jestByFile.mjs'), path.join(root, 'mutation/ignore.mjs')],
    ignorers: ['messages', 'constants'],
    jest: {
      // to find them again for each change takes longer than to load these few
      enableFindRelatedTests: false,
      config: {
        ...projects.find(({ displayName }) => displayName === 'unit'),
        // Stryker adds these to what jest.config.js says, which is every project
        projects: null,
        testEnvironment: path.join(root, 'mutation/failFast.cjs'),
        // a change that makes a test wait for ever is noticed by this; a loop without end, by Stryker's own limits below
        testTimeout: 10_000,
        roots: ['<rootDir>/test', ...SOURCES.map((source) => `<rootDir>/${source}`)],
        testMatch: tests.flatMap((test) => [`<rootDir>/test/${test}.test.ts`, `<rootDir>/test/${test}/**/*.test.ts`]),
      },
    },
    coverageAnalysis: 'perTest',
    // what is made once when a file is loaded: a change of it would run every test
    ignoreStatic: true,
    incremental: true,
    incrementalFile: fileOf('incremental.json'),
    concurrency,
    tempDirName: copy,
    ignorePatterns: ['.local*', '.s', 'dist', 'emulator/dist', 'coverage', '**/node_modules'],
    disableTypeChecks: false,
    dryRunTimeoutMinutes: 30,
    // on a machine with other work a test takes longer than when it was measured
    timeoutMS: 10_000,
    timeoutFactor: 2,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: fileOf('report.json') },
    allowConsoleColors: false,
  }
}

function run(
  root: string,
  configFile: string,
  logFile: string,
  report: (done: number, known: { total: number }) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const log = fs.createWriteStream(logFile)
    const stryker = path.join(root, 'mutation/node_modules/@stryker-mutator/core/bin/stryker.js')
    const child = spawn(process.execPath, [stryker, 'run', configFile], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    // it ends, and what is left of it here goes
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => child.kill(signal))
    const read = (text: string) => {
      log.write(text)
      const [, done, total] = /(\d+)\/(\d+) tested/.exec(text) ?? []
      if (done !== undefined && total !== undefined) report(Number(done), { total: Number(total) })
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.stderr.setEncoding('utf8').on('data', read)
    child.on('error', reject)
    child.on('close', () => log.end(resolve))
  })
}
