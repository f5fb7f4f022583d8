import type { IncomingMessage } from 'node:http'
import type * as z from 'zod/mini'
import { parseJson } from '../../shared/parseJson'
import { readBody } from '../../shared/readBody'
import { ApiError } from '../api/apiError'
import { parseInput } from '../parseInput'

const MAX_BYTES = 1024 * 1024

/**
 * Reads a command of the page. Another page in the same browser cannot set the header without asking first, and is not
 * answered then; and its Origin, which every browser sends with a POST, is not ours.
 * @throws ApiError
 */
export async function readCommand<T>(req: IncomingMessage, schema: z.ZodMiniType<T>): Promise<T> {
  const { host = '', origin } = req.headers
  if (req.headers['x-trace-page'] !== '1' || (origin !== undefined && origin !== `http://${host}`)) {
    throw new ApiError(403, 'Forbidden', 'Commands are taken from the trace page only.')
  }
  const body = await readBody(req, MAX_BYTES).catch(() => {
    throw new ApiError(400, 'Gone', 'The command broke off.')
  })
  if (body === undefined) throw new ApiError(413, 'TooLarge', `A command has ${MAX_BYTES} bytes at most.`)
  const command = parseJson(body.toString('utf8'))
  if (command === undefined) throw new ApiError(400, 'InvalidCommand', 'The body must be JSON.')
  const parsed = parseInput(schema, command)
  if ('data' in parsed) return parsed.data
  throw new ApiError(400, 'InvalidCommand', parsed.faults.join('; '))
}
