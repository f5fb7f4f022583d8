import * as z from 'zod/mini'
import { readAddressBlock } from '../../shared/addressBlock'
import type { HttpParameters } from '../resources/definitions'
import type { Limits } from './limits'
import { readRequest } from './readRequest'
import { ApiError } from './refusal'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT']
const TYPES = ['HTTP', 'HTTPS', 'HTTP&HTTPS'] as const
const SECURITY_CONFIGS = ['none', 'ip', 'referer'] as const
const MAX_REFERER_LENGTH = 256

const list = z._default(z.array(z.string()), [])
const text = z._default(z.string(), '')
const schema = z.strictObject({ Type: text, Method: list, SecurityConfig: text, Ip: list, Referer: list })

/**
 * Reads SourceHttpEventParameters by the rules of the service, in the order of its open twin (HTTPEventSourceService).
 * @throws ApiError
 */
export function readHttpParameters(input: unknown, limits: Limits): HttpParameters {
  const { Type, Method, SecurityConfig, Ip, Referer } = readRequest(schema, input)
  const type = oneOf('Type', TYPES, Type)
  if (Method.length === 0) throw empty('Method')
  const method = Method.map((name) => oneOf('Method', METHODS, name))
  const securityConfig = oneOf('SecurityConfig', SECURITY_CONFIGS, SecurityConfig)
  checkList('Ip', Ip, 'ip', securityConfig, limits)
  for (const address of Ip) {
    if (readAddressBlock(address)?.family !== 4) throw invalid(`Illegal IP or network segment: ${address}`)
  }
  checkList('Referer', Referer, 'referer', securityConfig, limits)
  for (const referer of Referer) {
    if (referer.trim() === '') throw empty('Referer')
    if (referer.length > MAX_REFERER_LENGTH) throw invalid(`Parameter Referer too long. referer=${referer}`)
  }
  return { type, method, securityConfig, ip: Ip, referer: Referer }
}

/** In any case, as all names that samples of the SDKs spell in more than one way. */
function oneOf<T extends string>(parameter: string, allowed: readonly T[], value: string): T {
  if (value.trim() === '') throw empty(parameter)
  const found = allowed.find((other) => other.toLowerCase() === value.toLowerCase())
  if (found === undefined) throw invalid(`Parameter name is ${parameter} and value is ${value}`)
  return found
}

/** A list is for its own SecurityConfig, and must be there then. */
function checkList(
  parameter: string,
  items: string[],
  owner: string,
  securityConfig: string,
  { httpSourceList }: Limits,
): void {
  const isOwn = securityConfig === owner
  if (isOwn === items.length > 0) {
    if (items.length <= httpSourceList) return
    const message = `Exceed http source parameters count limit. Limit count is ${httpSourceList}, and the value of ${parameter} is ${items.length}`
    throw new ApiError(409, 'ExceedHttpSourceParametersCount', message)
  }
  throw invalid(`Parameter ${parameter} should ${isOwn ? 'not ' : ''}be empty when SecurityConfig is ${securityConfig}`)
}

function empty(parameter: string): ApiError {
  const message = `The parameters of http source is empty or contains empty value. Invalid parameter name=${parameter}`
  return new ApiError(409, 'HttpSourceParametersEmpty', message)
}

function invalid(reason: string): ApiError {
  return new ApiError(409, 'HttpSourceParametersInvalid', `The parameters of http source is invalid. ${reason}`)
}
