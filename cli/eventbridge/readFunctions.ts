import { UserError } from '../../shared/userError'

/**
 * Reads `--function NAME=URL`, once a function.
 * @throws UserError
 */
export function readFunctions(texts: readonly string[]): Map<string, URL> {
  const addresses = new Map<string, URL>()
  for (const text of texts) {
    const [, name = '', address = ''] = /^([A-Za-z_][\w-]*)=(.+)$/.exec(text) ?? []
    if (!/^https?:\/\//.test(address) || !URL.canParse(address)) {
      throw new UserError(
        `--function takes a name and an address, not "${text}": --function employees=http://127.0.0.1:9000`,
      )
    }
    if (addresses.has(name)) throw new UserError(`--function names ${name} twice.`)
    addresses.set(name, new URL(address))
  }
  return addresses
}
