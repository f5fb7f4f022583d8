import { startDatabase } from '../../local/database/startDatabase'

/**
 * Starts a database in a process that tests can kill: `startDatabaseScript.ts <dataDir> <packagesDir> [stay]`. Prints
 * the progress, then `ready` and the server's description. Without `stay` nothing but the database could hold it.
 */
async function main([dataDir = '', packagesDir = '', stay]: string[]): Promise<void> {
  if (stay !== undefined) setInterval(() => {}, 1_000)
  const database = await startDatabase({
    env: process.env,
    external: false,
    dataDir,
    packagesDir,
    report: (line) => console.log(line),
  })
  console.log(`ready: ${database.description}`)
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
