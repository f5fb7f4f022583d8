import { removeTestServer } from './mariadb'

export default async function globalTeardown(): Promise<void> {
  for (const folder of [process.env['TEST_MYSQL_FOLDER'], process.env['TEST_MYSQL_DATA_FOLDER']]) {
    if (folder !== undefined) await removeTestServer(folder)
  }
}
