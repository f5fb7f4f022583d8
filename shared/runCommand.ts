import { type ParseArgsConfig, parseArgs } from 'node:util'
import { errorCode, errorMessage } from './errorCode'
import { UserError } from './userError'

/**
 * Runs a command's main function with what the command line says, or prints the help where that asks for it: an error that
 * the user can mend becomes one line on stderr and exit code 1; any other keeps its stack, since it is a fault of ours.
 * @param help its text
 * @param config the command's own options, as parseArgs takes them; `--help` is every command's
 */
export async function runCommand<T extends ParseArgsConfig>(
  help: string,
  config: T,
  main: (given: ReturnType<typeof parseArgs<T>>) => Promise<void>,
): Promise<void> {
  // `… | head` closes the pipe before we are done, which is no fault
  process.stdout.on('error', (error) => nobodyReads(errorCode(error) === 'EPIPE' ? 0 : 1))
  // faults that nobody hears of are no reason to end
  process.stderr.on('error', () => {})
  // the command's file first: what stands below the call is there then
  await Promise.resolve()
  try {
    const given = parseArgs({ ...config, options: { ...config.options, help: { type: 'boolean', short: 'h' } } })
    if ('help' in given.values) console.log(help)
    else await main(given as ReturnType<typeof parseArgs<T>>)
  } catch (error) {
    if (error instanceof UserError) console.error(error.message)
    else if (isWrongArgument(error)) console.error(`${error.message.split('. ')[0]} (${hintFor(error, help)})`)
    else {
      // withPackages.cjs has a sentence for a package that is missing, and ends the process
      ;(process as NodeJS.EventEmitter).emit('uncaughtExceptionMonitor', error)
      console.error(error)
    }
    process.exitCode = 1
  }
}

/** `npm run` keeps an option that no `--` goes before, and hands on the word after it. */
function hintFor(error: Error, help: string): string {
  const isStray = help.startsWith('npm run') && errorCode(error) === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL'
  return `--help shows the options${isStray ? '; npm hands on those after -- alone' : ''}`
}

/** https://nodejs.org/api/util.html#utilparseargsconfig throws these for options that it does not know. */
function isWrongArgument(error: unknown): error is Error {
  return errorCode(error)?.startsWith('ERR_PARSE_ARGS') === true
}

/**
 * The one word that a command takes beside its options.
 * @param what it is, such as `event`
 * @param usage how the command is called with it
 * @throws UserError
 */
export function oneArgument([word, ...others]: readonly string[], what: string, usage: string): string {
  if (word !== undefined && others.length === 0) return word
  const several = others.length > 0 ? `, not ${others.length + 1} words (npm hands on options after -- alone)` : ''
  throw new UserError(`Name one ${what}${several}: ${usage}`)
}

/** What becomes of a command whose stdout takes no more: a pipe that was closed, a terminal that is gone. */
let nobodyReads: (code: number) => void = (code) => process.exit(code)

/**
 * The terminal and npm both pass Ctrl-C on, so a signal may come twice: the first stops, the rest changes nothing. That
 * nobody reads what is printed is one, too: what runs is stopped in order.
 */
export function firstSignal(): { stopping: AbortSignal; coming: Promise<undefined> } {
  const controller = new AbortController()
  const coming = new Promise<undefined>((resolve) => {
    const stop = () => {
      if (controller.signal.aborted) return
      controller.abort()
      console.log('stopping …')
      resolve(undefined)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
    nobodyReads = stop
  })
  return { stopping: controller.signal, coming }
}

/**
 * Stops what runs, and ends the process whatever still holds it open.
 * @param fault why it must end, where nobody asked it to: then the exit code is 1
 */
export async function stopAndExit(running: { stop(): Promise<void> }, fault: string | undefined): Promise<void> {
  if (fault) console.error(fault)
  await running.stop().catch((error: unknown) => {
    console.error(`Not everything could be stopped in order: ${errorMessage(error)}`)
    process.exit(1)
  })
  process.exit(fault ? 1 : 0)
}
