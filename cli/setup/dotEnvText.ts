import { isDeepStrictEqual, parseEnv } from 'node:util'
import { parse } from 'dotenv'
import { UserError } from '../../shared/userError'

/** As `s` (dotenv) and node's parseEnv find one. Quotes may hold line breaks; an unclosed one is part of the value. */
const ASSIGNMENT =
  /^([ \t]*(?:export[ \t]+)?)([\w.-]+)[ \t]*=[ \t]*(?:(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)(?=[ \t]*(?:#|$)))?([^\r\n]*)$/gm

/**
 * The text of .env with one variable set: in its line, else in the place of the line that is commented out, else at the
 * end, below the comment that the example has for it. All else stays as it is.
 * @throws UserError when it cannot be written so that it is read again, or another one would change
 */
export function setVariable(text: string, name: string, value: string, example: string): string {
  const quoted = quoteForDotEnv(value)
  if (quoted === undefined) {
    throw new UserError(
      `${name}: has quotes that .env cannot hold, or a backslash beside one: set this one in the shell alone`,
    )
  }
  const before = text.replace(/^\uFEFF/, '')
  const after = putLine(before, name, quoted, example)
  const isRight = [parseEnv, parse].every((read) =>
    isDeepStrictEqual({ ...read(after) }, { ...read(before), [name]: value }),
  )
  if (isRight) return after
  throw new UserError(`${name}: cannot be written without changing other lines of .env: mend their quotes first`)
}

function putLine(text: string, name: string, quoted: string, example: string): string {
  // of several the last one counts
  const line = [...text.matchAll(ASSIGNMENT)].filter((match) => match[2] === name).at(-1)
  if (line !== undefined) {
    const [whole, prefix = '', , rest = ''] = line
    const comment = /(?:^|[ \t])#.*$/.exec(rest)?.[0].trim()
    return replaceAt(text, line.index, whole, `${prefix}${name}=${quoted}${comment === undefined ? '' : ` ${comment}`}`)
  }
  const commentedOut = new RegExp(`^[ \\t]*#[ \\t]*${name}[ \\t]*=.*$`, 'm').exec(text)
  if (commentedOut !== null) return replaceAt(text, commentedOut.index, commentedOut[0], `${name}=${quoted}`)
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  const begin = text === '' || text.endsWith('\n') ? text : `${text}${lineBreak}`
  return `${begin}${[...commentOf(name, example), `${name}=${quoted}`, ''].join(lineBreak)}`
}

function replaceAt(text: string, index: number, old: string, replacement: string): string {
  return text.slice(0, index) + replacement + text.slice(index + old.length)
}

/** The lines of comment right above a variable of the example. */
function commentOf(name: string, example: string): string[] {
  const lines = example.split(/\r?\n/)
  const at = lines.findIndex((line) => new RegExp(`^(# )?${name}=`).test(line))
  const above = lines.slice(0, Math.max(at, 0))
  const begin = above.findLastIndex((line) => !line.startsWith('#') || /^# (---|\w+=)/.test(line))
  return above.slice(begin + 1)
}

/**
 * The value as `s` (dotenv) and node's parseEnv both read it, and a person would write it: bare, or in the first quotes
 * that hold it. Neither knows an escape that the other one knows, too; a backslash before the closing quote would be one
 * for dotenv. Nothing helps against a `$`, which `s` expands in any of them.
 * @returns undefined when there is no such way
 */
export function quoteForDotEnv(value: string): string | undefined {
  if (/[\r\n]/.test(value)) return undefined
  if (/^[\w./:@%+,=\\-]*$/.test(value)) return value
  if (!/'|\\$/.test(value)) return `'${value}'`
  if (!/["\\]/.test(value)) return `"${value}"`
  if (!/`|\\$/.test(value)) return `\`${value}\``
  return undefined
}
