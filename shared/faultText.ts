import { UserError } from './userError'

/** Faults as somebody asked for them: how often each kind happens, and how much later answers come. */
export interface FaultText<Kind extends string> {
  /** from 0 to 1 */
  shares: Readonly<Record<Kind, number>>
  latency: Latency
}

export interface Latency {
  minMs: number
  maxMs: number
}

const MAX_LATENCY_MS = 10 * 60_000

/**
 * Reads faults on demand: `throttle=20%,latency=100ms-2s,deliver-fail=0.5%`, each kind once.
 * @param option where they were written, for errors: `--fail`
 * @param kinds those that are percentages; latency is beside them
 * @param exclusive of which one at most happens at a time
 * @throws UserError that names the part that is wrong
 */
export function parseFaultText<Kind extends string>(
  option: string,
  text: string,
  kinds: readonly Kind[],
  exclusive: readonly Kind[],
): FaultText<Kind> {
  const values = new Map<string, string>()
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const [kind = '', value = '', ...more] = part.split('=').map((piece) => piece.trim())
    if (![...kinds, 'latency'].includes(kind) || more.length > 0) {
      const list = `${kinds.map((name) => `${name}=5%`).join(', ')}, latency=300ms or latency=100ms-2s`
      throw new UserError(`${option} does not know "${part}". It takes, separated by commas: ${list}`)
    }
    if (values.has(kind)) throw new UserError(`${option} names ${kind} twice.`)
    values.set(kind, value)
  }

  const shares = {} as Record<Kind, number>
  for (const kind of kinds) shares[kind] = parseShare(option, kind, values.get(kind) ?? '0%')
  // a little more than 1 is what adding fractions of 2 makes of 100%
  if (exclusive.reduce((sum, kind) => sum + shares[kind], 0) > 1 + 1e-9) {
    throw new UserError(`${option}: ${exclusive.join(', ')} together may be 100%: one at most happens to a request.`)
  }
  return { shares, latency: parseLatency(option, values.get('latency') ?? '0ms') }
}

function parseShare(option: string, kind: string, value: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(value)?.[1])
  if (percent <= 100) return percent / 100
  throw new UserError(`${option}: "${kind}=${value}" must be a percentage from 0% to 100%, such as ${kind}=2.5%`)
}

function parseLatency(option: string, value: string): Latency {
  const [, from, to] = /^([^-]+)(?:-([^-]+))?$/.exec(value) ?? []
  const minMs = milliseconds(from)
  const maxMs = to === undefined ? minMs : milliseconds(to)
  if (minMs <= maxMs && maxMs <= MAX_LATENCY_MS) return { minMs, maxMs }
  const rule = 'must be a time of up to 600s or a range of such, the shorter first'
  throw new UserError(`${option}: "latency=${value}" ${rule}: latency=300ms, latency=1.5s, latency=100ms-2s`)
}

/** NaN, which compares with nothing, when it is no time. */
function milliseconds(time: string | undefined): number {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s)\s*$/.exec(time ?? '') ?? []
  return Number(number) * (unit === 's' ? 1_000 : 1)
}

/**
 * The fault that a drawn number stands for, if any.
 * @param number in [0, 1)
 */
export function drawFault<Kind extends string>(
  kinds: readonly Kind[],
  shares: Readonly<Record<Kind, number>>,
  number: number,
): Kind | undefined {
  let upTo = 0
  return kinds.find((kind) => {
    upTo += shares[kind]
    return number < upTo
  })
}

/** How many milliseconds later an answer comes. */
export function drawLatency({ minMs, maxMs }: Latency, random: () => number): number {
  return minMs === maxMs ? minMs : minMs + random() * (maxMs - minMs)
}
