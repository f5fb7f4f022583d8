import { removeTestServer } from './mariadb'

export default async function globalTeardown(): Promise<void> {
  const folder = process.env['TEST_MYSQL_FOLDER']
  if (folder !== undefined) await removeTestServer(folder)
}
