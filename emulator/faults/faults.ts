import { type Latency, parseFaultText } from '../../shared/faultText'

/** What can happen to a PutEvents request, in the order in which a draw is compared; one at most happens to a request. */
export const REQUEST_FAULTS = ['throttle', 'error', 'reset', 'partial', 'hang'] as const
export type RequestFault = (typeof REQUEST_FAULTS)[number]

/** Faults on demand, so that an incident can be rehearsed: `npm start -- --fail throttle=20%,latency=300ms`. */
export interface Faults {
  /** shares of the requests, from 0 to 1; together no more than 1 */
  requests: Readonly<Record<RequestFault, number>>
  /** how much later a request is answered */
  latency: Latency
  /** share of the deliveries, from 0 to 1 */
  deliverFail: number
}

/**
 * Reads faults from the command line: `throttle=20%,latency=100ms-2s,deliver-fail=0.5%`, each kind once.
 * @throws UserError that names the part that is wrong
 */
export function parseFaults(text: string): Faults {
  const { shares, latency } = parseFaultText('--fail', text, [...REQUEST_FAULTS, 'deliver-fail'], REQUEST_FAULTS)
  const { 'deliver-fail': deliverFail, ...requests } = shares
  return { requests, latency, deliverFail }
}
