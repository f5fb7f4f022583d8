import type { IncomingMessage } from 'node:http'
import { depthOf, isLosslessObject, MAX_DEPTH, parseLossless, stringifyLossless } from '../../shared/json'
import { readBody } from '../../shared/readBody'
import { ApiError, brokeOff } from '../api/refusal'
import type { SignedRequest } from './acs3'

/** A request as it came, and what is read of it. */
export interface PopRequest extends SignedRequest {
  /** of the query, and then of the body when that is a form, decoded: what RPC's signature is over */
  parameters: [string, string][]
  /** the last value of each; the documents say which is in the query and which in the body, and clients do as they like */
  values: Map<string, string>
  action: string
  version: string
}

/**
 * Reads a request. Business parameters, and RPC's own, are read of the query and of a form in the body alike; the operation
 * is a parameter, or a header.
 * @throws ApiError when the body is too long, or nested too deep
 */
export async function readPopRequest(req: IncomingMessage, maxBytes: number): Promise<PopRequest> {
  const body = await readBody(req, maxBytes).catch(brokeOff)
  if (body === undefined) {
    throw new ApiError(413, 'RequestEntityTooLarge', `The body is over the limit of ${maxBytes} bytes.`)
  }
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://localhost')
  const { headers, method = '' } = req
  const type = headers['content-type']?.toLowerCase() ?? ''
  const form = type.startsWith('application/x-www-form-urlencoded') ? [...new URLSearchParams(body.toString())] : []
  const query = [...searchParams]
  const parameters = [...query, ...form]
  const values = new Map([...parameters, ...(type.startsWith('application/json') ? fieldsOf(body) : [])])
  return {
    ...{ method, path: pathname, query, headers, body, parameters, values },
    action: values.get('Action') ?? textOf(headers['x-acs-action']),
    version: values.get('Version') ?? textOf(headers['x-acs-version']),
  }
}

/**
 * The generic call of the newer SDKs can send a JSON body. No operation of EventBridge is defined with one, and whether the
 * gateway takes it is not known; ACS3's signature covers it, RPC's does not. Numbers of an event keep their digits.
 */
function fieldsOf(body: Buffer): [string, string][] {
  const json = body.toString()
  if (depthOf(json) > MAX_DEPTH) throw new ApiError(400, 'InvalidParameter', 'The body is nested too deep.')
  return Object.entries(parseObject(json)).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : stringifyLossless(value),
  ])
}

/** None of what is no JSON object. */
function parseObject(json: string): Record<string, unknown> {
  try {
    const value = parseLossless(json)
    return isLosslessObject(value) ? value : {}
  } catch {
    return {}
  }
}

function textOf(header: string | string[] | undefined): string {
  return String(header ?? '')
}
