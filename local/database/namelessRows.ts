import type { Environment } from '../../shared/config'
import { selectCount } from '../../shared/database'
import type { KeyColumn, Mapping } from '../../shared/mapping/mapping'
import { quote } from '../../shared/mapping/tables'
import { type DatabaseAddress, openConnection } from './database'

/**
 * Rows of people whose events named no corporation, from a time when DINGTALK_CORP_ID was not set: the next event about one
 * of them would make a second row. In a private database they get it; a server of the user's is theirs to change.
 * @param environment as the employees function has it
 * @param report takes a line about what was done or is to do
 */
export async function nameRows(
  address: DatabaseAddress,
  mappings: readonly Mapping[],
  { environment, isPrivate }: { environment: Environment; isPrivate: boolean },
  report: (line: string) => void,
): Promise<void> {
  const connection = await openConnection(address, {})
  try {
    const columns = mappings.flatMap((mapping) => mapping.key.map((column) => ({ mapping, column })))
    for (const { mapping, column } of columns) {
      const { name, defaultVariable = '' } = column
      const value = environment[defaultVariable]?.trim() ?? ''
      if (value === '') continue
      const count = await selectCount(connection, countNameless(mapping, column), [value])
      if (count === 0) continue
      const rows = `${mapping.table}: ${count} row(s) without ${name}, from before there was a ${defaultVariable}`
      // a row that has a twin by now stays
      const sql = `UPDATE IGNORE ${quote(mapping.table)} SET ${quote(name)} = ? WHERE ${quote(name)} = ''`
      if (isPrivate) {
        await connection.execute(sql, [value])
        report(`${rows}, now have ${value}`)
      } else {
        const statement = sql.replace('?', connection.escape(value))
        report(`${rows}: the next event about one of them makes a second row, unless this goes before it: ${statement}`)
      }
    }
  } finally {
    await connection.end()
  }
}

/** Those that are not double yet. */
function countNameless({ table, key }: Mapping, { name }: KeyColumn): string {
  const others = key.filter((other) => other.name !== name).map((other) => quote(other.name))
  const isTwin = [`twin.${quote(name)} = ?`, ...others.map((other) => `twin.${other} = nameless.${other}`)]
  return (
    `SELECT COUNT(*) AS found FROM ${quote(table)} nameless WHERE nameless.${quote(name)} = '' ` +
    `AND NOT EXISTS (SELECT 1 FROM ${quote(table)} twin WHERE ${isTwin.join(' AND ')})`
  )
}
