import { ALLOWED } from '../functions/employees/readRoster'
import { isObject, parseLossless, stringifyLossless } from '../shared/json'
import { UserError } from '../shared/userError'

/**
 * A roster's event, as JSON text, with what an operator allows: how many it may mark as left, beside its type, where no
 * body gets.
 */
export function letThrough(event: string, allowLeavers: number): string {
  return withAttributes(event, { [ALLOWED]: String(allowLeavers) })
}

/** @param event JSON text of a CloudEvent */
export function withAttributes(event: string, attributes: Readonly<Record<string, string>>): string {
  const parsed = parseLossless(event)
  return stringifyLossless({ ...(isObject(parsed) && parsed), ...attributes })
}

/**
 * What --allow-leavers says; undefined without it.
 * @throws UserError
 */
export function readAllowLeavers(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UserError('--allow-leavers takes a whole number, at least 1: how many one roster may mark as left.')
}
