import { execFileSync } from 'node:child_process'
import { PROJECT } from '../../support/documents'

/** The files that node has loaded once it has this module, as a command does. */
function loadedBy(module: string): string[] {
  const source = `require(${JSON.stringify(module)}); console.log(JSON.stringify(Object.keys(require.cache)))`
  const args = ['--require', './cli/withPackages.cjs', '--eval', source]
  return JSON.parse(execFileSync(process.execPath, args, { cwd: PROJECT, encoding: 'utf8' }))
}

// it cost every command a fifth of its time
test('a command that needs a type or a small function of the emulator loads neither SQLite nor an API of it', () => {
  const files = loadedBy('./emulator')
  expect(files).toContain(`${PROJECT}/emulator/index.ts`)
  expect(files.filter((file) => /node_modules\/(libsql|zod)\/|emulator\/(api|pop|tracePage)\//.test(file))).toEqual([])
})
