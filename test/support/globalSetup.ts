import { makeDataOfRun, startTestServer } from './mariadb'

/** One database server for the whole test run, unless TEST_MYSQL_HOST or TEST_MYSQL_PORT names one. */
export default async function globalSetup(): Promise<void> {
  if (process.env['TEST_MYSQL_HOST'] || process.env['TEST_MYSQL_PORT']) return
  const made = await makeDataOfRun()
  if (made !== undefined) process.env['TEST_MYSQL_DATA_FOLDER'] = made
  const { host, port, user, password, folder } = await startTestServer()
  Object.assign(process.env, {
    TEST_MYSQL_HOST: host,
    TEST_MYSQL_PORT: String(port),
    TEST_MYSQL_USER: user,
    TEST_MYSQL_PASSWORD: password,
    TEST_MYSQL_FOLDER: folder,
  })
}
