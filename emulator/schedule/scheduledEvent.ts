import { createHash } from 'node:crypto'
import { isObject, parseJson } from '../../shared/json'
import type { ScheduledSource } from './scheduler'

interface Place {
  accountId: string
  region: string
  /** when it is published */
  now: number
}

/** What a scheduled event source publishes at a moment, as the service's page shows it; its id is of the moment, so that it is never there twice. */
export function scheduledEvent(source: ScheduledSource, tick: number, { accountId, region, now }: Place) {
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
