import { openFields } from '../../shared/mapping/readKeys'
import { readPaths } from '../../shared/mapping/readPaths'
import { firstOf } from '../../shared/mapping/ruleOf'

/** As the employees function reads an event: its fields opened, wherever they are, and then a column's paths one by one. */
export function prepare(paths: readonly string[]) {
  const faults = {
    add: (_: unknown, message: string) => {
      throw new Error(message)
    },
    refuse() {},
  }
  const { fields, spellings, paths: read } = readPaths(['$.data.body', '$.data.body.data'], false, faults)
  const columns = paths.map((path) => read(['columns', path, 'from'], [path.replace(/^\$\.data\.body/, '')]))
  return (event: Record<string, unknown>): unknown[] => {
    const opened = openFields(fields, event, spellings)
    return columns.map((from) => firstOf(from, opened) ?? null)
  }
}
