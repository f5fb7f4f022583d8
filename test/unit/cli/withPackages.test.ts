import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { PROJECT } from '../../support/documents'
import { temporaryFolder } from '../../support/temporaryFolder'

const project = temporaryFolder()
const modules = path.join(project, 'node_modules')

beforeAll(() => {
  fs.mkdirSync(path.join(project, 'cli'))
  fs.copyFileSync(path.join(PROJECT, 'cli/withPackages.cjs'), path.join(project, 'cli/withPackages.cjs'))
  fs.copyFileSync(path.join(PROJECT, 'package.json'), path.join(project, 'package.json'))
})

/** Every package of the project but these is there. */
function install(...without: string[]): void {
  fs.rmSync(modules, { recursive: true, force: true })
  const { dependencies, devDependencies } = JSON.parse(fs.readFileSync(path.join(project, 'package.json'), 'utf8'))
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    if (without.includes(name)) continue
    fs.mkdirSync(path.dirname(path.join(modules, name)), { recursive: true })
    fs.symlinkSync(path.join(PROJECT, 'node_modules', name), path.join(modules, name))
  }
}

function run(source: string, options: readonly string[] = []) {
  fs.writeFileSync(path.join(project, 'cli/command.ts'), source)
  const args = [...options, '--require', './cli/withPackages.cjs', 'cli/command.ts']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

const missing = (name: string) => ({
  status: 1,
  output: `The packages of this project are not all here (${name} is missing). Install them: npm ci\n`,
})

test('with all packages a command of TypeScript runs', () => {
  install()
  expect(run('const text: string = "runs"; console.log(text)')).toEqual({ status: 0, output: 'runs\n' })
})

const WITHOUT = '--no-experimental-require-module'
// up to 20.18, node requires none, and knows no option for it
const knowsOption = spawnSync(process.execPath, [WITHOUT, '--version']).status === 0

test.each<[string, Record<string, string>]>([
  ['of CommonJS', { 'index.js': "exports.word = 'runs'" }],
  ['of CommonJS by its name', { 'index.cjs': "exports.word = 'runs'" }],
  ['that imports an ES module', { 'index.js': "exports.word = 'runs'; import('./late.mjs')", 'late.mjs': '' }],
  [
    'of ES modules',
    { 'package.json': '{"type":"module","main":"index.js"}', 'index.js': "export const word = 'runs'" },
  ],
  ['of ES modules by their names', { 'index.mjs': "export const word = 'runs'" }],
])('a package %s is loaded, by a node that requires ES modules and by one that does not', (_, files) => {
  install()
  const [main = ''] = Object.keys(files).filter((name) => name.startsWith('index'))
  const folder = path.join(modules, 'some-package')
  fs.mkdirSync(folder)
  const all = { 'package.json': JSON.stringify({ main }), ...files }
  for (const [name, text] of Object.entries(all)) fs.writeFileSync(path.join(folder, name), text)
  for (const options of knowsOption ? [[], [WITHOUT]] : [[]]) {
    expect(run("import { word } from 'some-package'\nconsole.log(word)", options)).toEqual({
      status: 0,
      output: 'runs\n',
    })
  }
})

test('the files of a package are as they are, and not looked through by tsx, which takes a tenth of a command’s start', () => {
  install()
  const folder = path.join(modules, 'some-package')
  fs.mkdirSync(folder)
  const written = "() => import('./late.mjs')"
  for (const kind of ['js', 'cjs']) fs.writeFileSync(path.join(folder, `index.${kind}`), `exports.lazy = ${written}`)
  const source = (kind: string) => `import { lazy } from 'some-package/index.${kind}'\nconsole.log(String(lazy))`
  for (const kind of ['js', 'cjs']) expect(run(source(kind)).output).toBe(`${written}\n`)
})

test.each(['tsx', 'esbuild', 'mysql2', '@swc/core'])('without %s: what to type, and no stack', (name) => {
  install(name)
  expect(run('console.log("runs")')).toEqual(missing(name))
})

test('without any', () => {
  fs.rmSync(modules, { recursive: true, force: true })
  expect(run('console.log("runs")')).toEqual(missing('@serverless-devs/fc-http'))
})

test.each<[string, string, string]>([
  ['that a package needs in turn', `require('in-turn/lib/file')`, 'in-turn/lib/file'],
  ['of a scope', `require('@libsql/of-another-platform')`, '@libsql/of-another-platform'],
  ['that is imported later', `void (async () => { await import('later') })()`, 'later'],
  [
    'whose file is missing',
    `throw Object.assign(new Error("Cannot find module '/a/node_modules/@b/c/d.js'"), { code: 'MODULE_NOT_FOUND' })`,
    '@b/c',
  ],
  [
    'with the binary of another platform',
    'throw new Error("\\nYou installed esbuild for another platform than the one")',
    'esbuild',
  ],
  ['without a binary', `throw new Error('The package "@esbuild/linux-x64" could not be found')`, 'esbuild'],
])('a package %s', (_, source, name) => {
  install()
  expect(run(source)).toEqual(missing(name))
})

test.each([`require('./missing')`, `throw new Error('a fault')`])('any other fault keeps its stack: %s', (source) => {
  install()
  const { status, output } = run(source)
  expect([status, output]).toEqual([1, expect.stringMatching(/\n\s+at /)])
  expect(output).not.toContain('npm ci')
})

test('every script of TypeScript is begun so', () => {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(PROJECT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const others = Object.values(scripts).filter(
    (script) => /\.ts\b/.test(script) && !script.includes('withPackages.cjs'),
  )
  expect(others).toEqual([])
})

test.each([
  [['--omit=dev'], {}],
  [[], { NODE_ENV: 'production' }],
])('npm %j, with %j in the environment, counts what commands need', (args, environment) => {
  const env = { ...process.env, ...environment }
  const found = execFileSync('npm', ['ls', 'tsx', 'yaml', '--json', ...args], { cwd: PROJECT, env, encoding: 'utf8' })
  expect(Object.keys(JSON.parse(found).dependencies)).toEqual(expect.arrayContaining(['tsx', 'yaml']))
})
