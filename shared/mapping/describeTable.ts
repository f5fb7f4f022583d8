import { type Database, selectRows } from '../database'
import { errorCode } from '../errorCode'
import { createProbe } from './refusedTypes'
import { quote, type Table } from './tables'

/**
 * What a connection needs before tables are described or changed. A server may quote names in other ways, or cut values
 * that do not fit, unless it is told not to; a statement that waits for a table keeps everybody else waiting behind it, by
 * default for a year; and the times that a new table gives its rows are in UTC, as those of the function are.
 */
export const SESSION = [
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
  'SET SESSION lock_wait_timeout = 30',
  "SET SESSION time_zone = '+00:00'",
] as const

export async function prepareSession(database: Database): Promise<void> {
  for (const statement of SESSION) await database.execute(statement)
}

/** A column as the server describes it. */
export interface DescribedColumn {
  name: string
  /** e.g. "varchar(256)", without the character set and NULL */
  type: string
  collation: string | null
  nullable: boolean
  isKey: boolean
  default: string | null
  /** "auto_increment", "on update …", "VIRTUAL GENERATED", … */
  extra: string
  comment: string
  /** all of it in SQL, as the server writes it: what a MODIFY that shall change but one thing has to say again */
  definition: string
}

/** The columns of a table; undefined when there is no such table. The server decides whether case matters in names. */
export async function describeTable(database: Database, name: string): Promise<DescribedColumn[] | undefined> {
  try {
    const rows = await selectRows<ColumnRow>(database, `SHOW FULL COLUMNS FROM ${quote(name)}`)
    const [created] = await selectRows<CreateRow>(database, `SHOW CREATE TABLE ${quote(name)}`)
    const definitions = definitionsIn(created?.['Create Table'] ?? '')
    return rows.map((row) => toColumn(row, definitions.get(row.Field) ?? row.Type))
  } catch (error) {
    if (errorCode(error) === 'ER_NO_SUCH_TABLE') return undefined
    throw error
  }
}

const PROBE = 'as_mapping_yaml_wants'

/**
 * How this server describes the table that we want. The same type has many spellings (JSON is longtext on MariaDB, utf8
 * may be utf8mb3, INTEGER int(11) or int), so the server is asked, by a temporary table that only this connection sees.
 * @throws TypesRefused when the server takes no such table
 */
export async function describeWanted(database: Database, table: Table): Promise<DescribedColumn[]> {
  await createProbe(database, table, PROBE)
  try {
    return (await describeTable(database, PROBE)) ?? []
  } finally {
    await database.execute(`DROP TEMPORARY TABLE ${quote(PROBE)}`)
  }
}

/** Whether its values are computed from other columns. */
export function isGenerated({ extra }: DescribedColumn): boolean {
  return /GENERATED|PERSISTENT/i.test(extra)
}

/** https://dev.mysql.com/doc/refman/8.0/en/show-columns.html */
interface ColumnRow {
  Field: string
  Type: string
  Collation: string | null
  Null: 'YES' | 'NO'
  Key: string
  Default: string | null
  Extra: string
  Comment: string
}

interface CreateRow {
  'Create Table'?: string
}

/** A line a column: "  `name` varchar(256) DEFAULT NULL COMMENT 'it''s'," with line ends in texts escaped. */
function definitionsIn(statement: string): Map<string, string> {
  const lines = statement.matchAll(/^ {2}`((?:[^`]|``)+)` (.*?),?$/gm)
  return new Map([...lines].map(([, name = '', definition = '']) => [name.replaceAll('``', '`'), definition]))
}

function toColumn(row: ColumnRow, definition: string): DescribedColumn {
  return {
    name: row.Field,
    // a table that came from MySQL 5.7 keeps the display width that MySQL 8.0 does not write any more
    type: row.Type.replace(/^((?:tiny|small|medium|big)?int)\(\d+\)/, '$1'),
    // MySQL's JSON has but one character set, which it does not always tell
    collation: row.Type === 'json' ? null : row.Collation,
    nullable: row.Null === 'YES',
    isKey: row.Key === 'PRI',
    default: row.Default,
    extra: row.Extra,
    comment: row.Comment,
    definition,
  }
}
