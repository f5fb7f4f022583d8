import type { ServerResponse } from 'node:http'
import * as z from 'zod/mini'
import { parseJson } from '../shared/parseJson'
import { send } from './fcGateway'

const httpResponse = z.object({
  statusCode: z.int().check(z.minimum(200), z.maximum(599)),
  headers: z._default(z.record(z.string(), z.string()), {}),
  isBase64Encoded: z._default(z.boolean(), false),
  body: z._default(z.string(), ''),
})

/** These are the connection's, and not for a function to set. */
const HOP_BY_HOP = new Set(['connection', 'content-length', 'keep-alive', 'trailer', 'transfer-encoding', 'upgrade'])

/**
 * Answers a request with a function's result, as an HTTP trigger does. Without a statusCode, the whole result is taken
 * for a JSON body.
 * @param platformHeaders go before the function's own
 * @throws when the result has a statusCode and is no HTTP response; then nothing is sent
 */
export function sendHttpResult(res: ServerResponse, body: Buffer, platformHeaders: Record<string, string>): void {
  const result = parseJson(body.toString())
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    send(res, 200, { 'content-type': 'application/json', ...platformHeaders }, body)
    return
  }
  const response = httpResponse.parse(result)
  const headers = Object.entries(response.headers).filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()))
  const bytes = Buffer.from(response.body, response.isBase64Encoded ? 'base64' : 'utf8')
  send(res, response.statusCode, { ...Object.fromEntries(headers), ...platformHeaders }, bytes)
}
