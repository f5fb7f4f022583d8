import { FULLWIDTH, tellFullwidth } from '../fullwidth'
import type { Column } from './mapping'

const QUOTED = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`/gs

/** What a type says of the texts that it holds. The rest of its limits the server knows. */
export function limitsOf(type: string): Pick<Column, 'maxLength' | 'isAscii'> {
  const maxLength = /^(?:VAR)?CHAR ?\((\d+)\)/i.exec(type)?.[1]
  // a name may be quoted; a comment may hold any words
  const words = type.replace(QUOTED, (text) => (/^.ascii\w*.$/i.test(text) ? text : ''))
  const isAscii = /\b(?:CHARACTER SET|CHARSET|COLLATE)[ =]+['"`]?ascii/i.test(words)
  return { ...(maxLength !== undefined && { maxLength: Number(maxLength) }), ...(isAscii && { isAscii }) }
}

const IN_BRACKETS = /\([^()]*\)/g

/**
 * What is wrong with a type before any server sees it: it goes into the middle of a statement, and what is more than one
 * column would be understood there as something else.
 */
export function typeProblem(type: string): string | undefined {
  if (type.trim() === '') return 'is empty'
  let rest = type.replace(QUOTED, '')
  const fullwidth = FULLWIDTH.exec(rest)?.[0]
  if (fullwidth !== undefined) return `has ${tellFullwidth(fullwidth)}`
  for (let before = ''; before !== rest; ) [before, rest] = [rest, rest.replace(IN_BRACKETS, '')]
  if (/['"`]/.test(rest)) return 'has a quote that is not closed'
  if (/[()]/.test(rest)) return 'has a bracket without its other one'
  if (/[,;]|--|\/\*/.test(rest)) return 'must be the type of one column, and nothing else'
  return undefined
}
