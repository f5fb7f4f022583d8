import { alignColumns } from './alignColumns'

/** A link of the chain, as the doctor found it. */
export interface Link {
  name: string
  /** `unknown`: it cannot be seen from where the doctor runs, or what it hangs on is wrong */
  state: 'ok' | 'wrong' | 'unknown'
  /** what was found */
  found: string
  /** what to do */
  next?: string
}

/** @param next what is worth doing although nothing is wrong */
export function ok(name: string, found: string, next?: string): Link {
  return { name, state: 'ok', found, ...(next !== undefined && { next }) }
}

export function wrong(name: string, found: string, next: string): Link {
  return { name, state: 'wrong', found, next }
}

export function unknown(name: string, found: string, next?: string): Link {
  return { name, state: 'unknown', found, ...(next !== undefined && { next }) }
}

/** A line a link, the next step below it, and the sum of it all. */
export function showLinks(links: readonly Link[]): string {
  const lines = alignColumns(links.map(({ name, state, found }) => [state, name, found]))
  const withSteps = lines.flatMap((line, at) => {
    const next = links[at]?.next
    return next === undefined ? [line] : [line, `           → ${next}`]
  })
  return [...withSteps, sum(links)].join('\n')
}

function sum(links: readonly Link[]): string {
  const count = (state: Link['state']) => links.filter((link) => link.state === state).length
  return `${count('ok')} ok, ${count('wrong')} wrong, ${count('unknown')} unknown`
}
