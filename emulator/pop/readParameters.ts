import { depthOf, isObject, MAX_DEPTH, parseLossless } from '../../shared/json'
import { ApiError } from '../api/refusal'

/** How a parameter is written: as its text, or as one JSON text; of an event's JSON the numbers keep their digits. */
type Kind = 'text' | 'number' | 'json' | 'lossless'

export interface Parameter {
  name: string
  kind: Kind
  isRequired: boolean
}

/** What an operation takes, from a line such as `EventBusName* Limit:number Targets:json`; a star is for what it must have. */
export function parseParameters(line: string): Parameter[] {
  return line
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const [, name = '', star, kind] = /^(\w+)(\*?)(?::(\w+))?$/.exec(word) ?? []
      return { name, isRequired: star === '*', kind: (kind ?? 'text') as Kind }
    })
}

/**
 * Reads an operation's parameters of what was sent. What it does not know is left aside, as RegionId and ClientToken are.
 * @throws ApiError with the gateway's codes, Missing… and Invalid…
 */
export function readParameters(
  parameters: readonly Parameter[],
  values: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const request: Record<string, unknown> = {}
  for (const parameter of parameters) {
    const { name, isRequired } = parameter
    const value = read(parameter, values)
    if (value !== undefined) request[name] = value
    if (isRequired && (value === undefined || value === '')) {
      throw new ApiError(400, `Missing${name}`, `${name} is mandatory for this action.`)
    }
  }
  return request
}

function read({ name, kind }: Parameter, values: ReadonlyMap<string, string>): unknown {
  const text = values.get(name)
  if (kind === 'json') return readStructured(name, text, values, JSON.parse)
  if (kind === 'lossless') return readStructured(name, text, values, parseLossless)
  if (kind === 'text') return text
  if (text === undefined || text === '') return undefined
  if (kind === 'number' && /^-?\d{1,16}$/.test(text)) return Number(text)
  throw invalid(name)
}

/**
 * One JSON text, as clients of today send it, or flattened, `Targets.1.ParamList.1.Form`, as older ones do. What has nothing in
 * it is absent, since terraform sends `{}` for each kind of source that it does not use; an empty list is one.
 */
function readStructured(
  name: string,
  text: string | undefined,
  values: ReadonlyMap<string, string>,
  parser: (json: string) => unknown,
): unknown {
  const value = text === undefined || text.trim() === '' ? readFlattened(name, values) : parse(name, text, parser)
  return Array.isArray(value) || !isEmpty(value) ? value : undefined
}

function parse(name: string, text: string, parser: (json: string) => unknown): unknown {
  if (depthOf(text) > MAX_DEPTH) throw invalid(name)
  try {
    return parser(text)
  } catch {
    throw invalid(name)
  }
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.every(isEmpty)
  return isObject(value) && Object.values(value).every(isEmpty)
}

/** A member by its name, an item by its place from 1 on; an empty text is one that was left out. */
type Branch = Map<string, Branch | string>

function readFlattened(name: string, values: ReadonlyMap<string, string>): unknown {
  const root: Branch = new Map()
  for (const [key, text] of values) {
    if (!key.startsWith(`${name}.`) || text === '') continue
    const path = key.slice(name.length + 1).split('.')
    if (path.length > MAX_DEPTH) throw invalid(name)
    put(root, path, text)
  }
  return root.size === 0 ? undefined : grown(root)
}

function put(root: Branch, path: readonly string[], text: string): void {
  let branch = root
  for (const step of path.slice(0, -1)) {
    const below = branch.get(step)
    const next: Branch = below instanceof Map ? below : new Map()
    branch.set(step, next)
    branch = next
  }
  branch.set(path.at(-1) ?? '', text)
}

function grown(branch: Branch | string): unknown {
  if (typeof branch === 'string') return branch
  const entries = [...branch].map(([step, below]) => [step, grown(below)] as const)
  if (!entries.every(([step]) => /^[1-9]\d*$/.test(step))) return Object.fromEntries(entries)
  return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item)
}

function invalid(name: string): ApiError {
  return new ApiError(400, `Invalid${name}`, `Specified parameter ${name} is not valid.`)
}
