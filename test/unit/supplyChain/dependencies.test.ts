import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { buildFunctions } from '../../../cli/build/buildFunctions'
import { PROJECT, readDocument } from '../../support/documents'
import { temporaryFolder } from '../../support/temporaryFolder'

// What is installed and what is deployed, held against the tables of CONTRIBUTING.md: a package more fails here until
// somebody has written down why.

interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  overrides?: Record<string, string>
  allowScripts?: Record<string, boolean>
}

interface Locked {
  version?: string
  license?: string
  integrity?: string
  resolved?: string
  link?: boolean
  dev?: boolean
  devOptional?: boolean
  hasInstallScript?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const readJson = <T>(...file: string[]) => JSON.parse(fs.readFileSync(path.join(PROJECT, ...file), 'utf8')) as T
const lockOf = (folder: string) =>
  Object.entries(readJson<{ packages: Record<string, Locked> }>(folder, 'package-lock.json').packages).filter(
    ([place]) => place.includes('node_modules/'),
  )
const nameOf = (place: string) => place.replace(/^.*node_modules\//, '')

const root = readJson<Manifest>('package.json')
const emulator = readJson<Manifest>('emulator', 'package.json')
/** Folders with packages of their own, such as bench/. */
const apart = fs
  .readdirSync(PROJECT)
  .filter((name) => name !== 'emulator' && fs.existsSync(path.join(PROJECT, name, 'package.json')))
const packages = lockOf('.').filter(([, { link }]) => !link)

/** The rows of a table of CONTRIBUTING.md, by the first words of its head. */
function rowsOf(head: string): [first: string, ...rest: string[]][] {
  const [, table = ''] = readDocument('CONTRIBUTING.md').text.split(`\n| ${head} |`)
  const [body = ''] = table.replace(/^[^\n]*\n\|[-|]+\n/, '').split('\n\n')
  return body
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')) as [string, ...string[]])
}

/** The packages that a table names in its first column. */
const namedIn = (head: string) =>
  rowsOf(head).flatMap(([cell]) => (cell.match(/`[^`]+`/g) ?? []).map((code) => code.slice(1, -1)))

const names = (...lists: (Record<string, string> | undefined)[]) =>
  lists.flatMap((list) => Object.keys(list ?? {})).sort()

test('each dependency has its row and its reason, and no row is left over', () => {
  expect(namedIn('deployed').sort()).toEqual(names(root.dependencies))
  expect(namedIn('for development').sort()).toEqual(names(root.devDependencies, emulator.dependencies))
  expect(
    rowsOf('deployed')
      .concat(rowsOf('for development'))
      .filter(([, why = '']) => why.length < 10),
  ).toEqual([])
})

test.each(apart)('%s/: what it needs of its own is named, too', (folder) => {
  const { dependencies, devDependencies } = readJson<Manifest>(folder, 'package.json')
  const { text } = readDocument('CONTRIBUTING.md')
  expect(names(dependencies, devDependencies).filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

test.each(['.', 'emulator', ...apart])('%s/package.json names exact versions', (folder) => {
  const { dependencies, devDependencies, overrides } = readJson<Manifest>(folder, 'package.json')
  const all = Object.entries({ ...dependencies, ...devDependencies, ...overrides })
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
})

test.each(['.', ...apart])(
  'the lock file of %s says what each package is, byte for byte, and names no place that it is from',
  (folder) => {
    const loose = lockOf(folder).filter(
      ([, { link, integrity = '', version, resolved }]) =>
        !link && !(integrity.startsWith('sha512-') && version && resolved === undefined),
    )
    expect(loose.map(([place]) => place)).toEqual([])
  },
)

test('no package has an install script but those whose scripts are denied', () => {
  const withScript = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => nameOf(place))
  expect(root.allowScripts).toEqual(Object.fromEntries(withScript.sort().map((name) => [name, false])))
})

/** With which one may do what is done here. Of those for development alone nothing is given to others. */
const DEPLOYED = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'])
const INSTALLED = new Set([
  ...DEPLOYED,
  ...['BlueOak-1.0.0', 'MPL-2.0', 'CC-BY-4.0', '(MIT OR CC0-1.0)', 'MIT OR Apache-2.0', 'Apache-2.0 AND MIT'],
  // as two packages write it
  ...['Apache License 2.0', 'Apache 2.0'],
])

test('each licence is a known one, and what is deployed or published has one that asks for its notice at most', () => {
  const unknown = packages.filter(
    ([, { license = 'none', dev, devOptional }]) => !(dev || devOptional ? INSTALLED : DEPLOYED).has(license),
  )
  expect(unknown.map(([place, { license }]) => `${place}: ${license}`)).toEqual([])
})

test('the licences are those of the packages that are installed', () => {
  const differing = packages.filter(([place, { license }]) => {
    const file = path.join(PROJECT, place, 'package.json')
    // one for another machine
    if (!fs.existsSync(file)) return false
    const own = (JSON.parse(fs.readFileSync(file, 'utf8')) as { license?: string | { type: string } }).license
    return (typeof own === 'object' ? own.type : own) !== license
  })
  expect(differing.map(([place]) => place)).toEqual([])
})

describe('a bundle', () => {
  const dist = temporaryFolder()
  const planted: Record<string, string> = {}
  const before = { ...process.env }

  beforeAll(async () => {
    const variables =
      fs.readFileSync(path.join(PROJECT, '.env.example'), 'utf8').match(/^#? ?[A-Z][A-Z0-9_]+(?==)/gm) ?? []
    for (const [at, name] of variables.map((line) => line.replace(/^#? ?/, '')).entries())
      planted[name] = `planted-${at}-value`
    Object.assign(process.env, planted)
    await buildFunctions(dist, path.join(dist, 'no-certificates'))
  })
  afterAll(() => {
    process.env = before
  })

  test('holds the packages that CONTRIBUTING.md lists, under these licences, and no other', () => {
    const found = fs.readdirSync(dist).flatMap((name) => {
      const { sources } = JSON.parse(fs.readFileSync(path.join(dist, name, 'index.js.map'), 'utf8')) as {
        sources: string[]
      }
      return sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? [])
    })
    const licenceOf = (name: string) => packages.find(([place]) => place === `node_modules/${name}`)?.[1].license
    expect(rowsOf('in a bundle').map(([name, licence]) => [name, licence])).toEqual(
      [...new Set(found)].sort().map((name) => [`\`${name}\``, licenceOf(name)]),
    )
  })

  test('holds no value of the environment that it was built in, nor does its map', () => {
    expect(Object.keys(planted).length).toBeGreaterThan(20)
    for (const name of fs.readdirSync(dist)) {
      for (const file of fs.readdirSync(path.join(dist, name))) {
        const text = fs.readFileSync(path.join(dist, name, file), 'utf8')
        expect(Object.entries(planted).filter(([, value]) => text.includes(value))).toEqual([])
        expect(text).not.toContain('planted-')
      }
    }
  })
})

