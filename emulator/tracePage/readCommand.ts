import type { IncomingMessage } from 'node:http'
import type * as z from 'zod/mini'
import { readBody } from '../../shared/readBody'
import { Refusal } from './refusal'

const MAX_BYTES = 1024 * 1024

/**
 * Reads a command of the page. Another page in the same browser cannot set the header without asking first, and is not
 * answered then; and its Origin, which every browser sends with a POST, is not ours.
 * @throws Refusal
 */
export async function readCommand<T>(req: IncomingMessage, schema: z.ZodMiniType<T>): Promise<T> {
  const { host = '', origin } = req.headers
  if (req.headers['x-trace-page'] !== '1' || (origin !== undefined && origin !== `http://${host}`)) {
    throw new Refusal(403, 'Forbidden', 'Commands are taken from the trace page only.')
  }
  const body = await readBody(req, MAX_BYTES).catch(() => {
    throw new Refusal(400, 'Gone', 'The command broke off.')
  })
  if (body === undefined) throw new Refusal(413, 'TooLarge', `A command has ${MAX_BYTES} bytes at most.`)
  const parsed = schema.safeParse(parseJson(body))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
  throw new Refusal(400, 'InvalidCommand', faults.join('; '))
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new Refusal(400, 'InvalidCommand', 'The body must be JSON.')
  }
}
