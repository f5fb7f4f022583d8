import fs from 'node:fs'
import { strykerPlugins as jestPlugins, strykerValidationSchema as schemaOfJest } from '@stryker-mutator/jest-runner'

/** The defaults of the options under `jest`. */
export const strykerValidationSchema = schemaOfJest

/**
 * Stryker's jest runner, which for each change loads every file of tests to run the few tests that reach it, and goes on
 * after the first that fails. This one loads only the files of those tests, and stops at the first that fails: it begins with
 * those that have noticed other changes of the same file of code, the last of them first, and goes on with the quickest.
 */
export const strykerPlugins = [{ kind: 'TestRunner', name: 'jestByFile', factory: jestByFile }]

const [{ factory: jestRunner }] = jestPlugins
jestByFile.inject = jestRunner.inject

/** In the copy in which all runners work: one runs everything first, and every one tries changes after it. */
const TESTS_BY_FILE = '.testsByFile.json'

function jestByFile(injector) {
  const runner = jestRunner(injector)
  const { jestTestAdapter: jest } = runner
  let testsByFile
  /** of each file of code, those that have noticed a change of it: the last one first */
  const noticedBy = new Map()

  async function runFile(file, options) {
    runner.jestTestAdapter = { run: (settings) => jest.run({ ...settings, testFiles: [file] }) }
    try {
      return await runner.mutantRun(options)
    } finally {
      runner.jestTestAdapter = jest
    }
  }

  return {
    init: () => runner.init(),
    capabilities: () => runner.capabilities(),
    async dryRun(options) {
      const result = await runner.dryRun(options)
      if (result.status === 'complete') fs.writeFileSync(TESTS_BY_FILE, JSON.stringify(quickestFirst(result.tests)))
      return result
    },
    async mutantRun(options) {
      const { testFilter } = options
      if (testFilter === undefined) return runner.mutantRun(options)
      testsByFile ??= new Map(
        JSON.parse(fs.readFileSync(TESTS_BY_FILE, 'utf8')).map(([file, tests]) => [file, new Set(tests)]),
      )
      const first = noticedBy.get(options.sandboxFileName) ?? []
      let nrOfTests = 0
      for (const file of new Set([...first, ...testsByFile.keys()])) {
        const wanted = testFilter.filter((test) => testsByFile.get(file).has(test))
        if (wanted.length === 0) continue
        const result = await runFile(file, { ...options, testFilter: wanted })
        nrOfTests += result.nrOfTests ?? 0
        if (result.status === 'survived') continue
        noticedBy.set(options.sandboxFileName, [...new Set([file, ...first])])
        return { ...result, nrOfTests }
      }
      return { status: 'survived', nrOfTests }
    },
  }
}

/** @returns `[[file, [id of a test, …]], …]` */
function quickestFirst(tests) {
  const files = new Map()
  for (const { id, fileName, timeSpentMs } of tests) {
    const file = files.get(fileName) ?? { ids: [], ms: 0 }
    files.set(fileName, file)
    file.ids.push(id)
    file.ms += timeSpentMs
  }
  return [...files].sort(([, a], [, b]) => a.ms - b.ms).map(([fileName, { ids }]) => [fileName, ids])
}
