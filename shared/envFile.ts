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

/** What writeEnvFile wrote, as a shell would read it. node's parseEnv knows no quote within a quoted value. */
export function readEnvFile(file: string): Record<string, string> {
  const text = fs.readFileSync(file, 'utf8')
  const entries = text.matchAll(/^(\w+)=((?:'[^']*'|\\'|[^'\n])*)$/gm)
  return Object.fromEntries([...entries].map(([, name = '', quoted = '']) => [name, shellUnquote(quoted)]))
}

function shellQuote(value: string): string {
  return /^[\w./:@%+,-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}

function shellUnquote(quoted: string): string {
  return quoted.replace(/'([^']*)'|\\'/g, (quote, inside: string | undefined) => inside ?? quote.slice(1))
}
