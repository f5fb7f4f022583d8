import { UserError } from '../shared/userError'

/**
 * Runs a command's main function: an error that the user can mend becomes one line on stderr and exit code 1; any other
 * keeps its stack, since it is a fault of ours.
 */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error)
    process.exitCode = 1
  }
}
