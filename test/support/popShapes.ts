import shapes from '../fixtures/pop-shapes.json'

/** Of every operation that the API's definition has. */
export const operationNames: readonly string[] = shapes.names

const responses = shapes.responses as Record<string, unknown>

/** Where an answer is not as the API's definition has it, by path: a wrong type, or a field that it does not know. */
export function misfits(operation: string, answer: unknown): string[] {
  const shape = responses[operation]
  return shape === undefined ? [] : compare(shape, answer, '')
}

/** The definition lacks these, and terraform reads them. */
const READ_BY_TERRAFORM = /^\.Data\.EventSourceList\.\d+\.(Description|ExternalSourceConfig)$/

function compare(shape: unknown, value: unknown, path: string): string[] {
  if (READ_BY_TERRAFORM.test(path) || shape === 'any' || value === undefined) return []
  if (shape === undefined) return [`${path} is unknown`]
  if (typeof shape === 'string') {
    const type = /^(int32|int|long|float|double)$/.test(shape) ? 'number' : shape
    return typeof value === type ? [] : [`${path} is no ${shape}`]
  }
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${path} is no list`]
    return value.flatMap((item, at) => compare(shape[0], item, `${path}.${at}`))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no object`]
  const fields = shape as Record<string, unknown>
  if ('$map' in fields)
    return Object.entries(value).flatMap(([name, item]) => compare(fields['$map'], item, `${path}.${name}`))
  return Object.entries(value).flatMap(([name, item]) => compare(fields[name], item, `${path}.${name}`))
}
