import * as z from 'zod/mini'
import { ApiError } from './refusal'

/** the document says that Limit is a string, the SDK sends a number */
export const limit = z.optional(z.union([z.number(), z.string()]))
export const paging = { Limit: limit, NextToken: z.optional(z.string()) }

interface PageRequest {
  Limit?: number | string | undefined
  NextToken?: string | undefined
}

/** @throws ApiError */
export function readLimit(given: number | string | undefined, most: number): number {
  if (given === undefined) return most
  const number = Number(given)
  if (Number.isInteger(number) && number >= 1 && number <= most) return number
  const message = `The limit size of page is invalid, which must greater than 0 and not greater than [${most}].`
  throw new ApiError(409, 'LimitSizeInvalid', message)
}

/**
 * A page of a list in the order of names. What is made or deleted meanwhile neither repeats nor hides another item.
 * @param named the whole list, sorted
 * @returns the page, and the rest of the answer: Total, and NextToken when there is more
 * @throws ApiError
 */
export function pageOf<T extends { name: string }>(named: readonly T[], request: PageRequest, most: number) {
  const size = readLimit(request.Limit, most)
  const after = readToken('after', request.NextToken)
  const rest = after === undefined ? named : named.filter((item) => item.name > after)
  const page = rest.slice(0, size)
  const last = page.at(-1)
  const more = rest.length > size && last !== undefined ? { NextToken: tokenOf('after', last.name) } : {}
  return { page, answer: { ...more, Total: named.length } }
}

/** The next page's token: opaque to clients, though the service's is a number. */
export function tokenOf(kind: string, position: string | number): string {
  return Buffer.from(`${kind} ${position}`).toString('base64url')
}

/** Where to go on; from the beginning without a token, or with "0", the service's own first. @throws ApiError for a token that no page of this kind gave */
export function readToken(kind: string, token: string | undefined): string | undefined {
  if (!token || token === '0') return undefined
  const position = Buffer.from(token, 'base64url')
    .toString()
    .slice(kind.length + 1)
  if (position !== '' && tokenOf(kind, position) === token) return position
  throw tokenInvalid()
}

export function tokenInvalid(): ApiError {
  return new ApiError(409, 'NextTokenInvalid', 'The next token of page is invalid, it must be one that a page gave.')
}
