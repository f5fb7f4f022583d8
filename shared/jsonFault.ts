import { parse } from 'lossless-json'
import { errorMessage } from './errorCode'
import { FULLWIDTH, tellFullwidth } from './fullwidth'

/** Lines and columns from 1 on. */
export interface JsonFault {
  line: number
  column: number
  /** what is amiss there, in words that quote nothing: it goes on from "it" */
  message: string
}

/** Where a text that is no JSON is none any more, and what is amiss there. */
export function jsonFault(text: string): JsonFault {
  const { message, at } = parseFault(text)
  const before = text.slice(0, at)
  const place = { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
  return { ...place, message: slipAt(text, at) ?? `is no JSON: ${message}` }
}

function slipAt(text: string, at: number): string | undefined {
  const character = text[at] ?? ''
  if (FULLWIDTH.test(character)) return `has ${tellFullwidth(character)}`
  if (character === "'") return 'has a single quote, where JSON has double ones'
  return character === '#' || text.startsWith('//', at) ? 'has a comment, which JSON has not' : undefined
}

/** What the parser finds, in words that quote nothing. */
const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/or end of object/, 'a } is missing'],
  [/or end of array/, 'a ] is missing'],
  [/^Quoted object key/, 'a name in double quotes is missing, or the comma before it is one too many'],
  [/^Comma/, 'a comma is missing'],
  [/^Colon/, 'a colon is missing'],
  [/^Array item/, 'an item is missing, or the comma before it is one too many'],
  [/^(?:Object|JSON) value/, 'a value is missing, or is no value of JSON'],
  [/^End of string/, 'a text does not end'],
  [/^Invalid character/, 'a text has a line break or a control character, which is written as \\n or \\u000a'],
  [/^Invalid (?:escape|unicode)/, 'a \\ stands before what JSON has no escape for'],
  [/^Invalid number/, 'a number does not end'],
  [/^Expected end/, 'something follows the event'],
]

function parseFault(text: string): { message: string; at: number } {
  try {
    parse(text, null, { onDuplicateKey: ({ newValue }: { newValue: unknown }) => newValue })
    return { message: 'its parser does not take it', at: 0 }
  } catch (error) {
    const words = errorMessage(error)
    const at = / at position (\d+)$/.exec(words)?.[1]
    const message = FAULTS.find(([pattern]) => pattern.test(words))?.[1] ?? 'it is nested too deep'
    return { message, at: Number(at ?? 0) }
  }
}
