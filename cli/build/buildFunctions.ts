import fs from 'node:fs'
import path from 'node:path'
import type { BuildOptions, Plugin } from 'esbuild'
import { bundle } from '../../shared/bundle'
import type { Mapping } from '../../shared/mapping/mapping'
import { CERTIFICATES, projectMappings, ROOT } from '../project'
import { leaveOut } from './leaveOut'

/** Those that meet no database, and need no CA of its. */
const WITHOUT_DATABASE = ['webhook', 'enrich', 'reconcile']

export interface Bundle {
  /** of its folder in functions/ */
  name: string
  /** index.js */
  file: string
  /** of index.js, minified */
  bytes: number
}

/**
 * Bundles each function, a folder of functions/ with an index.ts, into `dist/<function>/index.js` with its source map, and nothing else is there: what `s deploy`
 * uploads and what the local stack runs. The same sources give the same bytes, wherever the checkout lies.
 *
 * @param dist the folder of the bundles
 * @param certificates the folder of CA files (*.pem) that go beside employees, and functions of yours, for MYSQL_SSL
 * @param folder of the functions
 * @throws UserError when mapping.yaml is wrong
 */
export async function buildFunctions(
  dist: string = path.join(ROOT, 'dist'),
  certificates: string = CERTIFICATES,
  folder: string = path.join(ROOT, 'functions'),
): Promise<Bundle[]> {
  // before esbuild, which would report a fault of the file as one of its own
  const mappings = projectMappings()
  return Promise.all(
    functionsIn(folder).map(async (name) => {
      const outputFiles = await bundle({
        entryPoints: [path.join(folder, name, 'index.ts')],
        outfile: path.join(dist, name, 'index.js'),
        absWorkingDir: ROOT,
        minifyWhitespace: true,
        minifySyntax: true,
        ...namesOf(name),
        sourcemap: 'linked',
        sourcesContent: false,
        platform: 'node',
        target: 'node20',
        // node 20 makes a hidden class for each `{ ...object, more }` that it meets, and keeps it until a full collection
        // and its parser looks every letter of the world up for each `\p{L}` that it meets, at the start: `new RegExp` waits
        supported: { 'object-rest-spread': false, 'regexp-unicode-property-escapes': false },
        format: 'cjs',
        // Packages' ESM builds can be tree-shaken; zod as a whole would cost 90 ms of cold start.
        mainFields: ['module', 'main'],
        conditions: ['import', 'node'],
        plugins: [inlineMappings(mappings), leaveOut],
        logLevel: 'silent',
      })
      const files = new Map(outputFiles.map(({ path: file, contents }) => [path.basename(file), contents]))
      const beside = WITHOUT_DATABASE.includes(name) ? [] : readCertificates(certificates)
      fillFolder(path.join(dist, name), new Map([...files, ...beside]))
      return { name, file: path.join(dist, name, 'index.js'), bytes: files.get('index.js')?.length ?? 0 }
    }),
  )
}

/**
 * Names are part of log lines. Where short ones take their place, the bundle gives a function its own again each time that
 * one is made, which is a tenth of the webhook's CPU. With the driver in it a bundle would be a third larger by them.
 */
function namesOf(name: string): Pick<BuildOptions, 'keepNames' | 'minifyIdentifiers'> {
  return WITHOUT_DATABASE.includes(name) ? {} : { minifyIdentifiers: true, keepNames: true }
}

function functionsIn(folder: string): string[] {
  return fs.readdirSync(folder).filter((name) => fs.existsSync(path.join(folder, name, 'index.ts')))
}

function readCertificates(folder: string): [string, Buffer][] {
  if (!fs.existsSync(folder)) return []
  const names = fs.readdirSync(folder).filter((file) => file.endsWith('.pem'))
  return names.map((name) => [name, fs.readFileSync(path.join(folder, name))])
}

/** mapping.yaml, checked, as data. */
function inlineMappings(mappings: readonly Mapping[]): Plugin {
  return {
    name: 'inline-mapping',
    setup({ onLoad }) {
      onLoad({ filter: /mapping\.yaml$/ }, () => ({ contents: JSON.stringify(mappings), loader: 'json' }))
    },
  }
}

/**
 * Makes a folder hold these files and nothing else. Files that would not change are left alone, and others are replaced
 * as a whole, so that a running stack never loads half a file.
 */
export function fillFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  fs.mkdirSync(folder, { recursive: true })
  for (const [name, contents] of files) replaceFile(path.join(folder, name), contents)
  for (const name of fs.readdirSync(folder)) {
    if (!files.has(name)) fs.rmSync(path.join(folder, name), { recursive: true, force: true })
  }
}

function replaceFile(file: string, contents: Uint8Array): void {
  if (fs.existsSync(file) && fs.readFileSync(file).equals(contents)) return
  // beside the folder, which another build may be tidying up
  const temporary = `${path.dirname(file)}.${path.basename(file)}.${process.pid}.tmp`
  fs.writeFileSync(temporary, contents)
  fs.renameSync(temporary, file)
}
