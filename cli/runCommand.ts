import { errorCode } from '../shared/errorCode'
import { UserError } from '../shared/userError'

/**
 * Runs a command's main function: an error that the user can mend becomes one line on stderr and exit code 1; any other
 * keeps its stack, since it is a fault of ours.
 */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  // `… | head` closes the pipe before we are done, which is no fault
  process.stdout.on('error', (error) => process.exit(errorCode(error) === 'EPIPE' ? 0 : 1))
  try {
    await main()
  } catch (error) {
    if (error instanceof UserError) console.error(error.message)
    else if (isWrongArgument(error)) console.error(`${error.message.split('. ')[0]} (${hintFor(error)})`)
    else console.error(error)
    process.exitCode = 1
  }
}

/** npm keeps an option that no `--` goes before, and hands on the word after it. */
function hintFor(error: Error): string {
  const isStray = errorCode(error) === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL'
  return `--help shows the options${isStray ? '; npm hands on those after -- alone' : ''}`
}

/** https://nodejs.org/api/util.html#utilparseargsconfig throws these for options that it does not know. */
function isWrongArgument(error: unknown): error is Error {
  return errorCode(error)?.startsWith('ERR_PARSE_ARGS') === true
}
