import type { ServerResponse } from 'node:http'

/**
 * Makes fc-http's response (lib/response.js of @serverless-devs/serverless-http 3.0.1) behave as Node's where it does
 * not: it reads chunks by characters instead of bytes, takes a string in any encoding for UTF-8, and its writeHead
 * cannot be chained.
 */
export function repairResponse(res: ServerResponse): void {
  // The trigger sends one whole body, so the framing has no meaning: it is never applied, nor reported afterwards.
  Object.defineProperty(res, 'chunkedEncoding', { get: () => false, set: () => {} })
  const getHeaders = res.getHeaders.bind(res)
  res.getHeaders = () => {
    const { 'transfer-encoding': _framing, ...headers } = getHeaders()
    return headers
  }

  const write = res.write.bind(res) as (...args: unknown[]) => boolean
  res.write = (...args: unknown[]) => write(...decoded(args))
  const end = res.end.bind(res) as (...args: unknown[]) => ServerResponse
  res.end = (...args: unknown[]) => end(...decoded(args))

  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => unknown
  res.writeHead = (...args: unknown[]) => {
    writeHead(...args)
    return res
  }
}

/** Turns the arguments (chunk, encoding, callback?) of write and end into (bytes, callback?). */
function decoded([chunk, encoding, ...rest]: unknown[]): unknown[] {
  if (typeof chunk !== 'string' || typeof encoding !== 'string') return [chunk, encoding, ...rest]
  return [Buffer.from(chunk, encoding as BufferEncoding), ...rest]
}
