import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json'

/** Whether a value of JSON is an object, and neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a JSON text; undefined, which JSON does not have, for any other text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The fields of a JSON object; none for any other text, such as the page of a proxy. */
export function jsonFields(text: string): Record<string, unknown> {
  const value = parseJson(text)
  return isObject(value) ? value : {}
}

/** Of an event, and of a text in it: DingTalk's have eight levels. Whatever walks over a value must not run out of stack. */
export const MAX_DEPTH = 128

/**
 * How deep a JSON text is nested: 0 for a scalar, 1 for `{}`. Whoever walks a value could else run out of stack. It is
 * measured on the text: a value under a key that comes twice is in no parsed object, and yet goes on with the text.
 * @param json text that parses; of any other the depth means nothing
 */
export function depthOf(json: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '"':
        at = endOfString(json, at)
        break
      case '{':
      case '[':
        depth++
        if (depth > deepest) deepest = depth
        break
      case '}':
      case ']':
        depth--
    }
  }
  return deepest
}

/** Where the quote is that closes the string that begins at `start`; the end of the text when there is none. */
export function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === '\\') at++
    else if (json[at] === '"') return at
  }
  return json.length
}

/** Numbers are kept as they are written; a key that comes twice has its last value, as with JSON.parse. */
const options = { onDuplicateKey: ({ newValue }: { newValue: unknown }) => newValue }

/**
 * Parses JSON without losing digits: numbers that JSON.parse would not give back become objects of lossless-json that
 * hold their text.
 * @throws SyntaxError; RangeError when it is nested too deep
 */
export function parseLossless(json: string): unknown {
  return mayLoseDigits(json) ? parse(json, null, options) : JSON.parse(json)
}

/** What parseLossless makes of a JSON text; undefined, which JSON does not have, for any other text. */
export function losslessJson(text: string): unknown {
  try {
    return parseLossless(text)
  } catch {
    return undefined
  }
}

/**
 * Parses JSON into plain values, but integers beyond 2^53 into bigints: JSON.parse would round them into others.
 * @throws SyntaxError; RangeError when it is nested too deep
 */
export function parseExact(json: string): unknown {
  return mayLoseDigits(json) ? parse(json, null, { ...options, parseNumber }) : JSON.parse(json)
}

/**
 * Whether JSON.parse might round a number of the text: one of 16 digits or more, or with an exponent. The parser that
 * keeps them takes 45 times as long. Most texts are done with at the first look, which takes ids in quotes for no numbers.
 */
export function mayLoseDigits(json: string): boolean {
  return LONG_NUMBER.test(json) && LONG_NUMBER.test(json.replace(STRING, '""'))
}

/** What begins a number in JSON, and then 16 digits, wherever the point; or any number with an exponent. */
const LONG_NUMBER = /(?:^|[\s:,[-])\d(?:(?:\.?\d){15}|(?:\.?\d)*[eE])/
const STRING = /"(?:[^"\\]|\\.)*"/gs

function parseNumber(text: string): number | bigint {
  const number = Number(text)
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number
}

/** The JSON text of what parseLossless or parseExact gave: numbers as they were. */
export function stringifyLossless(value: unknown): string {
  // lossless-json's own takes ten times as long: it calls JSON.stringify for each key and value
  return (mayHoldExactNumber(value) ? stringify(value) : JSON.stringify(value)) ?? 'null'
}

function mayHoldExactNumber(value: unknown): boolean {
  if (typeof value === 'bigint') return true
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(mayHoldExactNumber)
  // what somebody's own toJSON makes is not known before
  if (isLosslessNumber(value) || ('toJSON' in value && typeof value.toJSON === 'function')) return true
  for (const name in value) if (mayHoldExactNumber((value as Record<string, unknown>)[name])) return true
  return false
}

/**
 * Whether a value of parseLossless is an object in JSON. Its numbers are objects too, of a class, which is asked for sooner than
 * the library's own marker: that took a third of what reading ten fields takes.
 */
export function isLosslessObject(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !(value instanceof LosslessNumber)
}

/** A number as JSON writes one. */
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** The longest that is written out; beyond that an exponent says the same, or a few characters would make gigabytes. */
const MAX_DIGITS = 400

/**
 * The number that a text of JSON is, to compare by: JavaScript's where that is the same number, and else one of
 * lossless-json, in one spelling whatever the text's: `9007199254740993`, `9007199254740993.0` and `9.007199254740993e15` are
 * the same. Two that are none of JavaScript's are equal when their texts are.
 */
export function exactNumber(text: string): number | LosslessNumber {
  const number = Number(text)
  // most are plain, also where another number of the event is not: then all of them come as texts
  if (String(number) === text) return number
  const spelling = spell(text)
  return spelling === undefined || spelling === spell(String(number)) ? number : new LosslessNumber(spelling)
}

function spell(text: string): string | undefined {
  const [, sign, whole, fraction = '', power = '0'] = NUMBER.exec(text) ?? []
  if (whole === undefined) return undefined
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  const exponent = Number(power) - fraction.length + digits.length - significant.length
  return `${sign}${writeOut(significant, exponent)}`
}

function writeOut(digits: string, exponent: number): string {
  const point = digits.length + exponent
  if (Math.abs(exponent) > MAX_DIGITS || point > MAX_DIGITS) return `${digits}e${exponent}`
  if (exponent >= 0) return digits + '0'.repeat(exponent)
  if (point > 0) return `${digits.slice(0, point)}.${digits.slice(point)}`
  return `0.${'0'.repeat(-point)}${digits}`
}

/**
 * A value that should have been text, as text: an object has its JSON, for its own `toString` may be what somebody has sent,
 * and no function.
 */
export function textOfAny(value: unknown): string {
  return typeof value === 'object' ? stringifyLossless(value) : String(value)
}
