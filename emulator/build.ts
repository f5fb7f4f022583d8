import fs from 'node:fs'
import path from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'
import { buildClient } from '../shared/page/buildClient'
import { bundleTypes } from './bundleTypes'

/*
 * Makes of emulator/ the package that is published, in dist/: one file of JavaScript with all that it needs but libsql, which
 * has a binary; the trace page; types; licences. `npm pack` runs it. With a folder, as `npm run bench` has it, what runs is put
 * there, and nothing else.
 */

const { 2: folder } = process.argv
const DIST = folder ?? path.join(__dirname, 'dist')
const PAGE = path.join(__dirname, 'tracePage/client')

async function main(): Promise<void> {
  if (folder === undefined) fs.rmSync(DIST, { recursive: true, force: true })
  fs.mkdirSync(DIST, { recursive: true })
  const { metafile } = await build({
    stdin: {
      contents: `export * from './main'\nexport { command } from './standalone/command'`,
      resolveDir: __dirname,
      loader: 'ts',
    },
    outfile: path.join(DIST, 'eventbridge.js'),
    bundle: true,
    platform: 'node',
    // of which ES modules import what it names, too
    format: 'cjs',
    target: 'node20.12',
    external: ['libsql'],
    // packages' ES modules, of which what is not used is left out: languages of zod, for one
    mainFields: ['module', 'main'],
    conditions: ['import', 'node'],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    plugins: [builtPage],
    metafile: true,
  })
  const page = await buildClient(PAGE)
  write('page.json', JSON.stringify(page))
  write('bin.js', `#!/usr/bin/env node\nrequire('./eventbridge.js').command(process.env)\n`)
  if (folder !== undefined) return
  const types = bundleTypes(path.join(__dirname, 'main.ts'))
  write('main.d.ts', types.text)
  // for who resolves modules as node10 does, which knows no "exports"; "types" would lead the imports of this repository there
  fs.writeFileSync(path.join(__dirname, 'index.d.ts'), "export * from './dist/main'\n")
  const names = types.values.join(', ')
  write('main.js', `'use strict'\nconst { ${names} } = require('./eventbridge.js')\nmodule.exports = { ${names} }\n`)
  write('LICENSES.txt', licensesOf([...packagesIn(metafile), 'preact']))
}

/** In the package the page's script and style are built already. */
const builtPage: Plugin = {
  name: 'built-page',
  setup({ onLoad }) {
    onLoad({ filter: /shared[\\/]page[\\/]buildClient\.ts$/ }, () => ({
      contents: `import fs from 'node:fs/promises'
        import path from 'node:path'
        export async function builtClient() {
          return JSON.parse(await fs.readFile(path.join(__dirname, 'page.json'), 'utf8'))
        }`,
      loader: 'js',
    }))
  },
}

/** The packages that are bundled, by their names. */
function packagesIn({ inputs }: Metafile): string[] {
  const names = Object.keys(inputs).map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1])
  return names.filter((name) => name !== undefined)
}

/** @throws where one has no licence that could be passed on */
function licensesOf(names: readonly string[]): string {
  const texts = [...new Set(names)].sort().map((name) => {
    const folder = path.join(__dirname, '../node_modules', name)
    const file = fs.readdirSync(folder).find((other) => /^licen[cs]e(\.\w+)?$/i.test(other))
    if (file === undefined) throw new Error(`${name} is bundled, and has no file LICENSE`)
    const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
    return `${name} ${version}\n\n${fs.readFileSync(path.join(folder, file), 'utf8').trim()}\n`
  })
  return `This package contains, bundled:\n\n${texts.join(`\n${'-'.repeat(72)}\n\n`)}`
}

function write(name: string, text: string): void {
  fs.writeFileSync(path.join(DIST, name), text, { mode: name === 'bin.js' ? 0o755 : 0o644 })
}

void main()
