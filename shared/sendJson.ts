import type { ServerResponse } from 'node:http'

/** Answers with JSON, once and whole. With a length set it is never chunked: fc-http would corrupt that (fc/mountHttp.ts). */
export function sendJson(
  res: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  // a text goes with its head in one piece, bytes in a second one
  const text = JSON.stringify(value)
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers })
  res.end(text)
}
