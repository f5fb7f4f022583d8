/** One rule: a domain, or `*.` and a domain for all below it. Ports and paths do not belong into it. */
export function isRefererRule(rule: string): boolean {
  return (
    /^[^\s/:?#@*[\]]+$/.test(rule.replace(/^\*\./, '')) && hostOf(`http://${rule.replace(/^\*\./, '')}`) !== undefined
  )
}

/**
 * Compiles rules that have passed isRefererRule.
 * @returns whether a Referer header's host is one of them; an absent or unreadable one is none
 */
export function compileReferers(rules: readonly string[]): (referer: string | undefined) => boolean {
  const exact = new Set<string>()
  const below: string[] = []
  for (const rule of rules) {
    const host = hostOf(`http://${rule.replace(/^\*\./, '')}`) ?? ''
    if (rule.startsWith('*.')) below.push(`.${host}`)
    else exact.add(host)
  }
  return (referer) => {
    const host = hostOf(referer ?? '')
    return host !== undefined && (exact.has(host) || below.some((suffix) => host.endsWith(suffix)))
  }
}

/** The host of an http(s) URL; URL folds case and international names, the root's dot is cut here. */
function hostOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname } = new URL(url)
  const host = hostname.replace(/\.$/, '')
  return /^https?:$/.test(protocol) && host !== '' ? host : undefined
}
