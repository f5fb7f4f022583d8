import { readFile } from 'node:fs/promises'
import { errorMessage } from '../../shared/errorCode'
import type { PrivateFiles } from './privateFiles'
import { hasEnded } from './serverProcess'

interface KeptServer {
  pid: number
  files: PrivateFiles
  /** Starts it anew, at the same address. @returns its pid. @throws UserError */
  startAgain(): Promise<number>
  /** takes a line about it */
  report(line: string): void
  /** takes why it cannot be had again; then nobody looks after it any more */
  giveUp(reason: string): void
}

const LOOK_EVERY_MS = 500
/** A server that ends again so soon would end each time. */
const TOO_SOON_MS = 60_000

/**
 * Looks whether a private server still runs, and starts it again when it has ended: events wait in the event store
 * meanwhile. One that ends soon after that is given up.
 * @returns what ends that; it resolves with the pid that the server has then
 */
export function keepRunning(server: KeptServer): () => Promise<number> {
  const { files, report, giveUp } = server
  let { pid } = server
  let startedAgainAt = Number.NEGATIVE_INFINITY
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let looking = Promise.resolve()

  function lookLater(): void {
    if (stopped) return
    timer = setTimeout(() => {
      looking = look()
    }, LOOK_EVERY_MS)
    timer.unref()
  }

  async function look(): Promise<void> {
    if (!(await hasEnded(pid, files))) return lookLater()
    if (stopped) return
    const end = `The database ended, and nobody here asked it to (process ${pid}). ${await endOfLog(files.log)}`
    if (performance.now() - startedAgainAt < TOO_SOON_MS) {
      return giveUp(
        `${end}\nIt had been started again a moment ago, so that does not help. Everything stops; events are kept, and npm start tries it once more.`,
      )
    }
    report(`${end}\nIt is started again; events wait for it.`)
    try {
      pid = await server.startAgain()
    } catch (error) {
      return giveUp(`The database cannot be started again: ${errorMessage(error)}`)
    }
    startedAgainAt = performance.now()
    report('The database runs again.')
    lookLater()
  }

  lookLater()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await looking
    return pid
  }
}

const LINES = 5

/** What the server said last, as far as it is its own words: where it crashes it also prints the statement, with values. */
async function endOfLog(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = text.split('\n').filter((line) => /^\d.*\[(ERROR|Warning|Note|System)\]/.test(line))
  if (lines.length === 0) return `Its log (${file}) does not say why.`
  return [
    `The end of its log (${file}); where it says nothing of an end, something killed it:`,
    ...lines.slice(-LINES),
  ].join('\n  ')
}
