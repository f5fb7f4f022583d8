import { readFile } from 'node:fs/promises'

/** The line of a server's log that tells why it ended: the last error, or the last line when there is no error. */
export async function lastError(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).split('\n').filter((line) => line.trim() !== '')
  // "[ERROR] Aborting" follows the error that is meant
  const errors = lines.filter((line) => /ERROR/.test(line) && !/Aborting\s*$/.test(line))
  return errors.at(-1) ?? lines.at(-1) ?? 'it wrote no log'
}
