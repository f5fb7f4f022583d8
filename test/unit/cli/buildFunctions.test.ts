import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Bundle, buildFunctions, fillFolder } from '../../../cli/build/buildFunctions'
import { measureStart } from '../../../cli/build/measureStart'
import { temporaryFolder } from '../../support/temporaryFolder'

const PROJECT = path.join(__dirname, '../../..')
const run = promisify(execFile)
const folder = temporaryFolder()
const dist = path.join(folder, 'dist')
const certificates = path.join(folder, 'certs')
let bundles: Bundle[]

beforeAll(async () => {
  fs.mkdirSync(certificates)
  fs.writeFileSync(path.join(certificates, 'ca.pem'), 'a certificate')
  fs.writeFileSync(path.join(certificates, 'ca.key'), 'not for upload')
  for (const stale of ['webhook/chunk.js', 'webhook/node_modules/left/index.js', 'employees/old-ca.pem']) {
    fs.mkdirSync(path.dirname(path.join(dist, stale)), { recursive: true })
    fs.writeFileSync(path.join(dist, stale), 'of an older build')
  }
  bundles = await buildFunctions(dist, certificates)
})

test('one bundle a function with its source map, the CA beside employees, and nothing else', () => {
  expect(fs.readdirSync(dist)).toEqual(['employees', 'enrich', 'reconcile', 'webhook'])
  for (const name of ['webhook', 'enrich', 'reconcile']) {
    expect(fs.readdirSync(path.join(dist, name))).toEqual(['index.js', 'index.js.map'])
  }
  expect(fs.readdirSync(path.join(dist, 'employees'))).toEqual(['ca.pem', 'index.js', 'index.js.map'])
})

test('a bundle holds the mapping, and loads where there are no packages', async () => {
  expect(fs.readFileSync(path.join(dist, 'employees/index.js'), 'utf8')).toContain('user_info')
  for (const { file } of bundles) expect((await measureStart(file)).wallMs).toBeGreaterThan(0)
})

test('the size is that of the file', () => {
  for (const { name, file, bytes } of bundles) {
    expect(file).toBe(path.join(dist, name, 'index.js'))
    expect(bytes).toBe(fs.statSync(file).size)
  }
})

test('built again, a file that would be the same is left alone, and a CA that is gone is taken away', async () => {
  const again = path.join(folder, 'again')
  await buildFunctions(again, certificates)
  const bundle = path.join(again, 'employees/index.js')
  const before = fs.statSync(bundle)
  await buildFunctions(again, path.join(folder, 'nowhere'))
  expect(fs.statSync(bundle)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs })
  expect(fs.readdirSync(path.join(again, 'employees'))).toEqual(['index.js', 'index.js.map'])
})

test('a file that is replaced is replaced as a whole: whoever has the old one open reads it to its end', () => {
  const target = path.join(folder, 'filled')
  fillFolder(target, new Map([['index.js', Buffer.from('old')]]))
  const open = fs.openSync(path.join(target, 'index.js'), 'r')
  fillFolder(target, new Map([['index.js', Buffer.from('new, and longer')]]))
  expect(fs.readFileSync(open, 'utf8')).toBe('old')
  fs.closeSync(open)
  expect(fs.readFileSync(path.join(target, 'index.js'), 'utf8')).toBe('new, and longer')
})

test('another checkout, in another folder, gives the same bytes', async () => {
  const build = async (name: string, command: string[]) => {
    const project = checkout(path.join(folder, name))
    await run(process.execPath, ['--import', 'tsx', ...command], { cwd: project })
    return filesOf(path.join(project, 'dist'))
  }
  const [one, another] = await Promise.all([
    build('one', ['cli/build/index.ts']),
    // the command starts each bundle five times over, too, which once is enough
    build('another/and deeper', ['--eval', `require('./cli/build/buildFunctions').buildFunctions()`]),
  ])
  expect(Object.keys(one)).toEqual(expect.arrayContaining(['employees/index.js', 'webhook/index.js.map']))
  expect(another).toEqual(one)
})

describe('how long a bundle takes to load', () => {
  const bundle = (source: string) => {
    const file = path.join(folder, `${source.length}.js`)
    fs.writeFileSync(file, source)
    return file
  }

  test('is measured in fresh processes, which the bundle may keep busy, or hold open', async () => {
    const pids = path.join(folder, 'pids')
    const source = `
      require('node:fs').appendFileSync(${JSON.stringify(pids)}, process.pid + '\\n')
      const end = performance.now() + 20
      while (performance.now() < end);
      setInterval(() => {}, 1000)`
    const { cpuMs, wallMs } = await measureStart(bundle(source))
    expect(wallMs).toBeGreaterThanOrEqual(20)
    expect(cpuMs).toBeGreaterThan(0)
    const started = fs.readFileSync(pids, 'utf8').trim().split('\n')
    expect(new Set(started).size).toBe(5)
    expect(started).not.toContain(String(process.pid))
  })

  test('of one that does not load is an error', async () => {
    const file = bundle('throw new Error("no")')
    await expect(measureStart(file)).rejects.toThrow(`${file} does not load`)
  })
})

/** What the build reads, with the packages that are bundled as real folders and the others as links. */
function checkout(project: string): string {
  fs.mkdirSync(path.join(project, 'node_modules/@serverless-devs'), { recursive: true })
  for (const name of ['cli', 'functions', 'local', 'shared', 'mapping.yaml', 'package.json', 'tsconfig.json']) {
    fs.cpSync(path.join(PROJECT, name), path.join(project, name), { recursive: true })
  }
  const bundled = bundledPackages()
  for (const name of bundled) {
    fs.cpSync(path.join(PROJECT, 'node_modules', name), path.join(project, 'node_modules', name), { recursive: true })
  }
  for (const name of fs.readdirSync(path.join(PROJECT, 'node_modules'))) {
    const link = path.join(project, 'node_modules', name)
    if (!fs.existsSync(link)) fs.symlinkSync(path.join(PROJECT, 'node_modules', name), link)
  }
  return project
}

function bundledPackages(): Set<string> {
  const sources = bundles.flatMap(({ file }) => JSON.parse(fs.readFileSync(`${file}.map`, 'utf8')).sources as string[])
  const names = sources.map((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1])
  return new Set(names.filter((name) => name !== undefined))
}

function filesOf(root: string): Record<string, string> {
  const files = fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()
  const entries = files.filter((name) => fs.statSync(path.join(root, name)).isFile())
  return Object.fromEntries(entries.map((name) => [name, fs.readFileSync(path.join(root, name), 'latin1')]))
}
