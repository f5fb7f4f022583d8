import { parseEnv } from 'node:util'
import type { Environment } from '../../shared/config'
import { FULLWIDTH, tellFullwidth } from '../../shared/fullwidth'
import type { KnownVariables } from './knownVariables'

/** A file of variables, and what is wrong with it: never a value, nor a word that might be a piece of one. */
export interface EnvText {
  variables: Environment
  faults: readonly EnvFault[]
}

export interface EnvFault {
  line: number
  /** '' where it is no name that may be printed */
  name: string
  message: string
  /** whether something is lost, or open, that the author of the line thinks is set, or shut; else it is worth a look */
  isError: boolean
}

interface Assignment {
  line: number
  name: string
  value: string
}

/**
 * Reads `.env` or `.env.local`. Its readers (node's parseEnv; dotenv in `s`) pass over what they cannot read, or take it
 * together with the next line, and say nothing: so each line is told that they may read in another way than it is meant.
 */
export function readEnvText(bytes: Buffer, known: KnownVariables): EnvText {
  if (isUtf16(bytes)) {
    const message = 'the file is UTF-16: save it as UTF-8'
    return { variables: {}, faults: [{ line: 1, name: '', message, isError: true }] }
  }
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  const lines = linesOf(text, known)
  const [faults, assignments]: [EnvFault[], Assignment[]] = [[], []]
  if (/\r(?!\n|$)/.test(text)) {
    faults.push({
      line: 1,
      name: '',
      message: 'lines end in a carriage return alone: save them with \\n',
      isError: false,
    })
  }
  for (const { line, content } of lines) {
    const isComment = /^\s*(#|$)/.test(content)
    if (content.includes('\uFFFD')) {
      const message = 'has bytes that are no UTF-8, as a file in GBK has: save it as UTF-8'
      faults.push({ line, name: '', message, isError: !isComment })
    } else if (!isComment) {
      const read = takeApart(content, known)
      if ('message' in read) faults.push({ line, ...read, isError: true })
      else assignments.push({ line, ...read })
    }
  }
  for (const assignment of assignments) {
    const found = [
      // what others' variables are is for their readers to say
      known.isKnown(assignment.name) ? faultOfValue(assignment) : faultOfEnd(assignment),
      faultOfName(assignment, assignments, known),
      faultOfRepeat(assignment, assignments),
    ]
    const name = printable(assignment.name, known)
    for (const fault of found) if (fault !== undefined) faults.push({ line: assignment.line, name, ...fault })
  }
  return {
    // one by one: parseEnv takes a comment that is indented, or a quote that does not end, together with the lines below
    variables: Object.assign({}, ...assignments.map(({ name, value }) => parseEnv(`${name}=${value}`))),
    faults: faults.sort((a, b) => a.line - b.line),
  }
}

function isUtf16(bytes: Buffer): boolean {
  return bytes.subarray(0, 2).includes(0) || ['fffe', 'feff'].includes(bytes.subarray(0, 2).toString('hex'))
}

/**
 * The lines of a file; a certificate, or JSON, in quotes over several of them is one. Ours have no more than one: there, and
 * before a line of ours, a quote that does not end has been forgotten.
 */
function linesOf(text: string, known: KnownVariables): { line: number; content: string }[] {
  const all = text.split(/\r\n|[\r\n]/)
  const lines: { line: number; content: string }[] = []
  for (let index = 0; index < all.length; ) {
    const [, name = '', quote] = /^\s*(?:export\s+)?([^=]*?)\s*=\s*(['"`])(?!.*\2)/.exec(all[index] ?? '') ?? []
    const end = quote === undefined ? -1 : all.findIndex((line, at) => at > index && line.includes(quote))
    const isOne =
      /^[^'"`]*['"`]\s*(#.*)?$/.test(all[end] ?? '') &&
      !known.isKnown(name) &&
      !all.slice(index + 1, end + 1).some((line) => assignsKnown(line, known))
    const next = isOne ? end + 1 : index + 1
    lines.push({ line: index + 1, content: all.slice(index, next).join('\n') })
    index = next
  }
  return lines
}

function assignsKnown(line: string, known: KnownVariables): boolean {
  const name = /^\s*(?:export\s+)?([\w.-]+)\s*=/.exec(line)?.[1]
  return name !== undefined && known.isOurs(name)
}

/** Nothing that shows: controls, zero widths, marks of direction, blanks other than the common one. */
const INVISIBLE = /[\p{Cc}\p{Cf}\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F]/u
const invisible = (text: string) => INVISIBLE.exec(text.replaceAll('\t', ''))?.[0]

function tellInvisible(character: string): string {
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
  return `an invisible character (U+${code}): type it anew`
}

/** Name and value as they are written; or why the line gives no variable its value. */
function takeApart(
  content: string,
  known: KnownVariables,
): { name: string; value: string } | Pick<EnvFault, 'name' | 'message'> {
  const [, before = '', separator = '', value = ''] = /^([^=:＝：]*)([=:＝：]?)(.*)$/s.exec(content) ?? []
  const written = before.replace(/^\s*export[ \t]+/, '')
  const name = written.trim()
  const said = printable(name, known)
  if (/^＃/.test(name)) return { name: '', message: `begins with ${tellFullwidth('＃')}: no comment` }
  if (separator === '') return { name: said, message: 'has no =, so it is lost' }
  if (separator !== '=') {
    const what =
      separator === ':'
        ? 'has a :, where = is meant'
        : `has ${tellFullwidth(separator).replace('where : is', 'where = is')}`
    return { name: said, message: `${what}, so it is lost: ${said || 'NAME'}=…` }
  }
  const hidden = invisible(written)
  if (hidden !== undefined) return { name: said, message: `has in its name ${tellInvisible(hidden)}` }
  const wide = FULLWIDTH.exec(written)?.[0]
  if (wide !== undefined) return { name: said, message: `has in its name ${tellFullwidth(wide)}` }
  if (name === '') return { name, message: 'has no name before the =' }
  if (/\s/.test(name)) return { name: said, message: 'has a blank within its name' }
  if (/^['"`]|['"`]$/.test(name)) return { name: said, message: 'has its name in quotes' }
  return { name, value: value.replace(/^[ \t]+|[ \t]+$/g, '') }
}

type Found = Pick<EnvFault, 'message' | 'isError'> | undefined
const error = (message: string): Found => ({ message, isError: true })
const warning = (message: string): Found => ({ message, isError: false })

function faultOfValue({ name, value }: Assignment): Found {
  const quote = /^['"`]/.exec(value)?.[0]
  if (quote !== undefined) return faultOfQuoted(name, value, quote)
  // the readers end it at the first #, whatever stands before
  const [kept = ''] = value.split('#', 1)
  const hidden = invisible(kept)
  if (hidden !== undefined) return error(`has in its value ${tellInvisible(hidden)}`)
  const wide = FULLWIDTH.exec(kept)?.[0]
  if (wide !== undefined) return error(`has in its value ${tellFullwidth(wide)}; what is meant as it is, put in quotes`)
  if (/^#\S|^[^#]*[^\s#]#/.test(value)) {
    return error('is cut off at its #, which begins a comment: put the value in quotes')
  }
  // of a secret nobody can see which of the two it is
  if (/(PASSWORD|TOKEN|SECRET|KEY)$/.test(name) && /\s#\S/.test(value)) {
    return warning('ends at its #, which begins a comment: put the value in quotes if that is a part of it')
  }
  const odd = /^=|\s(?:\/\/|--|;)|;(?=\s*$)/.exec(kept)?.[0].trim()
  if (odd !== undefined) return warning(`takes the ${odd} into its value: put it in quotes if that is meant`)
  if (/['"`]\s*$/.test(kept)) return warning('ends in a quote, and does not begin with one')
  return undefined
}

function faultOfEnd({ value }: Pick<Assignment, 'value'>): Found {
  const quote = /^(['"`])(?!.*\1)/s.exec(value)?.[1]
  return quote === undefined ? undefined : error(`has no second ${quote} on its line`)
}

function faultOfQuoted(name: string, value: string, quote: string): Found {
  const end = value.indexOf(quote, 1)
  if (end < 0) return faultOfEnd({ value })
  if (!/^\s*(#.*)?$/.test(value.slice(end + 1))) return error(`has something behind its second ${quote}`)
  const within = value.slice(1, end)
  const hidden = invisible(within)
  if (hidden !== undefined) return error(`has in its value ${tellInvisible(hidden)}`)
  const broken = quote === '"' ? /\\[nr]/.exec(within)?.[0] : undefined
  if (broken !== undefined)
    return error(`has ${broken} in double quotes, which becomes a line break: in single quotes it stays`)
  const wide = name.endsWith('PASSWORD') ? undefined : FULLWIDTH.exec(within)?.[0]
  return wide === undefined
    ? undefined
    : warning(`has in its value ${tellFullwidth(wide)}, unless it is meant as it is`)
}

/** A name as it may be; of others' a file may hold as many as it likes, and nothing is said of them. */
const NAME = /^[A-Za-z_][\w.-]*$/

function faultOfName({ name, value }: Assignment, all: readonly Assignment[], known: KnownVariables): Found {
  if (known.isKnown(name)) return undefined
  const meant = known.meant(name)
  if (meant !== undefined) {
    const message = `is no variable of this project: is ${meant.name} meant?`
    const isSet = all.some((other) => other.name === meant.name)
    return meant.isSlip && value !== '' && !isSet ? error(message) : warning(message)
  }
  if (known.isLock(name) && value !== '') return error('is no variable of this project: it locks nothing')
  if (known.isNearLock(name)) return warning('is no variable of this project')
  const isRest = !NAME.test(name) || (/^[^_]{16,}$/.test(name) && /^=?$/.test(value))
  return isRest ? warning('is no variable: is it the rest of the line above?') : undefined
}

/** The last one counts. */
function faultOfRepeat({ line, name, value }: Assignment, all: readonly Assignment[]): Found {
  const same = all.filter((other) => other.name === name)
  const before = same.filter((other) => other.line < line).at(-1)
  if (before === undefined || same.at(-1)?.line !== line) return undefined
  const isEmptied = bare(value) === '' && same.some((other) => bare(other.value) !== '')
  return isEmptied
    ? error(`is empty here, and that counts, not line ${before.line}`)
    : warning(`is here for the second time: this line counts, not line ${before.line}`)
}

function bare(value: string): string {
  return value.replace(/(^|\s)#.*$/, '').replace(/^(['"`])\s*\1$/, '')
}

/** A name that is known, or all but known, or that looks like nothing else: a line without = may be half of a secret. */
function printable(name: string, known: KnownVariables): string {
  const seen = name.replace(new RegExp(INVISIBLE, 'gu'), '').replace(/^['"`]|['"`]$/g, '')
  const isName = known.isKnown(seen) || /^[A-Z]{2,}(_[A-Z0-9]+)+$/.test(seen)
  if (isName) return seen
  return /^[\w.-]{1,40}$/.test(seen) && known.meant(seen) !== undefined ? seen : ''
}
