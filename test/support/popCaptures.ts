import captures from '../fixtures/pop-captures.json'
import { exchangeRaw, type RawAnswer } from './rawHttp'

/** A request that a public client sent, whole, with its real signature, and what it was answered then. */
export type PopExchange = (typeof captures.exchanges)[number]

export const { exchanges, vectors } = captures

const { accessKeyId, accessKeySecret, securityToken } = captures.credentials

/** The key that signed it: of temporary credentials where there is a token. */
export function keyOf({ target, headers }: PopExchange) {
  const isTemporary = target.includes(securityToken) || headers.some(([, value]) => value === securityToken)
  return { accessKeyId, accessKeySecret, ...(isTemporary && { securityToken }) }
}

/** When it was signed. */
export function timeOf({ target, headers, body }: PopExchange): number {
  const date = headers.find(([name]) => name === 'x-acs-date')?.[1]
  const { searchParams } = new URL(target, 'http://localhost')
  return Date.parse(date ?? searchParams.get('Timestamp') ?? new URLSearchParams(body).get('Timestamp') ?? '')
}

/** Sends it again, with its very bytes, or with one changed. */
export function replay(
  port: number,
  exchange: Pick<PopExchange, 'method' | 'target' | 'headers' | 'body'>,
): Promise<RawAnswer> {
  const { method, target, headers, body } = exchange
  const lines = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  const isChunked = headers.some(([name, value]) => name === 'Transfer-Encoding' && value === 'chunked')
  const sent = isChunked ? `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n` : body
  return exchangeRaw(port, Buffer.from(`${lines.join('\r\n')}\r\n\r\n${sent}`))
}

/** The operation's own parameters, of query and form, or of a JSON body. */
export function parametersOf({ target, body }: PopExchange): Record<string, string> {
  const { searchParams } = new URL(target, 'http://localhost')
  const ofBody = body.startsWith('{') ? (JSON.parse(body) as Record<string, string>) : new URLSearchParams(body)
  return {
    ...Object.fromEntries(searchParams),
    ...(ofBody instanceof URLSearchParams ? Object.fromEntries(ofBody) : ofBody),
  }
}
