import mysql, { type Connection } from 'mysql2/promise'
import type { OpenedDatabase } from '../../functions/employees/database'
import type { Mapping } from '../../shared/mapping/mapping'
import { createTableStatements } from '../../shared/mapping/tables'
import { openInstanceDatabase } from './employees'
import { shippedMapping } from './mapping'
import { createTestSchema, dropTestSchema } from './mariadb'

/** How long a history is told, and which: MODEL_EVENTS=20000 MODEL_SEED=7 npx jest … for more, or for the same again. */
export function modelRun({ events, seed }: { events: number; seed: number }): { events: number; seed: number } {
  const { MODEL_EVENTS, MODEL_SEED } = process.env
  return { events: Number(MODEL_EVENTS ?? events), seed: Number(MODEL_SEED ?? seed) }
}

interface ModelTables {
  /** looks at the tables */
  observer: Connection
  /** the connections of three instances of the function */
  instances: OpenedDatabase[]
}

/** Called where the tests of a file are defined: these tables, in a database of the file's own, before its tests. */
export function modelTables(mappings: readonly Mapping[] = [shippedMapping]): ModelTables {
  const tables = {} as ModelTables
  let drop = async () => {}
  beforeAll(async () => {
    const schema = await createTestSchema()
    drop = () => dropTestSchema(schema)
    const { host, port, user, password, database } = schema
    const session = { dateStrings: true, timezone: 'Z' }
    tables.observer = await mysql.createConnection({ host, port, user, password, database, ...session })
    for (const statement of createTableStatements(...mappings)) await tables.observer.query(statement)
    tables.instances = Array.from({ length: 3 }, () => openInstanceDatabase(schema))
  })
  afterAll(async () => {
    await Promise.all(tables.instances.map((instance) => instance.close()))
    await tables.observer.end()
    await drop()
  })
  return tables
}
