import { type Link, ok, wrong } from '../../shared/doctor/link'
import type { FoundBus } from '../provision/state'
import { PROVISION } from './steps'

export function judgeBus(name: string, found: FoundBus | undefined): Link {
  return found === undefined ? wrong('bus', `there is no ${name}`, PROVISION) : ok('bus', name)
}

/** A hosted source is a second door, which none of our checks guards. */
export function judgeSource(name: string, { sources }: FoundBus): Link {
  const source = sources.find(({ EventSourceName }) => EventSourceName === name)
  if (source === undefined) return wrong('source', `there is no ${name} on the bus`, PROVISION)
  const isHosted = source.SourceHttpEventParameters !== undefined
  return ok('source', isHosted ? `${name}, hosted: whoever has its own URL passes by the webhook’s checks` : name)
}
