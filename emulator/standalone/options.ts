import { UserError } from '../../shared/userError'

/*
 * Options that two commands take: that of the package, and `npm run eventbridge`.
 */

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

/**
 * Reads `--allow-host HOST`: as a URL has it, in lower case, and without the brackets of an IPv6 address.
 * @throws UserError
 */
export function readAllowedHost(text: string): string {
  const url = URL.canParse(`http://${text}`) ? new URL(`http://${text}`) : undefined
  if (url?.host && url.href === `http://${url.host}/` && url.port === '') return url.hostname.replace(/^\[|\]$/g, '')
  throw new UserError(`--allow-host takes the name or address of a host, not "${text}": --allow-host oapi.dingtalk.com`)
}
