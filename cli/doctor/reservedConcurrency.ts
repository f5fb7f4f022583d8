import { parse } from 'yaml'
import * as z from 'zod/mini'

const schema = z.object({
  resources: z.record(
    z.string(),
    z.object({
      props: z.object({
        functionName: z.string(),
        concurrencyConfig: z.optional(z.object({ reservedConcurrency: z.number() })),
      }),
    }),
  ),
})

/** How many instances each function of s.yaml may have at once, by its name. */
export function readReservedConcurrency(serverlessFile: string): Map<string, number> {
  const { resources } = schema.parse(parse(serverlessFile))
  const limits = new Map<string, number>()
  for (const { props } of Object.values(resources)) {
    if (props.concurrencyConfig) limits.set(props.functionName, props.concurrencyConfig.reservedConcurrency)
  }
  return limits
}
