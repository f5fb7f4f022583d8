import type { Settings } from './settings'

/**
 * What parseConfig says of bad variables, with the place where each was read: `PORT (in .env.local): must be …`.
 * @param problems `NAME: what is wrong; NAME: …`
 */
export function namePlaces(
  problems: string,
  { environment, fromFile }: Pick<Settings, 'environment' | 'fromFile'>,
): string {
  return problems.replace(/(?<=^|; )[A-Z][A-Z0-9_]*(?=: )/g, (name) => {
    if (environment[name] === undefined) return name
    return `${name} (in ${fromFile.has(name) ? '.env.local' : 'the shell'})`
  })
}
