import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { checkMigration, type Migration, runMigration } from '../../../cli/migrate/migration'
import { type MigrationOptions, planMigration } from '../../../cli/migrate/planMigration'
import type { DatabaseAddress } from '../../../local/database/database'
import { prepareSession } from '../../../shared/mapping/describeTable'
import type { Column, Mapping } from '../../../shared/mapping/mapping'
import { shippedMapping } from '../../support/mapping'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'

/** As the article has it. */
export const ARTICLE_TABLE = `CREATE TABLE \`user_info\` (
  \`dingId\` varchar(256) NULL,
  \`active\` varchar(256) NULL,
  \`isAdmin\` varchar(256) NULL,
  \`userId\` varchar(256) NULL,
  \`name\` varchar(256) NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET=utf8`

/** An empty database of a test's own, and what tests of migrations do to it. */
export interface Playground {
  schema: DatabaseAddress
  connection: Connection
  query(sql: string): Promise<RowDataPacket[]>
  plan(mappings: Mapping | readonly Mapping[], options?: Partial<MigrationOptions>): Promise<Migration>
  /** plans, checks and applies, as npm run migrate does */
  migrate(mappings: Mapping | readonly Mapping[], options?: Partial<MigrationOptions>): Promise<Migration>
  /** the columns of each table, as the server describes them, by the table's name */
  tables(): Promise<Record<string, RowDataPacket[]>>
  close(): Promise<void>
}

export async function openPlayground(): Promise<Playground> {
  const schema = await createTestSchema()
  const connection = await connectTo(schema)
  const query = async (sql: string) => (await connection.query<RowDataPacket[]>(sql))[0]

  const plan = async (mappings: Mapping | readonly Mapping[], options: Partial<MigrationOptions> = {}) => {
    await prepareSession(connection)
    return planMigration(connection, [mappings].flat(), {
      renameFrom: undefined,
      newestBy: undefined,
      leaveBehind: false,
      variables: {},
      ...options,
    })
  }
  return {
    schema,
    connection,
    query,
    plan,
    async migrate(mappings, options) {
      const planned = await plan(mappings, options)
      await checkMigration(connection, planned)
      await runMigration(connection, planned)
      return planned
    },
    async tables() {
      const names = (await query('SHOW TABLES')).map((row) => String(Object.values(row)[0]))
      const entries = names.map(async (name) => [name, await query(`SHOW FULL COLUMNS FROM \`${name}\``)] as const)
      return Object.fromEntries(await Promise.all(entries))
    },
    async close() {
      await connection.end()
      await dropTestSchema(schema)
    },
  }
}

export async function connectTo({ host, port, user, password, database }: DatabaseAddress): Promise<Connection> {
  return mysql.createConnection({
    host,
    port,
    user,
    password,
    database,
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    multipleStatements: true,
  })
}

/** The undo of a plan, as its print tells to run it: the last one first. */
export function undoOf({ steps }: Migration): string[] {
  return steps.flatMap(({ undo }) => (undo === undefined ? [] : [undo])).reverse()
}

export function withColumn(mapping: Mapping, column: Partial<Column> & { name: string; type: string }): Mapping {
  const added: Column = {
    slot: 100,
    as: 'text',
    from: [{ path: ['data', 'body', column.name] }],
    empty: 'clear',
    bad: 'keep',
    zone: 'Asia/Shanghai',
    personal: false,
    ...column,
  }
  return { ...mapping, columns: [...mapping.columns.filter(({ name }) => name !== column.name), added] }
}

export function withoutColumn(mapping: Mapping, name: string): Mapping {
  return { ...mapping, columns: mapping.columns.filter((column) => column.name !== name) }
}

/** The shipped mapping with these slots, by column. */
export function withSlots(slots: Record<string, number>): Mapping {
  return {
    ...shippedMapping,
    columns: shippedMapping.columns.map((column) => ({ ...column, slot: slots[column.name] ?? column.slot })),
  }
}
