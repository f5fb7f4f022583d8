import { UserError } from '../shared/userError'

/**
 * The one word that a command takes beside its options.
 * @param what it is, such as `event`
 * @param usage how the command is called with it
 * @throws UserError
 */
export function oneArgument([word, ...others]: readonly string[], what: string, usage: string): string {
  if (word !== undefined && others.length === 0) return word
  const several = others.length > 0 ? `, not ${others.length + 1} words (npm hands on options after -- alone)` : ''
  throw new UserError(`Name one ${what}${several}: ${usage}`)
}
