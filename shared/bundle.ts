import { type BuildOptions, build, type OutputFile, stop } from 'esbuild'

let underWay = 0

/**
 * What esbuild makes of these sources; nothing is written. Its process, which it would keep for the next time, ends with the
 * last of those under way: a stack runs for days, and that has as much memory as all the rest.
 */
export async function bundle(options: BuildOptions): Promise<OutputFile[]> {
  underWay++
  try {
    const { outputFiles } = await build({ ...options, bundle: true, write: false })
    return outputFiles
  } finally {
    underWay--
    if (underWay === 0) await stop()
  }
}
