import type { ServerResponse } from 'node:http'

/** Answers with JSON, once and whole. With a length set it is never chunked: fc-http would corrupt that (fc/mountHttp.ts). */
export function sendJson(
  res: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const bytes = Buffer.from(JSON.stringify(value))
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length, ...headers })
  res.end(bytes)
}
