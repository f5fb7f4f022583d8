/** One rule: a domain, or `*.` and a domain for all below it. Ports and paths do not belong into it. */
export function isRefererRule(rule: string): boolean {
  return /^(\*\.)?[^\s/:?#@*[\]]+$/.test(rule) && domainOf(rule) !== undefined
}

/**
 * Compiles rules that have passed isRefererRule.
 * @returns whether a Referer header's host is one of them; an absent or unreadable one is none
 */
export function compileReferers(rules: readonly string[]): (referer: string | undefined) => boolean {
  const isBelow = (rule: string) => rule.startsWith('*.')
  const exact = new Set(rules.filter((rule) => !isBelow(rule)).map(domainOf))
  const below = rules.filter(isBelow).map((rule) => `.${domainOf(rule)}`)
  return (referer = '') => {
    const host = PLAIN_URL.test(referer) ? hostOf(referer) : undefined
    return host !== undefined && (exact.has(host) || below.some((suffix) => isBelowOf(host, suffix)))
  }
}

/**
 * No browser writes a user's name, a backslash, a percent sign or white space before the path. `URL` makes something of
 * all of them, and not what every other reader does.
 */
const PLAIN_URL = /^https?:\/\/[^\s\\/?#@%\p{Cc}]+(?:[/?#]|$)/iu

/** A name has no empty part. */
function isBelowOf(host: string, suffix: string): boolean {
  return host.endsWith(suffix) && !`.${host}`.includes('..')
}

function domainOf(rule: string): string | undefined {
  return hostOf(`http://${rule.replace(/^\*\./, '')}`)
}

/** @param url of http or https; URL folds case and international names, the root's dot is cut here */
function hostOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const host = new URL(url).hostname.replace(/\.$/, '')
  return host === '' ? undefined : host
}
