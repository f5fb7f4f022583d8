/**
 * Loaded before a command (`node --require`): the names of others lead to this machine, as the variable ELSEWHERE has it,
 * `{"*.aliyuncs.com":"http://127.0.0.1:1234","rm-1.example.org":"127.0.0.1"}`, and no other name is found. The host that was
 * asked for goes along as the header x-host.
 */
const dns = require('node:dns')

const places = JSON.parse(process.env.ELSEWHERE ?? '{}')
const realFetch = globalThis.fetch
const realLookup = dns.lookup
const notFound = (host) => Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })

globalThis.fetch = async (asked, init = {}) => {
  const url = new URL(asked)
  const origin = places[url.host] ?? places[url.host.replace(/^.*(?=\.aliyuncs\.com$)/, '*')]
  if (!origin?.startsWith('http://127.0.0.1:')) throw new TypeError('fetch failed', { cause: notFound(url.host) })
  const headers = { ...init.headers, 'x-host': url.host }
  return await realFetch(new URL(`${url.pathname}${url.search}`, origin), { ...init, headers })
}

dns.lookup = (host, ...rest) => {
  const callback = rest.at(-1)
  if (places[host] === '127.0.0.1') realLookup('127.0.0.1', ...rest)
  else callback(notFound(host))
}
