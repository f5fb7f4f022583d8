import path from 'node:path'
import { build } from 'esbuild'
import { median, resultOf } from './measure'

interface Spun {
  perCpuSecond: number
  /** of what it comes to */
  digest: string
}

interface Asked {
  /** by the names of the contestants: a file in bench/ that exports what spin.mjs asks for */
  modules: Readonly<Record<string, string>>
  inputs: readonly { name: string; file: string }[]
  rounds: number
  /** how much CPU each takes, without getting warm */
  ms: number
  folder: string
  report(part: number): void
}

/**
 * What each module does of each input in a second of CPU, by spin.mjs, round by round.
 * @returns the median, by the names of module and input
 * @throws Error where two of them do not come to the same
 */
export async function spinAll({ modules, inputs, rounds, ms, folder, report }: Asked) {
  const built = Object.entries(modules).map(async ([name, file]) => [name, await builtModule(file, folder)] as const)
  const files = await Promise.all(built)
  const rates = new Map<string, number[]>()
  const digests = new Map<string, string>()
  const total = rounds * inputs.length * files.length
  let done = 0
  for (let round = 0; round < rounds; round++) {
    for (const input of inputs) {
      for (const [module, file] of files) {
        const { perCpuSecond, digest } = await resultOf<Spun>(
          path.join(__dirname, 'spin.mjs'),
          [file, input.file, String(ms)],
          { NODE_PATH: path.join(__dirname, '../../node_modules') },
        )
        const other = digests.get(input.name) ?? digest
        if (digest !== other) throw new Error(`${module} comes to something else than the others, of ${input.name}`)
        digests.set(input.name, other)
        const key = `${module} ${input.name}`
        rates.set(key, [...(rates.get(key) ?? []), perCpuSecond])
        report(++done / total)
      }
    }
  }
  return (module: string, input: string) => median(rates.get(`${module} ${input}`) ?? [])
}

/** Ours are of TypeScript, and bundled as the package is. */
async function builtModule(file: string, folder: string): Promise<string> {
  const source = path.join(__dirname, '..', file)
  if (!file.endsWith('.ts')) return source
  const outfile = path.join(folder, file.replace(/\W/g, '-').replace(/-ts$/, '.cjs'))
  await build({
    ...{ entryPoints: [source], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20.12' },
    ...{ external: ['libsql', 'esbuild'], mainFields: ['module', 'main'], conditions: ['import', 'node'] },
  })
  return outfile
}
