import { SESSION } from '../../shared/mapping/describeTable'
import type { Plan, Step } from './plan'

/** The statements, each with its undo as a comment: text that a MySQL client runs as it is. */
export function printPlan({ steps, checks, notes }: Plan): string {
  if (steps.length === 0) return asComments(['The tables are as mapping.yaml wants them.', ...notes])
  const head = [
    ...notes,
    ...(checks.length > 0 ? ['These find no row now, and must find none when it is run:'] : []),
    ...checks.map(({ rows }) => `  ${rows};`),
    'To undo it, run the undo lines, the last one first; what has been written since is lost with them.',
  ]
  return [asComments(head), `${SESSION.join(';\n')};`, ...steps.map(printStep)].join('\n\n')
}

function printStep({ sql, undo }: Step): string {
  return undo === undefined ? `${sql};` : `${sql};\n${asComments([`undo: ${undo};`])}`
}

/** Names that are in the database may hold anything, line ends too. */
function asComments(texts: readonly string[]): string {
  const lines = texts.flatMap((text) => text.split(/[\r\n]+/))
  return lines.map((line) => `-- ${line}`).join('\n')
}
