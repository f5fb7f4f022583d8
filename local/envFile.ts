import fs from 'node:fs'

/**
 * Writes KEY=value lines that a shell can read (`. .local/env`), in one step, so that whoever waits for the file finds
 * it whole. Only its owner can read it: it holds the database's password.
 */
export function writeEnvFile(file: string, values: Readonly<Record<string, string>>): void {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${shellQuote(value)}\n`)
  const temporary = `${file}.tmp`
  fs.writeFileSync(temporary, lines.join(''), { mode: 0o600 })
  fs.renameSync(temporary, file)
}

export function removeEnvFile(file: string): void {
  fs.rmSync(file, { force: true })
}

function shellQuote(value: string): string {
  return /^[\w./:@%+,-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}
