import * as z from 'zod/mini'
import { parseJson } from '../parseJson'
import type { FcHttpEvent } from './types'

const absent = <T>(schema: z.ZodMiniType<T>, value: T) =>
  z.pipe(
    z.nullish(schema),
    z.transform((given) => given ?? value),
  )
const text = absent(z.string(), '')
/** Function Compute joins repeated values itself; not every local runtime does. */
const joined = z.pipe(
  z.union([z.string(), z.array(z.string())]),
  z.transform((value) => [value].flat().join(',')),
)
const texts = absent(z.record(z.string(), joined), {})

/** Asks only for what no answer can be made without: local runtimes leave much of the rest out. */
const httpEvent = z.object({
  version: z.literal('v1'),
  rawPath: z.string(),
  body: text,
  isBase64Encoded: absent(z.boolean(), false),
  headers: texts,
  queryParameters: texts,
  requestContext: z.object({
    accountId: text,
    domainName: text,
    domainPrefix: text,
    requestId: text,
    time: text,
    timeEpoch: text,
    http: z.object({
      method: z.string().check(z.minLength(1)),
      path: text,
      protocol: text,
      sourceIp: text,
      userAgent: text,
    }),
  }),
})

/**
 * Reads the bytes that an HTTP trigger hands to a function; absent headers and queryParameters are `{}`.
 * Undefined when they are anything else, as when the function is invoked without its trigger.
 */
export function parseHttpEvent(bytes: Buffer): FcHttpEvent | undefined {
  return httpEvent.safeParse(parseJson(bytes.toString())).data
}
