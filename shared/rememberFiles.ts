import fs from 'node:fs'

/**
 * Remembers which files these are: one that is open can be written to without an error long after somebody has removed
 * it, or put another in its place.
 * @returns a function that gives the first of them that is gone, or another by now; undefined while all are the same
 */
export function rememberFiles(files: readonly string[]): () => string | undefined {
  const known = files.map((file) => ({ file, identity: identify(file) }))
  return () => known.find(({ file, identity }) => identify(file) !== identity)?.file
}

/** undefined when there is none, or it cannot be reached */
function identify(file: string): string | undefined {
  try {
    const { dev, ino } = fs.statSync(file, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return undefined
  }
}
