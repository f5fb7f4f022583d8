import { badArgument, CallError, missing } from '../callError'

/** A call's arguments, from its JSON, its form or its query: numbers may be numbers or text. */
export type Arguments = Readonly<Record<string, unknown>>

/** Text, whatever JSON it came as; undefined when it is not there. */
export function textOf(args: Arguments, name: string): string | undefined {
  const value = args[name]
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : undefined
}

/** An id of digits, which may be more than a JavaScript number holds. @throws CallError */
export function idOf(args: Arguments, name: string): string {
  const text = textOf(args, name)?.trim()
  if (text === undefined || text === '') throw missing(camelCase(name))
  if (!/^-?\d{1,20}$/.test(text)) throw badArgument()
  return text
}

/** @throws CallError when it is missing and has no default, no number, or out of its range */
export function numberOf(
  args: Arguments,
  name: string,
  rule: { min: number; max: number; otherwise?: number },
): number {
  const text = textOf(args, name)
  if (text === undefined || text === '') {
    if (rule.otherwise === undefined) throw missing(camelCase(name))
    return rule.otherwise
  }
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < rule.min || number > rule.max) throw badArgument()
  return number
}

/** @throws CallError when it is missing and has no default */
export function flagOf(args: Arguments, name: string, otherwise?: boolean): boolean {
  const text = textOf(args, name)
  if (text === 'true' || text === 'false') return text === 'true'
  if (text !== undefined) throw badArgument()
  if (otherwise === undefined) throw missing(camelCase(name))
  return otherwise
}

/** The same fault by another number, as some calls have one of their own for an argument. */
export function withCode<T>(errcode: number, errmsg: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof CallError ? new CallError(errcode, errmsg) : error
  }
}

/** Errors name arguments in camel case, though they are sent in snake case. */
function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
