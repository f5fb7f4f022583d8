import { createHash } from 'node:crypto'
import type { Clock } from '../../shared/clock'
import { isObject, parseJson } from '../../shared/json'
import { type Buses, toAcceptedEvent } from '../resources/compiledBuses'
import type { Store } from '../store/store'
import type { ScheduledSource } from './scheduler'

interface PublishOptions {
  store: Pick<Store, 'accept' | 'traces'>
  buses: Buses
  clock: Clock
  accountId: string
  region: string
}

/** What a scheduled event source does at a moment; what is there already it has done before the clock was set back. */
export function publishScheduled({ store, buses, clock, accountId, region }: PublishOptions) {
  return async (source: ScheduledSource, tick: number): Promise<void> => {
    const bus = buses.get(source.bus)
    const event = scheduledEvent(source, tick, { accountId, region, now: clock.now() })
    if (bus === undefined || store.traces.findById({ bus: bus.name, source: source.name, id: event.id }).length > 0)
      return
    await store.accept([toAcceptedEvent(bus, JSON.stringify(event), clock.now())])
  }
}

interface Place {
  accountId: string
  region: string
  /** when it is published */
  now: number
}

/** What a scheduled event source publishes at a moment, as the service's page shows it; its id is of the moment, so that it is never there twice. */
function scheduledEvent(source: ScheduledSource, tick: number, { accountId, region, now }: Place) {
  const { schedule, timeZone, userData } = source.scheduled
  return {
    datacontenttype: 'application/json;charset=utf-8',
    aliyunaccountid: accountId,
    aliyunpublishtime: new Date(now).toISOString(),
    data: {
      TimeZone: timeZone || 'GMT+0:00',
      Schedule: schedule,
      ...(userData !== undefined && { UserData: objectOr(userData) }),
    },
    specversion: '1.0',
    aliyuneventbusname: source.bus,
    id: idOf(source, tick),
    source: source.name,
    time: new Date(tick).toISOString().replace('.000Z', 'Z'),
    aliyunregionid: region,
    type: 'eventbridge:Events:ScheduledEvent',
  }
}

/** The old API's model has an object, the new one JSON text: what an event has is not documented; in an object rules can look. */
function objectOr(text: string): unknown {
  const value = parseJson(text)
  return isObject(value) ? value : text
}

/** A UUID and four digits more. */
function idOf({ bus, name }: ScheduledSource, tick: number): string {
  const hex = createHash('sha256').update(`${bus}/${name}/${tick}`).digest('hex')
  const [, a, b, c, d, e, more] = /^(.{8})(.{4})(.{3})(.{3})(.{12})(.{4})/.exec(hex) ?? []
  return `${a}-${b}-4${c}-a${d}-${e}-${more}`
}