test('what the package eventbridge-local brings with it', () => {
  const found = new Set<string>()
  const visit = (name: string, from = '') => {
    const near = packages.find(([place]) => place === `${from}/node_modules/${name}`)
    const [place, locked] = near ?? packages.find(([at]) => at === `node_modules/${name}`) ?? []
    if (place === undefined || found.has(name)) return
    found.add(name)
    for (const next of names(locked?.dependencies)) visit(next, place)
  }
  for (const name of names(emulator.dependencies)) visit(name)
  expect([...found].sort()).toEqual(['@neon-rs/load', 'detect-libc', 'libsql'])
})

test('npm says what all that is, without the network', async () => {
  const command = /`npm (sbom [^`]+)`/.exec(readDocument('SECURITY.md').text)?.[1] ?? ''
  const options = { cwd: PROJECT, maxBuffer: 2 ** 26, env: { ...process.env, npm_config_offline: 'true' } }
  const { stdout } = await promisify(execFile)('npm', command.split(' '), options)
  const { bomFormat, components } = JSON.parse(stdout) as { bomFormat: string; components: { name: string }[] }
  const told = components.map(({ name }) => name)
  expect(bomFormat).toBe('CycloneDX')
  expect(told).toEqual(expect.arrayContaining(names(root.dependencies, emulator.dependencies)))
  // those for development are not in it
  expect(told.filter((name) => ['jest', 'typescript', 'vitest'].includes(name))).toEqual([])
})
