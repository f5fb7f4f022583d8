import type * as z from 'zod/mini'
import { UserError } from '../../shared/userError'

/** @throws UserError when EventBridge answers something else than its documents say */
export function understand<T>(operation: string, schema: z.ZodMiniType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new UserError(`EventBridge's answer to ${operation} is not understood. ${faults.join('; ')}`)
}
