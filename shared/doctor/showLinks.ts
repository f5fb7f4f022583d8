import { alignColumns } from '../alignColumns'
import type { Link } from './link'

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
