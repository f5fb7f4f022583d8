import type { DatabaseAddress } from '../../local/database/database'
import { connectTo } from '../integration/migrate/playground'

/** An account of the test server that has these rights and no others: `SELECT ON user_info`. */
export async function databaseUser(schema: DatabaseAddress, rights: readonly string[]): Promise<DatabaseAddress> {
  const user = `u_${schema.database.slice(-12)}`
  const connection = await connectTo(schema)
  await connection.query(`DROP USER IF EXISTS '${user}'@'%'`)
  await connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'a password'`)
  for (const right of rights) {
    await connection.query(`GRANT ${right.replace(' ON ', ` ON ${schema.database}.`)} TO '${user}'@'%'`)
  }
  await connection.end()
  return { ...schema, user, password: 'a password' }
}

export async function dropDatabaseUser(schema: DatabaseAddress, { user }: DatabaseAddress): Promise<void> {
  const connection = await connectTo(schema)
  await connection.query(`DROP USER IF EXISTS '${user}'@'%'`)
  await connection.end()
}
