import { createHmac, timingSafeEqual } from 'node:crypto'
import { UserError } from '../../../../shared/userError'
import type { EmployeesConfig } from '../../config'

const WINDOW_MS = 10 * 60 * 1000

/**
 * The code that confirms a purge: told in the answer to an invocation, which nobody sees but its invoker. Whoever only
 * gets a payload to the function, by a rule that delivers what a stranger sent, knows neither the code nor the key
 * that it is made with, the database's password. It holds for these days, for ten to twenty minutes, on every instance.
 * @throws UserError when there is no password to make it with
 */
export function confirmationOf(config: EmployeesConfig, days: number, now: number): string {
  return codeAt(config, days, Math.floor(now / WINDOW_MS))
}

export function isConfirmed(code: unknown, config: EmployeesConfig, days: number, now: number): boolean {
  const window = Math.floor(now / WINDOW_MS)
  return [window, window - 1].some((candidate) => isSame(code, codeAt(config, days, candidate)))
}

function codeAt({ MYSQL_PASSWORD: password }: EmployeesConfig, days: number, window: number): string {
  if (password === '')
    throw new UserError('MYSQL_PASSWORD is empty: purge with npm run migrate -- --purge-left instead.')
  return createHmac('sha256', password).update(`purge ${days} ${window}`).digest('hex').slice(0, 24)
}

function isSame(given: unknown, code: string): boolean {
  const bytes = Buffer.from(typeof given === 'string' ? given : '')
  return bytes.length === code.length && timingSafeEqual(bytes, Buffer.from(code))
}
