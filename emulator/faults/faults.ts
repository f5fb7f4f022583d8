import { UserError } from '../../shared/userError'

/** What can happen to a PutEvents request, in the order in which a draw is compared; one at most happens to a request. */
export const REQUEST_FAULTS = ['throttle', 'error', 'reset', 'partial', 'hang'] as const
export type RequestFault = (typeof REQUEST_FAULTS)[number]

/** Faults on demand, so that an incident can be rehearsed: `npm start -- --fail throttle=20%,latency=300ms`. */
export interface Faults {
  /** shares of the requests, from 0 to 1; together no more than 1 */
  requests: Readonly<Record<RequestFault, number>>
  /** how much later a request is answered */
  latency: { minMs: number; maxMs: number }
  /** share of the deliveries, from 0 to 1 */
  deliverFail: number
}

const PERCENTAGES = [...REQUEST_FAULTS, 'deliver-fail']
const KINDS = [...PERCENTAGES, 'latency']
const MAX_LATENCY_MS = 10 * 60_000

/**
 * Reads faults from the command line: `throttle=20%,latency=100ms-2s,deliver-fail=0.5%`, each kind once.
 * @throws UserError that names the part that is wrong
 */
export function parseFaults(text: string): Faults {
  const values = new Map<string, string>()
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const [kind = '', value = '', ...more] = part.split('=').map((piece) => piece.trim())
    if (!KINDS.includes(kind) || more.length > 0) {
      const list = `${PERCENTAGES.map((name) => `${name}=5%`).join(', ')}, latency=300ms or latency=100ms-2s`
      throw new UserError(`--fail does not know "${part}". It takes, separated by commas: ${list}`)
    }
    if (values.has(kind)) throw new UserError(`--fail names ${kind} twice.`)
    values.set(kind, value)
  }

  const share = (kind: string) => parseShare(kind, values.get(kind) ?? '0%')
  const requests = {
    throttle: share('throttle'),
    error: share('error'),
    reset: share('reset'),
    partial: share('partial'),
    hang: share('hang'),
  }
  // a little more than 1 is what adding fractions of 2 makes of 100%
  if (REQUEST_FAULTS.reduce((sum, kind) => sum + requests[kind], 0) > 1 + 1e-9) {
    throw new UserError(`--fail: ${REQUEST_FAULTS.join(', ')} together may be 100%: one at most happens to a request.`)
  }
  return { requests, latency: parseLatency(values.get('latency') ?? '0ms'), deliverFail: share('deliver-fail') }
}

function parseShare(kind: string, value: string): number {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(value)?.[1]
  if (percent !== undefined && Number(percent) <= 100) return Number(percent) / 100
  throw new UserError(`--fail: "${kind}=${value}" must be a percentage from 0% to 100%, such as ${kind}=2.5%`)
}

function parseLatency(value: string): Faults['latency'] {
  const [, from, to] = /^([^-]+)(?:-([^-]+))?$/.exec(value) ?? []
  const minMs = milliseconds(from)
  const maxMs = to === undefined ? minMs : milliseconds(to)
  if (minMs <= maxMs && maxMs <= MAX_LATENCY_MS) return { minMs, maxMs }
  const rule = 'must be a time of up to 600s or a range of such, the shorter first'
  throw new UserError(`--fail: "latency=${value}" ${rule}: latency=300ms, latency=1.5s, latency=100ms-2s`)
}

/** NaN, which compares with nothing, when it is no time. */
function milliseconds(time: string | undefined): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s)$/.exec(time?.trim() ?? '') ?? []
  return Number(number) * (unit === 's' ? 1_000 : 1)
}
