import { errorMessage } from '../../shared/errorCode'
import { isLosslessObject, losslessJson, parseJson } from '../../shared/json'
import { jsonFault } from '../../shared/jsonFault'
import { compilePattern, FILTERABLE } from '../pattern/compilePattern'
import type { Search } from '../store/searches'

/** What is wrong with what somebody looks for, in words for them. */
export class InvalidSearch extends Error {
  override name = 'InvalidSearch' as const
}

const MAX_CHARACTERS = 4_096

/**
 * Reads what is looked for in events: an event pattern, as a rule has one, or fields with what they are to be, such as
 * `data.body.userId = 4711 and data.body.title prefix 总`. Each of these is a pattern too, so that a search finds what a
 * rule would.
 * @throws InvalidSearch
 */
export function readSearch(text: string): Search {
  const trimmed = text.trim()
  if (trimmed.length > MAX_CHARACTERS) throw new InvalidSearch(`must have at most ${MAX_CHARACTERS} characters`)
  const patterns = (trimmed.startsWith('{') ? [readPattern(trimmed)] : readConditions(trimmed)).map(compile)
  return {
    name: trimmed,
    matches(json) {
      const event = losslessJson(json)
      return isLosslessObject(event) && patterns.every((pattern) => pattern.matches(event))
    },
  }
}

function readPattern(text: string): unknown {
  const pattern = losslessJson(text)
  if (pattern !== undefined) return pattern
  const { line, column, message } = jsonFault(text)
  throw new InvalidSearch(`the pattern, in line ${line}, column ${column}, ${message}`)
}

function compile(pattern: unknown) {
  try {
    return compilePattern(pattern)
  } catch (error) {
    throw new InvalidSearch(errorMessage(error))
  }
}

/** Of a path: a name, or a text in double quotes for one with a dot or a blank in it. */
const NAME = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s."=!<>＝！＜＞]+)`
const CONDITION = new RegExp(
  String.raw`^\s*(?<path>${NAME}(?:\.${NAME})*)\s*(?:(?<has>exists|absent)(?=\s|$)|(?<operator>[=＝]{1,2}|[!！][=＝]|[<>＜＞][=＝]?|(?:prefix|suffix|contains)(?=[\s"“]))\s*(?<value>"(?:[^"\\]|\\.)*"|“[^”]*”|.*?))\s*(?:(?<more>\sand(?=\s|$)|&&)|$)`,
  'is',
)

function readConditions(text: string): unknown[] {
  const patterns: unknown[] = []
  let rest = text
  let goesOn = true
  while (goesOn) {
    const match = CONDITION.exec(rest)
    if (match === null) throw new InvalidSearch(EXPECTED)
    const { path = '', has, operator = '', value = '', more } = match.groups ?? {}
    const conditions = has ? [{ exists: has.toLowerCase() === 'exists' }] : conditionsOf(operator, value)
    patterns.push(patternOf(namesIn(path), conditions))
    rest = rest.slice(match[0].length)
    goesOn = more !== undefined
  }
  return patterns
}

const EXPECTED =
  'must be a field and what it is, such as data.body.userId = 4711 (or !=, >, <, prefix, suffix, contains, exists, absent; several with "and" between them), or an event pattern, such as {"data": {"body": {"userId": ["4711"]}}}'

function namesIn(path: string): string[] {
  const names = path.match(new RegExp(NAME, 'g')) ?? []
  const plain = names.map((name) => (name.startsWith('"') ? String(parseJson(name)) : name))
  const [first = '', ...others] = plain[0] === '$' ? plain.slice(1) : plain
  // an attribute has no fields, and whatever is none is in the data
  return first === 'data' || (FILTERABLE.has(first) && others.length === 0)
    ? [first, ...others]
    : ['data', first, ...others]
}

function patternOf(names: readonly string[], conditions: unknown[]): unknown {
  return names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), conditions)
}

/** As an input method of Chinese writes them. */
const FULLWIDTH: Readonly<Record<string, string>> = { '＝': '=', '！': '!', '＜': '<', '＞': '>' }

/** @returns the list of which one must match */
function conditionsOf(typed: string, text: string): unknown[] {
  const operator = typed.toLowerCase().replace(/[＝！＜＞]/g, (sign) => FULLWIDTH[sign] ?? sign)
  const values = valuesOf(text)
  switch (operator) {
    case '=':
    case '==':
      return values
    case '!=':
      return [{ 'anything-but': values }]
    case 'prefix':
    case 'suffix':
    case 'contains':
      return [{ [operator]: values[0] }]
    default:
      if (!NUMBER.test(text)) throw new InvalidSearch(`${operator} compares with a number`)
      return [{ numeric: [operator, Number(text)] }]
  }
}

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/
/** What would be taken for the text that is looked for. */
const OTHERWISE = /\s(or|\|\|)\s.*[=＝<>＜＞]/is

/** What a value may be in an event: `12.50` a text, and the number that is written 12.5 as well. */
function valuesOf(text: string): unknown[] {
  if (text === 'null') return [null]
  if (/^“[^”]*”$/.test(text)) return [text.slice(1, -1)]
  const quoted = text.startsWith('"') ? parseJson(text) : undefined
  if (quoted !== undefined) return [quoted]
  if (text === '' || text.startsWith('"') || OTHERWISE.test(text)) throw new InvalidSearch(EXPECTED)
  const number = NUMBER.test(text) ? losslessJson(text) : undefined
  return number === undefined ? [text] : [text, number]
}
