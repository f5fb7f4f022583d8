import { isLosslessNumber, parse, stringify } from 'lossless-json'
import { isObject } from './isObject'

/** Numbers are kept as they are written; a key that comes twice has its last value, as with JSON.parse. */
const options = { onDuplicateKey: ({ newValue }: { newValue: unknown }) => newValue }

/**
 * Parses JSON without losing digits: numbers become objects of lossless-json that hold their text.
 * @throws SyntaxError; RangeError when it is nested too deep
 */
export function parseLossless(json: string): unknown {
  return parse(json, null, options)
}

/**
 * Parses JSON into plain values, but integers beyond 2^53 into bigints: JSON.parse would round them into others.
 * @throws SyntaxError; RangeError when it is nested too deep
 */
export function parseExact(json: string): unknown {
  return parse(json, null, { ...options, parseNumber })
}

function parseNumber(text: string): number | bigint {
  const number = Number(text)
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number
}

/** The JSON text of what parseLossless or parseExact gave: numbers as they were. */
export function stringifyLossless(value: unknown): string {
  return stringify(value) ?? 'null'
}

/** Whether a value of parseLossless is an object in JSON. Its numbers are objects too, of a class. */
export function isLosslessObject(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !isLosslessNumber(value)
}
